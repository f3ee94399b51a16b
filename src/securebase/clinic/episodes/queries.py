"""Episodes, trajectories and signals by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by, patients_visible_to
from securebase.clinic.episodes.models import Episode, Signal
from securebase.people.accounts.models import User


def signals_visible_to(user: User, *, at: datetime) -> QuerySet[Signal]:
    """Return the signals of people in this clinician's care.

    A signal is a prompt for the clinician to ask; it is never shown to the person whom
    it is about, and to nobody else.
    """
    return Signal.objects.filter(patient__in=patients_treated_by(user, at=at))


def episodes_visible_to(user: User, *, at: datetime) -> QuerySet[Episode]:
    """Return the episodes in every record this person may open."""
    return Episode.objects.filter(patient__in=patients_visible_to(user, at=at))


def open_episode_of(patient: Patient) -> Episode | None:
    """Return the span of care that is open with the patient, if there is one."""
    return Episode.objects.filter(patient=patient, closed_at__isnull=True).first()
