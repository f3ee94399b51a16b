"""Sessions and ruptures by who may see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from securebase.clinic.care.queries import patients_treated_by, patients_visible_to
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.models import User


def sessions_visible_to(user: User, *, at: datetime) -> QuerySet[TherapySession]:
    """Return the sessions in every record this person may open, their own included."""
    return TherapySession.objects.filter(patient__in=patients_visible_to(user, at=at))


def ruptures_visible_to(user: User, *, at: datetime) -> QuerySet[Rupture]:
    """Return the ruptures noted with people in this clinician's care; for nobody else."""
    return Rupture.objects.filter(patient__in=patients_treated_by(user, at=at))


def times_held(patient: UUID, *, until: datetime) -> list[datetime]:
    """Return when sessions with the patient were held, in order."""
    held = TherapySession.objects.filter(
        patient=patient, state=TherapySession.State.HELD, starts_at__lte=until
    )
    return list(held.order_by("starts_at").values_list("starts_at", flat=True))
