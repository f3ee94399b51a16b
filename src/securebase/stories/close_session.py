"""A session is over: how it went is noted, and what that tells is looked at at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.queries import the_practice
from securebase.clinic.episodes.around import (
    came_to_sessions,
    left_with,
    noticed_in,
    tension_said_since,
)
from securebase.clinic.episodes.following import dose_of, raise_signals
from securebase.clinic.episodes.models import Signal
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.queries import instruments_answered
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.promising import keep_by_deed
from securebase.clinic.therapy import actions as therapy
from securebase.clinic.therapy.actions import Minute
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.science.signals.assess import Situation
from securebase.science.signals.silence import Attendance
from securebase.science.signals.views import Sides


@transaction.atomic
def close_session(
    *,
    session: TherapySession,
    state: str,
    by: User,
    at: datetime,
    minute: Minute | None = None,
) -> list[Signal]:
    """Note how a session ended; return the signals that raised.

    Signals come only where the practice has switched them on and care goes on. A session
    that was held keeps the promise of a next contact.
    """
    closed = therapy.close_session(session=session, state=state, by=by, at=at, minute=minute)
    if closed.state == TherapySession.State.HELD:
        kind, met = Promise.Kind.CONTACT, closed.starts_at
        keep_by_deed(patient=closed.patient, kind=kind, done_at=met, by=by, at=at)
    practice = the_practice()
    if practice is None or not practice.signals_on:
        return []
    return _what_follows(closed, at=at)


def _what_follows(session: TherapySession, *, at: datetime) -> list[Signal]:
    episode = open_episode_of(session.patient)
    if episode is None:
        return []
    dose = dose_of(episode, at=at)
    situation = Situation(at=at, session=0.0)
    if session.state == TherapySession.State.MISSED:
        seen = Attendance(sessions=came_to_sessions(dose))
        situation = Situation(at=at, session=0.0, attendance=seen)
    elif session.state == TherapySession.State.HELD:
        situation = Situation(
            at=at,
            session=0.0,
            ended=left_with(session),
            sides=Sides(tension=tension_said_since(session), noticed=noticed_in(session)),
        )
    signals = raise_signals(episode=episode, situation=situation, dose=dose)
    if signals:
        measured = instruments_answered(session.patient, at=at)
        suggest_for(signals=signals, measured=measured, at=at)
    return signals
