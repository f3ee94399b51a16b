"""Nobody answered, or nobody came: silence is noticed.

Check-ins whose time is over are closed; sessions are counted against what was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from securebase.clinic.care.queries import the_practice
from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.following import dose_of, raise_signals
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.queries import instruments_answered
from securebase.clinic.therapy.queries import last_held_of_agreed
from securebase.science.signals.assess import Situation
from securebase.science.signals.rules import load_rules
from securebase.science.signals.silence import Asked, Attendance, silence


class Gap(NamedTuple):
    """When somebody was last seen, and how many days were agreed between sessions."""

    last: datetime
    days: float


@transaction.atomic
def notice_silence(*, at: datetime) -> list[Signal]:
    """Close what was missed by now; return the signals that silence raised.

    A second run at the same moment finds nothing left to close, and nobody whose gap was
    not told of; it changes nothing.
    """
    missed = close_missed(at=at)
    practice = the_practice()
    if practice is None or not practice.signals_on:
        return []
    gaps = _gaps(at)
    episodes = (
        Episode.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            patient__in={*gaps, *(checkin.patient_id for checkin in missed)},
            closed_at__isnull=True,
        )
        .select_related("patient")
        .order_by("pk")
    )
    return [
        signal
        for episode in episodes
        for signal in _noticed(episode, gaps.get(episode.patient_id), at=at)
    ]


def _gaps(at: datetime) -> dict[UUID, Gap]:
    """Return the last session and the agreed days of everybody for whom it is too long.

    Somebody who was told of since that session is left alone until the next one.
    """
    rules = load_rules()
    gaps = {
        patient: Gap(last, days)
        for patient, last, days in last_held_of_agreed(at=at)
        if silence(Attendance(last_session=last, days_agreed=days), rules, at=at)
    }
    told = Signal.objects.filter(patient__in=gaps, rule="ENG.GAP")
    for patient, raised_at in told.order_by().values_list("patient_id", "raised_at"):
        if patient in gaps and raised_at > gaps[patient].last:
            del gaps[patient]
    return gaps


def _noticed(episode: Episode, gap: Gap | None, *, at: datetime) -> list[Signal]:
    over = (
        CheckIn.objects.filter(
            patient=episode.patient, due_at__gte=episode.opened_at, rhythm__isnull=False
        )
        .exclude(state=CheckIn.State.OPEN)
        .order_by("due_at")
    )
    signals = raise_signals(
        episode=episode,
        situation=Situation(at=at, session=0.0, attendance=_attendance(over, gap)),
        dose=dose_of(episode, at=at),
    )
    if not signals:
        return []
    suggest_for(signals=signals, measured=instruments_answered(episode.patient, at=at), at=at)
    return signals


def _attendance(over: Iterable[CheckIn], gap: Gap | None) -> Attendance:
    return Attendance(
        last_session=gap.last if gap else None,
        days_agreed=gap.days if gap else None,
        asked=tuple(
            Asked(due=one.due_at, answered=one.state == CheckIn.State.SUBMITTED) for one in over
        ),
    )
