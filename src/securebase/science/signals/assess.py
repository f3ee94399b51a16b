"""The front door: everything known of one person now, to the signals raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from securebase.science.signals.combine import Combined, Past, merge_and_cap
from securebase.science.signals.deterioration import deterioration
from securebase.science.signals.improvement import early_improvement, fast_improvement
from securebase.science.signals.not_on_track import not_on_track
from securebase.science.signals.open_strain import Strain, open_strain
from securebase.science.signals.rules import Rules, load_rules
from securebase.science.signals.rupture import (
    Tension,
    alliance_dip,
    said_tension,
    slow_decline,
)
from securebase.science.signals.safety import SafetyAnswer, safety
from securebase.science.signals.silence import Attendance, silence
from securebase.science.trajectory.prior import Priors, load_priors
from securebase.science.words import Signal, Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of one person at one moment; leave out what was not asked.

    ``trajectories`` are those that the check-in in hand has extended, ``safety`` its
    answers to safety questions, ``session`` the therapy sessions so far (weeks, where
    sessions are not recorded), ``strain`` the one that has been open longest, ``past`` the
    signals raised earlier.
    """

    at: datetime
    session: float
    trajectories: tuple[Trajectory, ...] = ()
    safety: tuple[SafetyAnswer, ...] = ()
    tension: Tension | None = None
    attendance: Attendance | None = None
    strain: Strain | None = None
    past: tuple[Past, ...] = ()


def assess(
    situation: Situation, *, rules: Rules | None = None, priors: Priors | None = None
) -> Combined:
    """Ask every rule, then merge and cap.

    Parameters
    ----------
    situation : Situation
        One person, one moment.
    rules : Rules, optional
        The register; by default the one that comes with the program.
    priors : Priors, optional
        Where reliable change is looked up; give those that the trajectories used.

    Returns
    -------
    Combined
        Signals raised, most pressing first, and those held back with the reason.
    """
    register = rules or load_rules()
    return merge_and_cap(
        tuple(candidates(situation, register, priors or load_priors())),
        situation.past,
        session=situation.session,
        rules=register,
    )


def candidates(situation: Situation, rules: Rules, priors: Priors) -> Iterator[Signal]:
    """Give every signal whose rule holds, before merging and caps."""
    for answer in situation.safety:
        yield from _if_any(safety(answer, rules))
    for trajectory in situation.trajectories:
        yield from of_trajectory(trajectory, rules, priors)
    if situation.tension is not None:
        yield from _if_any(said_tension(situation.tension, rules))
    if situation.strain is not None:
        yield from _if_any(open_strain(situation.strain, rules, at=situation.at))
    if situation.attendance is not None:
        yield from silence(situation.attendance, rules, at=situation.at)


def of_trajectory(trajectory: Trajectory, rules: Rules, priors: Priors) -> Iterator[Signal]:
    """Give the signals of one trajectory's newest score."""
    measure = trajectory.measure
    if measure in rules["RUP.R1"].measures:
        yield from _if_any(alliance_dip(trajectory, rules))
    if measure in rules["RUP.R3"].measures and measure in priors:
        yield from _if_any(slow_decline(trajectory, rules, prior=priors[measure]))
    if measure in rules["DET.RC"].measures and measure in priors:
        yield from _if_any(deterioration(trajectory, rules, prior=priors[measure]))
    if measure in rules["NOT.P"].measures and measure in priors:
        yield from _if_any(not_on_track(trajectory, rules, prior=priors[measure]))
    if measure in rules["GAIN"].measures and measure in priors:
        yield from _if_any(fast_improvement(trajectory, rules, prior=priors[measure]))
    if measure in rules["EARLY"].measures and measure in priors:
        yield from _if_any(early_improvement(trajectory, rules, prior=priors[measure]))


def _if_any(signal: Signal | None) -> Iterator[Signal]:
    if signal is not None:
        yield signal
