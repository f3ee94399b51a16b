"""Who may read and write a safety plan: the patient, and whoever treats them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.safety.queries import PLAN
from securebase.people.access.words import Action
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_read_plan(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless the plan is the person's own, or of somebody in their care."""
    check_may(user, Action.READ, replace(PLAN, about=patient.pk), at=at)


def can_read_plan(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether the plan is the person's own, or of somebody in their care."""
    return granted(check_can_read_plan, user, patient, at=at)


def check_can_write_plan(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the patient, or a clinician who treats them now."""
    check_may(user, Action.WRITE, replace(PLAN, about=patient.pk), at=at)


def can_write_plan(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this is the patient, or a clinician who treats them now."""
    return granted(check_can_write_plan, user, patient, at=at)
