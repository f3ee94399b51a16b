"""Suggestions by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.guidance.models import Suggestion
from securebase.people.accounts.models import User


def suggestions_visible_to(user: User, *, at: datetime) -> QuerySet[Suggestion]:
    """Return the suggestions made for people in this clinician's care; for nobody else."""
    return Suggestion.objects.filter(patient__in=patients_treated_by(user, at=at))
