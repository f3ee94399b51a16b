"""Who may have answers recorded, and past scores added."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may, may
from securebase.clinic.measurement.models import Response
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_record(user: User, patient: Patient, source: str, *, at: datetime) -> None:
    """Raise unless these answers may be recorded by this person.

    A patient answers check-ins; paper and files are the treating clinician's to enter.
    """
    if source != Response.Source.CHECKIN:
        check_may(user, Action.WRITE, Thing(Category.MEASURE, about=patient.pk), at=at)
        return
    own = Thing(Category.MEASURE, about=patient.pk, author=patient.account_id, kind=Kind.DRAFT)
    if not may(user, Action.WRITE, own, at=at):
        raise PermissionDenied("Only the person whom a check-in asks can answer it.")


def can_record(user: User, patient: Patient, source: str, *, at: datetime) -> bool:
    """Whether these answers may be recorded by this person."""
    return granted(check_can_record, user, patient, source, at=at)
