"""The front door: everything known of one person now, to the signals raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from securebase.science.signals.after_session import left_in_distress, worse_next_day
from securebase.science.signals.combine import Combined, Held, merge_and_cap
from securebase.science.signals.deterioration import deterioration
from securebase.science.signals.dip_window import WORSENING, expected_dip, in_window
from securebase.science.signals.dissociation import dissociation
from securebase.science.signals.first_ratings import low_at_first
from securebase.science.signals.helping import help_wanted, worse_after
from securebase.science.signals.improvement import early_improvement, fast_improvement
from securebase.science.signals.mending import mended
from securebase.science.signals.missing import not_assessed
from securebase.science.signals.not_on_track import not_on_track
from securebase.science.signals.open_strain import open_strain
from securebase.science.signals.quality import quality
from securebase.science.signals.rules import Rules, load_rules
from securebase.science.signals.rupture import alliance_dip, said_tension, slow_decline
from securebase.science.signals.safety import safety
from securebase.science.signals.silence import silence
from securebase.science.signals.situation import Situation
from securebase.science.signals.views import (
    FLAGS,
    beside_your_own,
    strong_strain,
    views_apart,
)
from securebase.science.trajectory.prior import Prior, Priors, load_priors
from securebase.science.words import Signal, Trajectory

__all__ = ["Situation", "assess", "candidates", "of_trajectory"]

IN_THE_WINDOW = (
    "In the days after the first processing session worse symptoms are told of, not prompted."
)

OfLine = Callable[[Trajectory, Rules, Prior, Situation], Signal | None]

OF_LINES: dict[str, OfLine] = {
    "RUP.R1": lambda line, rules, prior, now: alliance_dip(line, rules),
    "RUP.LOW": lambda line, rules, prior, now: low_at_first(line, rules, prior=prior),
    "RUP.R3": lambda line, rules, prior, now: slow_decline(line, rules, prior=prior),
    "DET.RC": lambda line, rules, prior, now: deterioration(
        line, rules, prior=prior, processed=now.processed
    ),
    "NOT.P": lambda line, rules, prior, now: not_on_track(line, rules, prior=prior),
    "GAIN": lambda line, rules, prior, now: fast_improvement(line, rules, prior=prior),
    "EARLY": lambda line, rules, prior, now: early_improvement(line, rules, prior=prior),
    "REPAIR.BACK": lambda line, rules, prior, now: (
        mended(line, now.mending, rules, prior=prior) if now.mending else None
    ),
}
"""What is asked of one trajectory, by the rule whose measures decide whether."""


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
        Signals raised, most pressing first, those held back with the reason, and the
        rules that could not be asked with what is missing. The order in which measures
        are given makes no difference.
    """
    register = rules or load_rules()
    found = list(candidates(situation, register, priors or load_priors()))
    asking, waiting = _through_the_window(found, situation, register)
    combined = merge_and_cap(asking, situation.past, session=situation.session, rules=register)
    held = tuple(Held(signal, IN_THE_WINDOW) for signal in waiting)
    return replace(
        combined,
        held=(*combined.held, *held),
        not_assessed=not_assessed(situation, register),
    )


def candidates(situation: Situation, rules: Rules, priors: Priors) -> Iterator[Signal]:
    """Give every signal whose rule holds, before merging and caps."""
    for answer in situation.safety:
        yield from _if_any(safety(answer, rules))
    constant = {form.instrument for form in situation.forms if form.is_constant(rules)}
    lines = [
        beside_your_own(signal, situation.sides)
        for trajectory in situation.trajectories
        if trajectory.measure.partition(".")[0] not in constant
        for signal in of_trajectory(trajectory, rules, priors, situation)
    ]
    yield from lines
    yield from _of_the_session(lines, situation, rules)
    yield from _of_records(situation, rules)


def of_trajectory(
    trajectory: Trajectory, rules: Rules, priors: Priors, situation: Situation
) -> Iterator[Signal]:
    """Give the signals of one trajectory's newest score."""
    if trajectory.measure in priors:
        prior = priors[trajectory.measure]
        for rule, ask in OF_LINES.items():
            if trajectory.measure in rules[rule].measures:
                yield from _if_any(ask(trajectory, rules, prior, situation))


def _of_the_session(
    lines: list[Signal], situation: Situation, rules: Rules
) -> Iterator[Signal]:
    """Give what was said and noticed of one session."""
    sides = situation.sides
    said = [*_if_any(said_tension(sides.tension, rules))] if sides.tension else []
    yield from said
    flagged = [signal for signal in (*lines, *said) if signal.rule in FLAGS]
    yield from _if_any(strong_strain(flagged, sides, rules))
    yield from _if_any(views_apart(sides, rules))
    if situation.ended is not None and situation.day_after is not None:
        yield from _if_any(worse_next_day(situation.ended, situation.day_after, rules))
    elif situation.ended is not None:
        yield from _if_any(left_in_distress(situation.ended, rules))


def _of_records(situation: Situation, rules: Rules) -> Iterator[Signal]:
    """Give what attendance, strains, screens and the forms themselves tell."""
    if situation.strain is not None:
        yield from _if_any(open_strain(situation.strain, rules, at=situation.at))
    if situation.attendance is not None:
        yield from silence(situation.attendance, rules, at=situation.at)
    if situation.dissociation is not None:
        yield from dissociation(situation.dissociation, rules)
    yield from worse_after(situation.tried, rules)
    if situation.needs is not None:
        yield from _if_any(help_wanted(situation.needs, rules))
    for form in situation.forms:
        yield from quality(form, rules)


def _through_the_window(
    found: list[Signal], situation: Situation, rules: Rules
) -> tuple[list[Signal], list[Signal]]:
    """Take out worse symptoms in the days after processing began, and tell of them."""
    if situation.processed is None or not in_window(
        situation.processed, rules, at=situation.at
    ):
        return found, []
    waiting = [signal for signal in found if signal.kind in WORSENING]
    asking = [signal for signal in found if signal.kind not in WORSENING]
    told = expected_dip(waiting, rules, processed=situation.processed, at=situation.at)
    return [*asking, *_if_any(told)], waiting


def _if_any(signal: Signal | None) -> Iterator[Signal]:
    if signal is not None:
        yield signal
