"""Safety plans by who may see them, and the version that holds."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.safety.models import SafetyPlan
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User

PLAN = Thing(Category.PLAN, kind=Kind.SAFETY_PLAN, released=True)
"""A safety plan is always the patient's to see."""


def plans_visible_to(user: User, *, at: datetime) -> QuerySet[SafetyPlan]:
    """Return every version of the plans this person may see, their own included."""
    return SafetyPlan.objects.filter(patient__in=patients_open_to(user, PLAN, at=at))


def current_plan(patient: Patient) -> SafetyPlan | None:
    """Return the version that holds; None while there is no plan."""
    return SafetyPlan.objects.filter(patient=patient).select_related("written_by").first()
