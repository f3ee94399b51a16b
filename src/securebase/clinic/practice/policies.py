"""Who may do and see what of a patient's practice: the patient, and whom they let see."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may, may
from securebase.clinic.practice.models import HelpShared
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_keep(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless it is the person's own: a kit is for nobody else."""
    if not may(user, Action.WRITE, own_thing(patient), at=at):
        raise PermissionDenied("Only the person whose kit it is can open or change it.")


def can_keep(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether it is the person's own."""
    return granted(check_can_keep, user, patient, at=at)


def check_can_see_help(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician treats the patient and the patient shares what helps."""
    check_may(user, Action.READ, Thing(Category.MEASURE, about=patient.pk), at=at)
    if not HelpShared.objects.filter(patient=patient).exists():
        raise PermissionDenied("This person keeps to themselves which exercises help.")


def can_see_help(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may see which exercises help."""
    return granted(check_can_see_help, user, patient, at=at)


def own_thing(patient: Patient) -> Thing:
    """Return what a kit and its doings are to the table of access: unsent words."""
    return Thing(Category.MESSAGE, about=patient.pk, author=patient.account_id, kind=Kind.DRAFT)
