"""Who may plan sessions, say how they ended, and note ruptures and repairs."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_note(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician treats the patient."""
    check_can_treat(user, patient, at=at)


def can_note(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may plan sessions and note ruptures with the patient."""
    return granted(check_can_note, user, patient, at=at)


def check_can_close(user: User, session: TherapySession, *, at: datetime) -> None:
    """Raise unless this clinician may say how a planned session ended."""
    check_can_treat(user, session.patient, at=at)
    if session.state != TherapySession.State.PLANNED:
        raise PermissionDenied("How this session ended is noted already.")


def can_close(user: User, session: TherapySession, *, at: datetime) -> bool:
    """Whether this clinician may say how a planned session ended."""
    return granted(check_can_close, user, session, at=at)


def check_can_repair(user: User, rupture: Rupture, *, at: datetime) -> None:
    """Raise unless this clinician may note the repair of this rupture."""
    check_can_treat(user, rupture.patient, at=at)
    if not rupture.is_open:
        raise PermissionDenied("This rupture is already repaired; note a new one.")


def can_repair(user: User, rupture: Rupture, *, at: datetime) -> bool:
    """Whether this clinician may note the repair of this rupture."""
    return granted(check_can_repair, user, rupture, at=at)
