"""Episodes, trajectories and signals by who may see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.science.words import Kind as Reason

PROMPT = Thing(Category.MEASURE, kind=Kind.PROMPT)
SPAN = Thing(Category.PLAN, released=True)
"""That care goes on, and its phase, is no secret from the patient."""


def signals_visible_to(user: User, *, at: datetime) -> QuerySet[Signal]:
    """Return the signals of people in this clinician's care.

    A signal is a prompt for the clinician to ask; it is never shown to the person whom
    it is about, and to nobody else.
    """
    return Signal.objects.filter(patient__in=patients_open_to(user, PROMPT, at=at))


def episodes_visible_to(user: User, *, at: datetime) -> QuerySet[Episode]:
    """Return the episodes in every record this person may open."""
    return Episode.objects.filter(patient__in=patients_open_to(user, SPAN, at=at))


def open_episode_of(patient: Patient) -> Episode | None:
    """Return the span of care that is open with the patient, if there is one."""
    return Episode.objects.filter(patient=patient, closed_at__isnull=True).first()


def strains_told_of(*, at: datetime) -> list[tuple[UUID, datetime, int]]:
    """Return the patient of each signal of strain that waits, when, and sessions held since.

    Left out are signals that a clinician closed, and those after which a repair was found
    or noted. The oldest come first. Asked by the clock for the whole practice, in one
    query.
    """
    held_since = Q(
        patient__sessions__state=TherapySession.State.HELD,
        patient__sessions__starts_at__gt=F("raised_at"),
        patient__sessions__starts_at__lte=at,
    )
    mended = Signal.objects.filter(
        patient=OuterRef("patient"),
        kind=Reason.REPAIR.value,
        raised_at__gt=OuterRef("raised_at"),
    )
    repaired = Rupture.objects.filter(
        patient=OuterRef("patient"), repaired_at__gt=OuterRef("raised_at")
    )
    waiting = (
        Signal.objects.filter(
            kind=Reason.RUPTURE.value, raised_at__lte=at, episode__closed_at__isnull=True
        )
        .exclude(state=Signal.State.CLOSED)
        .filter(~Exists(mended), ~Exists(repaired))
        .annotate(held=Count("patient__sessions", filter=held_since))
        .order_by("raised_at", "pk")
    )
    return list(waiting.values_list("patient_id", "raised_at", "held"))
