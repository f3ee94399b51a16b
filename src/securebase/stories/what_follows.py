"""New answers are kept; from here on scores become trajectories, signals and suggestions.

The same for a check-in the patient sent and for a paper form somebody entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import episode_at_hand
from securebase.clinic.episodes.around import (
    day_after,
    dissociation_of,
    forms_of,
    mending_of,
    needs_of,
    sides_of,
    tried_by,
)
from securebase.clinic.episodes.following import (
    Dose,
    dose_of,
    extend_trajectories,
    raise_signals,
)
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.queries import instruments_answered
from securebase.science.signals.assess import Situation
from securebase.science.signals.safety import SafetyAnswer
from securebase.science.words import Trajectory

STILL_NEW = timedelta(days=28)
"""How old answers may be to say anything about today, besides a marked safety question."""


def what_follows(
    *,
    patient: Patient,
    responses: Sequence[Response],
    scores: Sequence[Score],
    signals_on: bool,
    at: datetime,
) -> list[Signal]:
    """Extend the trajectories, raise signals and suggest what may help.

    A part of the transaction that keeps the answers. A marked safety question is always
    shown. Everything else is worked out only where the practice has switched signals on;
    trajectories are drawn in any case.
    """
    episode = episode_at_hand(patient=patient, at=at)
    dose = dose_of(episode, at=at)
    dose = replace(dose, start=min([dose.start, *(score.at for score in scores)]))
    trajectories = extend_trajectories(episode=episode, scores=scores, dose=dose)
    situation = Situation(at=at, session=0.0, safety=tuple(_marked(responses)))
    if signals_on and any(one.answered_at > at - STILL_NEW for one in responses):
        fresh = [score for score in scores if score.at > at - STILL_NEW]
        newest = [t for t in trajectories if t.points[-1].at in {s.at for s in fresh}]
        situation = _told(situation, responses, fresh, newest, episode=episode, dose=dose)
    signals = raise_signals(episode=episode, situation=situation, dose=dose)
    if signals:
        suggest_for(signals=signals, measured=instruments_answered(patient, at=at), at=at)
    return signals


def _told(
    situation: Situation,
    responses: Sequence[Response],
    scores: Sequence[Score],
    trajectories: Sequence[Trajectory],
    *,
    episode: Episode,
    dose: Dose,
) -> Situation:
    """Add what new answers say about how things are now."""
    end, now = day_after(scores, dose)
    return replace(
        situation,
        trajectories=tuple(trajectories),
        sides=sides_of(scores, trajectories, dose),
        mending=mending_of(scores, episode, dose, at=situation.at),
        ended=end,
        day_after=now,
        dissociation=dissociation_of(scores),
        tried=tried_by(episode.patient, at=situation.at),
        needs=needs_of(responses, at=situation.at),
        forms=forms_of(responses),
    )


def _marked(responses: Sequence[Response]) -> Iterator[SafetyAnswer]:
    for response in responses:
        for item in response.safety:
            yield SafetyAnswer(
                instrument=response.instrument,
                item=item,
                value=response.answers[item],
                at=response.answered_at,
            )
