"""A patient stops sharing: one consent, or everything with one person, at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import withdraw
from securebase.clinic.consent.models import Entry
from securebase.clinic.consent.policies import check_can_record
from securebase.people.accounts.models import User


@transaction.atomic
def revoke_everything(
    *,
    patient: Patient,
    recipient: User,
    by: User,
    at: datetime,
    method: str = Entry.Method.APP,
) -> list[Entry]:
    """Withdraw every consent with one partner that is not over, also those still to begin."""
    check_can_record(by, patient, method, at=at)
    standing = Entry.objects.filter(
        act=Entry.Act.GRANT,
        patient=patient,
        recipient=recipient,
        until__gt=at,
        withdrawal__isnull=True,
    )
    return [withdraw(consent=one, by=by, at=at, method=method) for one in standing]
