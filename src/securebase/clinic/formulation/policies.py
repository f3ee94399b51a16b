"""Who may write a formulation, agree to it, set goals and rate them."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted

NOT_SHARED = "There is no page you share yet. Ask for it in your next session."
MOST_GOALS = 6
"""Open at once; more than a handful is a list, not a direction."""


def is_own(user: User, patient: Patient) -> bool:
    """Whether the record is about the person who asks."""
    return patient.account_id is not None and patient.account_id == user.pk


def check_can_write(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this person may write the next version.

    A clinician of record may; the patient may once a version is shared with them.
    """
    shared = Formulation.objects.filter(
        patient=patient, offered_at__isnull=False, taken_at__isnull=False
    )
    released = is_own(user, patient) and shared.exists()
    if is_own(user, patient) and not released:
        raise PermissionDenied(NOT_SHARED)
    _check(user, patient, released=released, at=at)


def can_write(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may write the next version."""
    return granted(check_can_write, user, patient, at=at)


def check_can_agree(user: User, formulation: Formulation, *, at: datetime) -> None:
    """Raise unless this person may agree to this version, or take it back.

    The patient may once the clinician has offered it, or if they wrote it themselves.
    """
    theirs = formulation.written_by_id == user.pk
    released = formulation.offered_at is not None or theirs
    _check(user, formulation.patient, released=released, at=at)


def can_agree(user: User, formulation: Formulation, *, at: datetime) -> bool:
    """Whether this person may agree to this version, or take it back."""
    return granted(check_can_agree, user, formulation, at=at)


def check_can_set_goal(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this person may set another goal: the patient, or who treats them."""
    _check(user, patient, released=True, at=at)
    open_now = Goal.objects.filter(patient=patient, state=Goal.State.OPEN).count()
    if open_now >= MOST_GOALS:
        raise PermissionDenied(
            f"{open_now} goals are open; set one aside before you add another."
        )


def can_set_goal(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may set another goal."""
    return granted(check_can_set_goal, user, patient, at=at)


def check_can_move_goal(user: User, goal: Goal, *, at: datetime) -> None:
    """Raise unless this person may rate or close this goal, and it is open."""
    _check(user, goal.patient, released=True, at=at)
    if goal.state != Goal.State.OPEN:
        raise PermissionDenied(f"This goal is {goal.get_state_display()}; it is not rated now.")


def can_move_goal(user: User, goal: Goal, *, at: datetime) -> bool:
    """Whether this person may rate or close this goal."""
    return granted(check_can_move_goal, user, goal, at=at)


def _check(user: User, patient: Patient, *, released: bool, at: datetime) -> None:
    plan = Thing(Category.PLAN, about=patient.pk, released=released)
    check_may(user, Action.WRITE, plan, at=at)
