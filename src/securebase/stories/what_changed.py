"""What others changed in a record since its person was last here, from the trail.

Only what the person can see and may want to know at once; the whole list of who has seen
or done what is a page of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import is_own_record
from securebase.people.accounts.models import User, Visit
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb

TOLD = (
    Verb.MESSAGE_ANSWER,
    Verb.CONCERN_ANSWER,
    Verb.SESSION_PLAN,
    Verb.CHECKIN_PLAN,
    Verb.CARE_READING,
    Verb.SAFETY_WRITE,
    Verb.BRIDGE_WRITE,
    Verb.MESSAGE_READ,
)
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of change, and when it was last made."""

    verb: Verb
    at: datetime


def last_here(*, user: User, before: datetime) -> datetime | None:
    """Return when this person was last seen in an earlier visit; None on the first."""
    earlier = Visit.objects.filter(account=user, began_at__lt=before)
    seen: datetime | None = earlier.aggregate(seen=Max("seen_at"))["seen"]
    return seen


def what_changed(*, patient: Patient, since: datetime, by: User) -> list[Changed]:
    """Return what others changed since a moment, each kind once, the weightiest first."""
    if not is_own_record(by, patient):
        raise PermissionDenied("Only the person whose record this is is told here.")
    rows = (
        AuditEvent.objects.filter(
            patient=patient.pk, at__gt=since, verb__in=[verb.value for verb in TOLD]
        )
        .exclude(actor=by.pk)
        .order_by()
        .values_list("verb")
        .annotate(last=Max("at"))
    )
    return _in_order(dict(rows), TOLD)


def _in_order(found: dict[str, datetime], order: Collection[Verb]) -> list[Changed]:
    return [Changed(verb, found[verb.value]) for verb in order if verb.value in found]
