"""Who may open a record, work in it, welcome people and set up the practice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.care.opening import check_may, check_may_alone
from securebase.clinic.care.queries import RECORD, TREATING
from securebase.people.access.words import Action
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted


def is_own_record(user: User, patient: Patient) -> bool:
    """Whether this is the person whom the record is about."""
    return user.holds(Role.PATIENT) and patient.account_id == user.pk


def check_can_treat(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician has an open bond with the patient at that moment."""
    if not user.holds(Role.CLINICIAN):
        raise PermissionDenied("Only a clinician can do this.")
    check_may(user, Action.WRITE, replace(TREATING, about=patient.pk), at=at)


def can_treat(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician has an open bond with the patient at that moment."""
    return granted(check_can_treat, user, patient, at=at)


def check_can_see_record(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless the record is the person's own or of somebody in their care."""
    check_may(user, Action.READ, replace(RECORD, about=patient.pk), at=at)


def can_see_record(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether the record is the person's own or of somebody in their care."""
    return granted(check_can_see_record, user, patient, at=at)


def check_can_welcome(user: User) -> None:
    """Raise unless this person may begin a record."""
    check_may_alone(
        user, Action.WRITE, RECORD, otherwise="Only a clinician can welcome a patient."
    )


def can_welcome(user: User) -> bool:
    """Whether this person may begin a record."""
    return granted(check_can_welcome, user)


def check_can_set_up(user: User) -> None:
    """Raise unless this host may set up the practice, which happens once."""
    if not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can set up the practice.")
    if Practice.objects.exists():
        raise PermissionDenied("This practice is set up already.")


def can_set_up(user: User) -> bool:
    """Whether this host may set up the practice."""
    return granted(check_can_set_up, user)
