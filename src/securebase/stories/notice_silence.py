"""Nobody answered: check-ins whose time is over are closed, and silence is noticed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from securebase.clinic.care.queries import the_practice
from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.following import dose_of, raise_signals
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.queries import instruments_answered
from securebase.science.signals.assess import Situation
from securebase.science.signals.silence import Asked, Attendance


@transaction.atomic
def notice_silence(*, at: datetime) -> list[Signal]:
    """Close what was missed by now; return the signals its silence raised.

    A second run at the same moment finds nothing left to close and changes nothing.
    """
    missed = close_missed(at=at)
    practice = the_practice()
    if practice is None or not practice.signals_on:
        return []
    episodes = Episode.objects.filter(
        patient__in={checkin.patient_id for checkin in missed}, closed_at__isnull=True
    ).select_related("patient")
    return [signal for episode in episodes for signal in _noticed(episode, at=at)]


def _noticed(episode: Episode, *, at: datetime) -> list[Signal]:
    over = (
        CheckIn.objects.filter(patient=episode.patient, due_at__gte=episode.opened_at)
        .exclude(state=CheckIn.State.OPEN)
        .order_by("due_at")
    )
    signals = raise_signals(
        episode=episode,
        situation=Situation(at=at, session=0.0, attendance=_attendance(over)),
        dose=dose_of(episode, at=at),
    )
    suggest_for(signals=signals, measured=instruments_answered(episode.patient, at=at), at=at)
    return signals


def _attendance(over: Iterable[CheckIn]) -> Attendance:
    return Attendance(
        asked=tuple(
            Asked(due=one.due_at, answered=one.state == CheckIn.State.SUBMITTED) for one in over
        )
    )
