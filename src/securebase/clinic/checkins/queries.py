"""Check-ins by who may see them, and the one that waits or comes next."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.checkins.models import CheckIn, Rhythm
from securebase.clinic.checkins.rhythm import next_occurrence
from securebase.people.access.words import Category, Thing
from securebase.people.accounts.models import User

WHEN = Thing(Category.SCHEDULE)
"""When a check-in is due, and whether it came; what was answered is a measure."""


def checkins_visible_to(user: User, *, at: datetime) -> QuerySet[CheckIn]:
    """Return the check-ins of everybody whose dates this person may see."""
    return CheckIn.objects.filter(patient__in=patients_open_to(user, WHEN, at=at))


def rhythms_visible_to(user: User, *, at: datetime) -> QuerySet[Rhythm]:
    """Return the rhythms of everybody whose dates this person may see."""
    return Rhythm.objects.filter(patient__in=patients_open_to(user, WHEN, at=at))


def open_at(at: datetime) -> Q:
    """Return the condition that a check-in may be answered at that moment."""
    return Q(state=CheckIn.State.OPEN, due_at__lte=at, closes_at__gt=at)


def open_checkin(patient: Patient, *, at: datetime) -> CheckIn | None:
    """Return the check-in that waits for the patient now; the latest if there are more."""
    return (
        CheckIn.objects.filter(open_at(at), patient=patient)
        .select_related("patient", "draft")
        .order_by("-due_at")
        .first()
    )


def current_rhythm(patient: Patient) -> Rhythm | None:
    """Return the rhythm agreed with the patient; None while there is none."""
    return Rhythm.objects.filter(patient=patient, ends_on__isnull=True).first()


def next_checkin(patient: Patient, *, at: datetime) -> datetime | None:
    """Return when the next check-in of the patient comes; None while none is agreed."""
    coming = [
        next_occurrence(rhythm, after=at)
        for rhythm in Rhythm.objects.filter(patient=patient).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=at.date())
        )
    ]
    return min((moment for moment in coming if moment is not None), default=None)
