"""Who may answer, send and plan check-ins."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may, may
from securebase.clinic.checkins.models import CheckIn
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_read_draft(user: User, checkin: CheckIn) -> None:
    """Raise unless the check-in is the person's own: a draft is for nobody else."""
    check_may(user, Action.READ, _draft(checkin), at=checkin.due_at)


def can_read_draft(user: User, checkin: CheckIn) -> bool:
    """Whether the check-in is the person's own."""
    return granted(check_can_read_draft, user, checkin)


def check_can_answer(user: User, checkin: CheckIn, *, at: datetime) -> None:
    """Raise unless this is the person's own check-in and it is open."""
    if not may(user, Action.WRITE, _draft(checkin), at=at):
        raise PermissionDenied("Only the person whom a check-in asks can answer it.")
    if checkin.state == CheckIn.State.SUBMITTED:
        raise PermissionDenied("This check-in was sent already. What you sent is kept.")
    if checkin.state != CheckIn.State.OPEN or not checkin.due_at <= at < checkin.closes_at:
        raise PermissionDenied("This check-in is not open now. The next one will come.")


def can_answer(user: User, checkin: CheckIn, *, at: datetime) -> bool:
    """Whether this is the person's own check-in and it is open."""
    return granted(check_can_answer, user, checkin, at=at)


def check_can_submit(user: User, checkin: CheckIn, *, at: datetime) -> None:
    """Raise unless this person may send this check-in now."""
    check_can_answer(user, checkin, at=at)


def can_submit(user: User, checkin: CheckIn, *, at: datetime) -> bool:
    """Whether this person may send this check-in now."""
    return granted(check_can_submit, user, checkin, at=at)


def check_can_plan(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician treats the patient: a rhythm is agreed with them."""
    check_may(user, Action.WRITE, Thing(Category.SCHEDULE, about=patient.pk), at=at)


def can_plan(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may plan check-ins with the patient."""
    return granted(check_can_plan, user, patient, at=at)


def _draft(checkin: CheckIn) -> Thing:
    patient = checkin.patient
    return Thing(Category.MEASURE, about=patient.pk, author=patient.account_id, kind=Kind.DRAFT)
