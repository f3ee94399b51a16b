"""Who may open episodes, move them on, and act on signals."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.episodes.models import Episode, Signal, SignalAct
from securebase.clinic.episodes.states import leads_to
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.science.words import Kind as Reason


def check_can_open_episode(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may begin a span of care with the patient."""
    check_may(user, Action.WRITE, Thing(Category.PLAN, about=patient.pk), at=at)
    if Episode.objects.filter(patient=patient, closed_at__isnull=True).exists():
        raise PermissionDenied("A span of care with this person is open already.")


def can_open_episode(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may begin a span of care with the patient."""
    return granted(check_can_open_episode, user, patient, at=at)


def check_can_change_phase(user: User, episode: Episode, *, at: datetime) -> None:
    """Raise unless this clinician may move an open episode to another phase."""
    check_may(user, Action.WRITE, Thing(Category.PLAN, about=episode.patient_id), at=at)
    if episode.closed_at is not None:
        raise PermissionDenied("This span of care is closed; open a new one.")


def can_change_phase(user: User, episode: Episode, *, at: datetime) -> bool:
    """Whether this clinician may move an open episode to another phase."""
    return granted(check_can_change_phase, user, episode, at=at)


def check_can_act(user: User, signal: Signal, act: str, *, at: datetime) -> None:
    """Raise unless this clinician may do this about the signal as it stands."""
    prompt = Thing(Category.MEASURE, about=signal.patient_id, kind=Kind.PROMPT)
    check_may(user, Action.WRITE, prompt, at=at)
    if leads_to(signal.state, act) is None:
        raise PermissionDenied(
            f"This signal is {signal.get_state_display()}; that cannot be done to it now."
        )


def can_act(user: User, signal: Signal, act: str, *, at: datetime) -> bool:
    """Whether this clinician may do this about the signal as it stands."""
    return granted(check_can_act, user, signal, act, at=at)


def check_can_let_rest(user: User, signal: Signal) -> None:
    """Raise unless a patient's own word may close this signal: a reminder of a strain."""
    theirs = signal.patient.account_id is not None and signal.patient.account_id == user.pk
    if not theirs or signal.kind != Reason.OPEN_RUPTURE.value:
        raise PermissionDenied("Only a reminder of an open strain rests on a patient's word.")
    if leads_to(signal.state, SignalAct.Act.CLOSED) is None:
        raise PermissionDenied("This reminder is closed already.")


def can_let_rest(user: User, signal: Signal) -> bool:
    """Whether a patient's own word may close this signal."""
    return granted(check_can_let_rest, user, signal)
