"""Who may write a bridge plan."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_plan_bridge(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may write plans in this record; nobody does it alone."""
    if patient.account_id == user.pk:
        raise PermissionDenied("Your therapist writes this plan with you. Ask in a session.")
    check_may(user, Action.WRITE, Thing(Category.PLAN, about=patient.pk), at=at)


def can_plan_bridge(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may write plans in this record."""
    return granted(check_can_plan_bridge, user, patient, at=at)
