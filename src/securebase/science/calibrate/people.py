"""Invented people of one world: their scores as given, and as they would have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.calibrate.worlds import Design, Floats, World, drawn
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Ints
from securebase.science.words import Better

Bools = NDArray[np.bool_]

FIRST, LAST = 5, 2
"""What happens begins at this session at the earliest, and so many before the end."""
MOST = 2
"""How many times as many people are drawn as asked for, at most, to fill an intake limit."""


@dataclass(frozen=True, slots=True)
class People:
    """Scores of many people, session by session; arrays of shape (people, sessions + 1).

    ``whole`` holds what would have been given at every session, ``given`` NaN where a
    rating was skipped or the person had left, ``weeks`` calendar weeks since intake.
    """

    whole: Floats
    given: Floats
    weeks: Floats


def symptoms(
    world: World, prior: Prior, design: Design, *, people: int, rng: np.random.Generator
) -> People:
    """Draw courses of a symptom score, weekly, from a lowest score at intake on.

    Parameters
    ----------
    world : World
        How they differ from what the model believes.
    prior : Prior
        What the model believes.
    design : Design
        Number of sessions, and the lowest score at intake.
    people : int
        How many people.
    rng : numpy.random.Generator
        The source of chance.

    Returns
    -------
    People
        Whole points within the ends of the scale.
    """
    weeks = np.tile(np.arange(design.sessions + 1.0), (MOST * people, 1))
    raw = _levels(world, prior, weeks, rng) + _strays(world, prior, weeks, rng)
    whole = stepped(raw, prior)
    enough = np.flatnonzero(whole[:, 0] >= design.intake_from)[:people]
    whole = whole[enough]
    return People(whole, silenced(whole, world, prior, rng), weeks[enough])


def ratings(
    world: World, prior: Prior, design: Design, *, people: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw ratings of an alliance in which nothing happens, before rounding.

    Returns
    -------
    tuple of ndarray, each of shape (people, sessions)
        Raw ratings, which may lie beyond the scale, and calendar weeks.
    """
    gaps = rng.uniform(design.gap_low, design.gap_high, (people, design.sessions))
    weeks = np.cumsum(gaps, axis=1)
    return _levels(world, prior, weeks, rng) + _strays(world, prior, weeks, rng), weeks


def onsets(planned: int, *, people: int, rng: np.random.Generator) -> Ints:
    """Draw the session at which something begins, shape (people, 1)."""
    early = min(FIRST, planned - LAST)
    return rng.integers(early, max(planned - LAST, early) + 1, (people, 1))


def stepped(raw: Floats, prior: Prior) -> Floats:
    """Round to the steps of a scale and keep within its ends."""
    return np.asarray((np.round(raw / prior.step) * prior.step).clip(prior.low, prior.high))


def silenced(whole: Floats, world: World, prior: Prior, rng: np.random.Generator) -> Floats:
    """Take away what was skipped, and everything after somebody left.

    The first score is always there. How bad a score is counts from the population's mean
    at intake, in standard deviations, from 0 to 1 on: only the worse half skips more.
    """
    if not world.skip and not world.leave:
        return whole.copy()
    worse = (whole - prior.intercept_mean) / prior.intercept_sd
    bad = np.clip(-worse if prior.better is Better.HIGHER else worse, 0.0, 1.0)
    skipped = rng.random(whole.shape) < world.skip + world.skip_low * bad
    left = rng.random(whole.shape) < world.leave + world.leave_worse * bad
    gone = np.zeros(whole.shape, dtype=np.bool_)
    gone[:, 1:] = np.logical_or.accumulate(left, axis=1)[:, :-1]
    absent = skipped | gone
    absent[:, 0] = False
    return np.where(absent, np.nan, whole)


def _levels(world: World, prior: Prior, weeks: Floats, rng: np.random.Generator) -> Floats:
    people, n = weeks.shape
    shared = rng.normal(size=(2, people, 1))
    own = prior.correlation * shared[0] + np.sqrt(1 - prior.correlation**2) * shared[1]
    shift = world.level_shift * prior.intercept_sd if prior.better is Better.HIGHER else 0.0
    level = prior.intercept_mean + shift + prior.intercept_sd * shared[0]
    slope = world.slope_factor * prior.slope_mean + world.slope_spread * prior.slope_sd * own
    return np.asarray(level + slope * _dose(world, people, n, rng))


def _dose(world: World, people: int, n: int, rng: np.random.Generator) -> Floats:
    """How much of the change has come, in units of ln(1 + session)."""
    sessions = np.arange(float(n))
    if world.steps_until is None:
        return np.log1p(np.tile(sessions, (people, 1)))
    turn = rng.integers(1, world.steps_until + 1, (people, 1))
    return np.where(sessions >= turn, np.log1p(n - 1.0), 0.0)


def _strays(world: World, prior: Prior, weeks: Floats, rng: np.random.Generator) -> Floats:
    """Draw passing deviations and errors; the long tail, where there is one, to the worse."""
    half_life = world.half_life_weeks or prior.half_life_weeks
    x = np.empty(weeks.shape)
    x[:, 0] = drawn(world.noise, (len(x),), rng)
    for i in range(1, len(x.T)):
        kept = 0.5 ** ((weeks[:, i] - weeks[:, i - 1]) / half_life)
        x[:, i] = kept * x[:, i - 1] + np.sqrt(1 - kept**2) * drawn(world.noise, (len(x),), rng)
    error = drawn(world.noise, weeks.shape, rng)
    worse = -1.0 if prior.better is Better.HIGHER else 1.0
    wide = np.exp(world.spread * rng.normal(size=(len(x), 1)))
    return np.asarray(worse * wide * (prior.deviation_sd * x + prior.error_sd * error))
