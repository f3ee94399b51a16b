"""Suggestions by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.guidance.models import Suggestion
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User

OFFER = Thing(Category.PLAN, kind=Kind.PROMPT)


def suggestions_visible_to(user: User, *, at: datetime) -> QuerySet[Suggestion]:
    """Return the suggestions made for people in this clinician's care; for nobody else."""
    return Suggestion.objects.filter(patient__in=patients_open_to(user, OFFER, at=at))
