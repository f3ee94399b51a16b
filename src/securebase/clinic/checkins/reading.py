"""Reading what a patient sent: that it was read, and when for the first time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.checkins.models import CheckIn
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


@transaction.atomic
def note_checkin_read(*, checkin: CheckIn, by: User, at: datetime) -> CheckIn:
    """Note that somebody who treats the patient opened a check-in; the first time stays."""
    check_can_treat(by, checkin.patient, at=at)
    trail.record(Verb.CHECKIN_READ, by=by, at=at, patient=checkin.patient_id, about=checkin)
    sent = CheckIn.objects.filter(pk=checkin.pk, submitted_at__isnull=False)
    sent.filter(read_at=None).update(read_at=at)
    checkin.refresh_from_db(fields=["read_at"])
    return checkin
