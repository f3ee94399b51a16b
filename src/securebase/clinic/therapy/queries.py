"""Sessions and ruptures by who may see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.therapy.models import AgreedInterval, Rupture, TherapySession
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


def strains_told_to(patient: Patient) -> QuerySet[Rupture]:
    """Return the strains a patient knows of: raised by them, or spoken of together."""
    known = Q(source=Rupture.Source.PATIENT) | Q(spoken_at__isnull=False)
    return Rupture.objects.filter(known, patient=patient)


def strains_unanswered(patients: QuerySet[Patient]) -> QuerySet[Rupture]:
    """Return the open strains these people raised and did not speak of yet."""
    raised = Rupture.objects.filter(source=Rupture.Source.PATIENT, patient__in=patients)
    return raised.filter(repaired_at__isnull=True, spoken_at__isnull=True)


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


def sessions_over(patient: UUID, *, until: datetime) -> list[TherapySession]:
    """Return the sessions with the patient that were held or missed, in order."""
    over = (TherapySession.State.HELD, TherapySession.State.MISSED)
    return list(
        TherapySession.objects.filter(
            patient=patient, state__in=over, starts_at__lte=until
        ).order_by("starts_at", "pk")
    )


def interval_agreed(patient: Patient) -> AgreedInterval | None:
    """Return the newest agreement on the days between sessions, if there is one."""
    return AgreedInterval.objects.filter(patient=patient).first()


def last_held_of_agreed(*, at: datetime) -> list[tuple[UUID, datetime, int]]:
    """Return, for each patient with an agreed interval, the last session held and the days.

    Asked by the clock for the whole practice, in one query.
    """
    newest = AgreedInterval.objects.filter(patient=OuterRef("pk"), agreed_at__lte=at)
    held = TherapySession.objects.filter(
        patient=OuterRef("pk"), state=TherapySession.State.HELD, starts_at__lte=at
    ).order_by("-starts_at")
    agreed = (
        Patient.objects.filter(intervals__isnull=False)
        .annotate(
            days=Subquery(newest.values("days")[:1]),
            last=Subquery(held.values("starts_at")[:1]),
        )
        .filter(last__isnull=False, days__isnull=False)
        .order_by("pk")
        .distinct()
    )
    return list(agreed.values_list("pk", "last", "days"))


def strains_open(patient: UUID, *, since: datetime) -> list[Rupture]:
    """Return the strains with a patient that were noted since a moment and are open."""
    return list(
        Rupture.objects.filter(
            patient=patient, repaired_at__isnull=True, noticed_at__gte=since
        ).order_by("noticed_at", "pk")
    )
