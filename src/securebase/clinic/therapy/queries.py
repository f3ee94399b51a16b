"""Sessions and ruptures by who may see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User

WHEN = Thing(Category.SCHEDULE)
STRAIN = Thing(Category.PROGRESS, kind=Kind.PROMPT, signed=True)
"""A strain is noted once and never edited: it stands like a signed note."""


def sessions_visible_to(user: User, *, at: datetime) -> QuerySet[TherapySession]:
    """Return the sessions in every record this person may open, their own included."""
    return TherapySession.objects.filter(patient__in=patients_open_to(user, WHEN, at=at))


def ruptures_visible_to(user: User, *, at: datetime) -> QuerySet[Rupture]:
    """Return the ruptures noted with people in this clinician's care; for nobody else."""
    return Rupture.objects.filter(patient__in=patients_open_to(user, STRAIN, at=at))


def strains_waiting(*, at: datetime) -> list[tuple[UUID, datetime, int]]:
    """Return the patient of each open strain, when it was noted, and sessions held since.

    The longest open come first. Asked by the clock for the whole practice, in one query.
    """
    held_since = Q(
        patient__sessions__state=TherapySession.State.HELD,
        patient__sessions__starts_at__gt=F("noticed_at"),
        patient__sessions__starts_at__lte=at,
    )
    waiting = (
        Rupture.objects.filter(repaired_at__isnull=True, noticed_at__lte=at)
        .annotate(held=Count("patient__sessions", filter=held_since))
        .order_by("noticed_at", "pk")
    )
    return list(waiting.values_list("patient_id", "noticed_at", "held"))


def times_held(patient: UUID, *, until: datetime) -> list[datetime]:
    """Return when sessions with the patient were held, in order."""
    held = TherapySession.objects.filter(
        patient=patient, state=TherapySession.State.HELD, starts_at__lte=until
    )
    return list(held.order_by("starts_at").values_list("starts_at", flat=True))
