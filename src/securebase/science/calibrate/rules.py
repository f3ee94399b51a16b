"""The rules of the register over many people at once, and the simpler ones they replace.

Each says at which ratings it holds, before merging, rests and caps. A test holds them
against the rules themselves, one person at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, sqrt

import numpy as np

from securebase.science import normal
from securebase.science.calibrate.following import Followed
from securebase.science.calibrate.people import Bools
from securebase.science.calibrate.worlds import Floats
from securebase.science.gains import sudden_steps
from securebase.science.signals.first_ratings import lowest_share
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.expect import expected_course

Asked = Callable[[Followed, Rules, int], Bools]

RELIABLE = 1.96
"""Standard errors of a difference from which on a change is called reliable."""
SEEN_AROUND = 5
"""Scores that decide on a step whose second score is the newest: three before, two after."""


def off_track(seen: Followed, rules: Rules, planned: int) -> Bools:
    """NOT.P: the chance of reliable improvement by a planned end has become small."""
    limits, chance = rules["NOT.P"].thresholds, seen.chances(planned)[0]
    off = np.zeros(seen.values.shape, dtype=np.bool_)
    now, in_a_row = np.zeros(len(off), dtype=np.bool_), np.zeros(len(off))
    for i in range(len(off.T)):
        asked = seen.sessions[:, i] >= limits["from_session"]
        low = asked & (chance[:, i] < limits["twice"])
        in_a_row = np.where(asked, np.where(low, in_a_row + 1, 0), in_a_row)
        begins = asked & ((chance[:, i] < limits["once"]) | (in_a_row > 1))
        now = np.where(begins, True, now & ~(asked & (chance[:, i] > limits["clear"])))
        off[:, i] = now & asked
    return off


def outside_band(seen: Followed, rules: Rules, planned: int) -> Bools:
    """NOT.BAND: the score lies above the 80 % band expected at intake."""
    del planned
    high = np.full(seen.values.shape, np.nan)
    nth = np.arange(np.nanmax(seen.sessions) + 1)
    for first in np.unique(seen.values[:, 0]):
        course = expected_course(
            float(first), seen.prior, weeks=nth * seen.prior.weeks_per_session, sessions=nth
        )
        some = (seen.values[:, :1] == first) & seen.there
        high[some] = course.high[seen.sessions[some].astype(np.intp)]
    late = seen.sessions >= rules["NOT.BAND"].thresholds["from_session"]
    return np.asarray(late & (seen.values > high))


def not_yet_better(seen: Followed, rules: Rules, planned: int) -> Bools:
    """Carry the last score forward: not reliably better by now, so not at the end."""
    del planned
    late = seen.sessions >= rules["NOT.P"].thresholds["from_session"]
    return np.asarray(late & (seen.values[:, :1] - seen.values < _reliable(seen)))


def reliably_worse(seen: Followed, rules: Rules, planned: int) -> Bools:
    """DET.RC: worse than the first score by the reliable change, at a review point."""
    del planned
    review = np.floor_divide(seen.sessions, rules["DET.RC"].thresholds["review_every"])
    passed = np.zeros(seen.values.shape, dtype=np.bool_)
    passed[:, 1:] = review[:, 1:] > review[:, :-1]
    return np.asarray(passed & (seen.values - seen.values[:, :1] >= _reliable(seen)))


def may_end_worse(seen: Followed, rules: Rules, planned: int) -> Bools:
    """DET.P: the chance of ending reliably worse has become large; a review goes first."""
    limits, chance = rules["DET.P"].thresholds, seen.chances(planned)[1]
    enough = np.arange(seen.values.shape[1]) + 1 >= limits["ratings"]
    likely = enough & (chance > limits["probability"])
    return np.asarray(likely & ~reliably_worse(seen, rules, planned))


def fast_gain(seen: Followed, rules: Rules, planned: int) -> Bools:
    """GAIN: a sudden gain, once the second score after it is in and it holds."""
    del planned
    needed, found = _reliable(seen), np.zeros(seen.values.shape, dtype=np.bool_)
    for i in range(int(rules["GAIN"].thresholds["scores"]) - 1, len(found.T)):
        around = seen.values[:, max(0, i + 1 - SEEN_AROUND) : i + 1]
        steps = sudden_steps(around, reliable=needed, better=seen.prior.better)
        found[:, i] = steps.gains[:, -2] & ~steps.reversed[:, -2]
    return found & seen.there


def early_gain(seen: Followed, rules: Rules, planned: int) -> Bools:
    """EARLY: much better than the first score within the first sessions."""
    del planned
    limits, first = rules["EARLY"].thresholds, seen.values[:, :1]
    soon = (seen.sessions >= limits["from_session"]) & (seen.sessions <= limits["by_session"])
    fall = first - seen.values
    much = (fall >= limits["percent"] / 100 * first) | (fall >= _reliable(seen))
    return np.asarray(soon & much)


def low_rating(seen: Followed, rules: Rules, planned: int) -> Bools:
    """RUP.R1: the rating is unusually low for this person."""
    del planned
    limits = rules["RUP.R1"].thresholds
    enough = np.arange(seen.values.shape[1]) >= limits["ratings"]
    factor = _factors(seen, weight=limits["weight"], largest=limits["largest"])
    return np.asarray(enough & (seen.innovation / factor < limits["z"]))


def slow_slide(seen: Followed, rules: Rules, planned: int) -> Bools:
    """RUP.R3: the level fell over some sessions, and not in one rating."""
    del planned
    limits, prior = rules["RUP.R3"].thresholds, seen.prior
    then = _before(seen, limits["sessions"])
    some = then >= limits["ratings"] - 1
    at = np.maximum(then, 0)
    level, sd = (
        np.take_along_axis(one, at, axis=1) for one in (seen.filtered_mean, seen.filtered_sd)
    )
    fall, before = level - seen.filtered_mean, np.full(level.shape, np.nan)
    before[:, 1:] = level[:, 1:] - seen.filtered_mean[:, :-1]
    factor = _factors(seen, weight=limits["weight"], largest=limits["largest"])
    spread = np.sqrt(sd**2 + seen.filtered_sd**2 + 2 * prior.deviation_sd**2)
    beyond = normal.quantile(limits["probability"])
    least = limits["least"] * hypot(prior.deviation_sd, prior.error_sd)
    return np.asarray(
        some & (np.minimum(fall, before) > least) & (fall / factor > beyond * spread)
    )


def low_at_first(seen: Followed, rules: Rules, planned: int) -> Bools:
    """RUP.LOW: among the lowest ratings of others in the first sessions."""
    del planned
    limits, lowest = rules["RUP.LOW"].thresholds, np.full(seen.values.shape, -np.inf)
    for session in range(int(limits["sessions"]) + 1):
        lowest[seen.sessions == session] = lowest_share(
            seen.prior, session=session, share=limits["share"]
        )
    return np.asarray(seen.values < lowest)


def below_own_mean(seen: Followed, rules: Rules, planned: int) -> Bools:
    """Ask the common rule: below the mean of the own earlier ratings by one own SD."""
    del planned
    n = np.arange(seen.values.shape[1])
    total, squares = (_so_far(part) for part in (seen.values, seen.values**2))
    mean = total / np.maximum(n, 1)
    spread = np.maximum(squares - n * mean**2, 0) / np.maximum(n - 1, 1)
    enough = n >= rules["RUP.R1"].thresholds["ratings"]
    return np.asarray(enough & (seen.values < mean - np.sqrt(spread)))


def large_drop(seen: Followed, rules: Rules, planned: int) -> Bools:
    """Ask the common rule: lower than the rating before by the reliable change."""
    del planned
    needed = RELIABLE * sqrt(2) * seen.prior.error_sd
    fell = np.zeros(seen.values.shape, dtype=np.bool_)
    fell[:, 1:] = seen.values[:, :-1] - seen.values[:, 1:] >= needed
    fell[:, : int(rules["RUP.R1"].thresholds["ratings"])] = False
    return fell


def _reliable(seen: Followed) -> float:
    return float(seen.prior.reliable_change or np.nan)


def _so_far(part: Floats) -> Floats:
    """Sum over a person's ratings before each."""
    sums = np.cumsum(np.nan_to_num(part), axis=1)
    return np.hstack((np.zeros((len(sums), 1)), sums[:, :-1]))


def _factors(seen: Followed, *, weight: float, largest: float) -> Floats:
    """How widely each person strays, as known before each rating; ``person_factor``."""
    squares = _so_far(np.minimum(seen.innovation**2, largest))
    return np.asarray(np.sqrt((weight + squares) / (weight + np.arange(squares.shape[1]))))


def _before(seen: Followed, sessions: float) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return where the newest rating some sessions back is, two ratings back at least."""
    n = seen.values.shape[1]
    until = np.where(seen.there, seen.sessions - sessions, -np.inf)
    counts = (seen.sessions[:, None, :] <= until[:, :, None]).sum(axis=2)
    return np.asarray(np.minimum(counts, np.arange(n) - 1) - 1, dtype=np.intp)
