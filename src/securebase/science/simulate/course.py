"""The inner course of an invented person, week by week, on levels from 0 to 1.

No observation is made here: this is the truth that the answers will blur.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.simulate.recipe import Course

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Inner:
    """True levels by name, each of shape (weeks,), and the turning points.

    ``rupture`` is the weeks (first, last) of strain, ``gain`` the week of a fast gain,
    ``drift`` the first week of drifting away; None where there was none.
    """

    levels: dict[str, Floats]
    rupture: tuple[int, int] | None = None
    gain: int | None = None
    drift: int | None = None


def inner_course(course: Course, weeks: int, rng: np.random.Generator) -> Inner:
    """Draw the true course of one person.

    Parameters
    ----------
    course : Course
        What becomes of them.
    weeks : int
        How many weeks, at least one.
    rng : numpy.random.Generator
        The person's own source of chance.

    Returns
    -------
    Inner
        Levels low_mood, worry, alliance, tension, security, closeness, arousal and
        steady (within the window).
    """
    rupture = _rupture(course, weeks, rng)
    turn = int(rng.integers(3, max(4, min(8, weeks - 3)) + 1))
    gain = turn if course is Course.FAST_GAINS else None
    drift = turn + 2 if course is Course.DRIFTING_AWAY else None
    low_mood = _symptoms(course, weeks, turn, rng)
    strain, tension = np.zeros(weeks), np.full(weeks, 0.02)
    if rupture is not None:
        strained = slice(rupture[0], rupture[1] + 1)
        strain[strained] = rng.uniform(0.24, 0.36)
        tension[strained] = rng.uniform(0.35, 0.75)
    if drift is not None:
        strain[drift:] = np.minimum(0.03 * np.arange(1, max(0, weeks - drift) + 1), 0.15)
    bond = rng.uniform(0.72, 0.86) + 0.02 * np.log1p(np.arange(weeks))
    alliance = bond - strain + _wander(weeks, 0.03, 0.3, rng)
    worry = 0.7 * low_mood + 0.3 * rng.uniform(0.3, 0.7) + _wander(weeks, 0.04, 0.5, rng)
    arousal = 0.5 + 0.25 * (worry - 0.4) + _wander(weeks, 0.08, 0.2, rng)
    security = rng.uniform(0.35, 0.5) + 0.3 * (low_mood[0] - low_mood)
    levels = {
        "low_mood": low_mood,
        "worry": worry,
        "alliance": alliance,
        "tension": tension,
        "security": security + _wander(weeks, 0.02, 0.5, rng),
        "closeness": 0.8 * alliance + _wander(weeks, 0.02, 0.5, rng),
        "arousal": arousal,
        "steady": 0.95 - 2.5 * np.abs(arousal - 0.5),
    }
    return Inner({k: np.clip(v, 0, 1) for k, v in levels.items()}, rupture, gain, drift)


def _rupture(course: Course, weeks: int, rng: np.random.Generator) -> tuple[int, int] | None:
    if course is not Course.RUPTURE_AND_REPAIR:
        return None
    first = int(rng.integers(4, max(5, weeks - 5) + 1))
    return first, first + int(rng.integers(1, 3))


def _symptoms(course: Course, weeks: int, turn: int, rng: np.random.Generator) -> Floats:
    """Low mood: its course, and passing deviations with a half-life of about a week."""
    week = np.arange(weeks)
    growth = np.log1p(week) / np.log1p(12)
    start, change = {
        Course.IMPROVING: (rng.uniform(0.52, 0.72), rng.uniform(-0.45, -0.30)),
        Course.STUCK: (rng.uniform(0.50, 0.70), rng.uniform(-0.05, 0.05)),
        Course.WORSENING: (rng.uniform(0.38, 0.50), rng.uniform(0.25, 0.38)),
        Course.FAST_GAINS: (rng.uniform(0.58, 0.75), rng.uniform(-0.10, 0.0)),
        Course.RUPTURE_AND_REPAIR: (rng.uniform(0.50, 0.68), rng.uniform(-0.32, -0.18)),
        Course.DRIFTING_AWAY: (rng.uniform(0.48, 0.66), rng.uniform(-0.18, 0.0)),
    }[course]
    level = start + change * growth + _wander(weeks, 0.05, 0.55, rng)
    if course is Course.FAST_GAINS:
        level = level - rng.uniform(0.26, 0.36) * (week >= turn)
    held: Floats = np.clip(level, 0, 1)
    return held


def _wander(weeks: int, sd: float, kept: float, rng: np.random.Generator) -> Floats:
    """Draw a passing deviation: stationary, keeping a share of itself from week to week."""
    noise = rng.normal(0, sd, weeks)
    out = np.empty(weeks)
    out[0] = noise[0]
    for week in range(1, weeks):
        out[week] = kept * out[week - 1] + np.sqrt(1 - kept**2) * noise[week]
    return out
