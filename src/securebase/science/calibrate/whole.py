"""All rules on whole courses: what is left after merging, rests and caps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from securebase.science.calibrate.count import ever, share_of, share_of_occasions
from securebase.science.calibrate.figures import Together
from securebase.science.calibrate.people import (
    Bools,
    People,
    ratings,
    silenced,
    stepped,
    symptoms,
)
from securebase.science.calibrate.symptoms import End
from securebase.science.calibrate.worlds import Design, Floats, World
from securebase.science.signals.combine import Combined
from securebase.science.signals.rehearse import Life, rehearse
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Priors
from securebase.science.words import Better, Kind, Signal

MOOD, ALLIANCE = "phq-9.total", "session-check-in.alliance"
START = datetime(2026, 1, 5, tzinfo=UTC)
RIGHT = {Kind.NOT_ON_TRACK: End.NOT_BETTER, Kind.DETERIORATION: End.WORSE}
"""Kinds that may be right in these courses; nothing happens to the alliance."""


def together(
    world: World, design: Design, rules: Rules, priors: Priors, *, people: int, seed: int
) -> Together:
    """Rehearse whole courses of one world, with nothing happening to the alliance.

    Parameters
    ----------
    world : World
        How people differ from what the model believes.
    design : Design
        What is done alike in every world.
    rules : Rules
        The register.
    priors : Priors
        What the model believes.
    people : int
        How many; each costs some milliseconds.
    seed : int
        The same seed gives the same figures.

    Returns
    -------
    Together
        Prompts and noise. What only tells, and asks for nothing, is not counted.
    """
    rng, planned, mood = np.random.default_rng([seed, 3]), design.one_look, priors[MOOD]
    courses = symptoms(world, mood, design, people=people, rng=rng)
    bond = priors[ALLIANCE]
    raw, _ = ratings(world, bond, design, people=people, rng=rng)
    rated = silenced(stepped(raw, bond), world, bond, rng)
    lives = [
        _life(score[:planned], rating[:planned], planned)
        for score, rating in zip(courses.given, rated, strict=True)
    ]
    told = rehearse(lives, rules=rules, priors=priors)
    ended = _ended(courses, planned, float(mood.reliable_change or np.nan), mood.better)
    return _counted(world.key, told, ended)


def _life(scores: Floats, rating: Floats, planned: int) -> Life:
    return Life(
        times=[START + i * timedelta(weeks=1) for i in range(planned)],
        sessions=range(planned),
        scores={MOOD: _or_none(scores), ALLIANCE: _or_none(rating)},
        planned_sessions=planned,
    )


def _or_none(values: Floats) -> list[float | None]:
    return [None if np.isnan(one) else one for one in values.tolist()]


def _ended(people: People, planned: int, needed: float, better: Better) -> dict[End, Bools]:
    change = people.whole[:, planned] - people.whole[:, 0]
    gain = change if better is Better.HIGHER else -change
    return {End.NOT_BETTER: gain < needed, End.WORSE: gain <= -needed}


def _counted(
    world: str, told: Sequence[Sequence[Combined]], ended: dict[End, Bools]
) -> Together:
    spoke = np.array([[bool(_prompts(at)) for at in one] for one in told], dtype=np.bool_)
    noise = [
        not (signal.kind in RIGHT and ended[RIGHT[signal.kind]][i])
        for i, one in enumerate(told)
        for at in one
        for signal in _prompts(at)
    ]
    return Together(
        world=world,
        people=len(told),
        sessions=spoke.shape[1],
        prompts=share_of_occasions(spoke, np.ones_like(spoke)),
        ever=share_of(ever(spoke)),
        noise=share_of(np.array(noise, dtype=np.bool_)),
    )


def _prompts(at: Combined) -> list[Signal]:
    return [signal for signal in at.raised if not signal.kind.only_tells]
