"""Episodes, trajectories and signals by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.episodes.models import Episode, Signal
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User

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
