"""Who may plan sessions, say how they ended, and note ruptures and repairs."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_note(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may plan sessions with the patient."""
    check_may(user, Action.WRITE, Thing(Category.SCHEDULE, about=patient.pk), at=at)


def can_note(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may plan sessions with the patient."""
    return granted(check_can_note, user, patient, at=at)


def check_can_notice(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may note a strain with the patient, or its repair.

    Each note is an entry of whoever writes it, beside those of others.
    """
    own = Thing(Category.PROGRESS, about=patient.pk, author=user.pk, kind=Kind.PROMPT)
    check_may(user, Action.WRITE, own, at=at)


def can_notice(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may note a strain with the patient, or its repair."""
    return granted(check_can_notice, user, patient, at=at)


def check_can_close(user: User, session: TherapySession, *, at: datetime) -> None:
    """Raise unless this clinician may say how a planned session ended."""
    check_can_note(user, session.patient, at=at)
    if session.state != TherapySession.State.PLANNED:
        raise PermissionDenied("How this session ended is noted already.")


def can_close(user: User, session: TherapySession, *, at: datetime) -> bool:
    """Whether this clinician may say how a planned session ended."""
    return granted(check_can_close, user, session, at=at)


def check_can_repair(user: User, rupture: Rupture, *, at: datetime) -> None:
    """Raise unless this clinician may note the repair of this rupture."""
    check_can_notice(user, rupture.patient, at=at)
    if not rupture.is_open:
        raise PermissionDenied("This rupture is already repaired; note a new one.")


def can_repair(user: User, rupture: Rupture, *, at: datetime) -> bool:
    """Whether this clinician may note the repair of this rupture."""
    return granted(check_can_repair, user, rupture, at=at)


def check_can_raise(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the patient, who says that something is between the two."""
    own = Thing(
        Category.MESSAGE, about=patient.pk, author=user.pk, parties=frozenset({user.pk})
    )
    check_may(user, Action.WRITE, own, at=at)
    if patient.account_id is None or patient.account_id != user.pk:
        raise PermissionDenied("Only the patient raises this; you can note a strain.")


def can_raise(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this is the patient, who may say that something is between the two."""
    return granted(check_can_raise, user, patient, at=at)


def check_can_say_mended(user: User, rupture: Rupture) -> None:
    """Raise unless this is the patient of the strain, and it is open."""
    if rupture.patient.account_id is None or rupture.patient.account_id != user.pk:
        raise PermissionDenied("Only the patient can say that it is mended.")
    if not rupture.is_open:
        raise PermissionDenied("This rupture is already repaired; note a new one.")


def can_say_mended(user: User, rupture: Rupture) -> bool:
    """Whether this is the patient of a strain that is open."""
    return granted(check_can_say_mended, user, rupture)
