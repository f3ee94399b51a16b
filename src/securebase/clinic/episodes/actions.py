"""Spans of care: opened, moved on, followed by trajectories, and what signals ask."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.models import Episode, PhaseChange, Signal, SignalAct
from securebase.clinic.episodes.policies import (
    check_can_act,
    check_can_change_phase,
    check_can_let_rest,
    check_can_open_episode,
)
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.episodes.states import leads_to
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_SESSIONS = 400


@transaction.atomic
def open_episode(
    *, patient: Patient, by: User, at: datetime, planned_sessions: int | None = None
) -> Episode:
    """Begin a span of care; with a planned end the model can say where it is going."""
    check_can_open_episode(by, patient, at=at)
    if planned_sessions is not None and not 1 <= planned_sessions <= MOST_SESSIONS:
        raise ValidationError(
            f"{planned_sessions} sessions planned; choose 1 to {MOST_SESSIONS}, or none."
        )
    episode = Episode.objects.create(
        patient=patient, opened_at=at, planned_sessions=planned_sessions
    )
    PhaseChange.objects.create(episode=episode, phase=episode.phase, at=at, by=by)
    trail.record(Verb.EPISODE_OPEN, by=by, at=at, patient=patient.pk, about=episode)
    return episode


@transaction.atomic
def episode_at_hand(*, patient: Patient, at: datetime) -> Episode:
    """Return the open span of care; one is begun if check-ins go on without any.

    A safety answer needs a place to be seen, whatever was forgotten before.
    """
    episode = open_episode_of(patient)
    if episode is None:
        episode = Episode.objects.create(patient=patient, opened_at=at)
        trail.record(Verb.EPISODE_OPEN, by=None, at=at, patient=patient.pk, about=episode)
    return episode


@transaction.atomic
def change_phase(*, episode: Episode, phase: str, by: User, at: datetime) -> Episode:
    """Move the work to another phase; the mark stays on the chart."""
    episode = Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
    check_can_change_phase(by, episode, at=at)
    episode.phase = Episode.Phase(phase)
    episode.save(update_fields=["phase"])
    PhaseChange.objects.create(episode=episode, phase=episode.phase, at=at, by=by)
    trail.record(Verb.EPISODE_PHASE, by=by, at=at, patient=episode.patient_id, about=episode)
    return episode


@transaction.atomic
def act_on_signal(
    *,
    signal: Signal,
    act: str,
    by: User,
    at: datetime,
    reason_code: str = "",
    reason: str = "",
    later_until: datetime | None = None,
) -> Signal:
    """Note what the clinician does about a signal; what the signal says never changes."""
    signal = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
    check_can_act(by, signal, act, at=at)
    later = act == SignalAct.Act.LATER
    if later and (later_until is None or later_until <= at):
        raise ValidationError("Say until when this is put off: a moment still to come.")
    signal.state = leads_to(signal.state, act) or signal.state
    signal.later_until = later_until if later else None
    signal.save(update_fields=["state", "later_until"])
    SignalAct.objects.create(
        signal=signal, act=act, reason_code=reason_code, reason=reason, by=by, at=at
    )
    trail.record(Verb.SIGNAL_ACT, by=by, at=at, patient=signal.patient_id, about=signal)
    return signal


@transaction.atomic
def let_rest(*, signal: Signal, by: User, at: datetime, reason_code: str) -> Signal:
    """Close a reminder because of what the patient said; never anything but a reminder."""
    signal = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
    check_can_let_rest(by, signal)
    signal.state = Signal.State.CLOSED
    signal.later_until = None
    signal.save(update_fields=["state", "later_until"])
    SignalAct.objects.create(
        signal=signal, act=SignalAct.Act.CLOSED, reason_code=reason_code, by=by, at=at
    )
    trail.record(Verb.SIGNAL_ACT, by=by, at=at, patient=signal.patient_id, about=signal)
    return signal
