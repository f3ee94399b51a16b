"""Looking back: where people were, once everything after is known too.

A fixed-interval smoother over many people at once. It goes backwards with three numbers
for the pull of later scores and six for their certainty, and never inverts a covariance,
so that a spread of none is no special case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.errors import BadInput
from securebase.science.trajectory.filter import FilteredCaseload, begin, told_by
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged
from securebase.science.trajectory.run import Run

Caseload = tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]
"""Offsets, weeks, sessions and values, as ``filter_caseload`` takes them."""


@dataclass(frozen=True, slots=True)
class SmoothedCaseload:
    """Filtered and smoothed figures of a caseload, in raw points.

    ``smoothed_mean`` and ``smoothed_sd``, shape (observations,), are the level at each
    observation given every score of that person, earlier and later.
    """

    filtered: FilteredCaseload
    smoothed_mean: Floats
    smoothed_sd: Floats


def smooth_caseload(
    offsets: ArrayLike,
    weeks: ArrayLike,
    sessions: ArrayLike,
    values: ArrayLike,
    prior: Prior,
    *,
    planned_sessions: float = 16,
    covariates: ArrayLike | None = None,
) -> SmoothedCaseload:
    """Follow many people through one measure, then look back over the whole way.

    Parameters
    ----------
    offsets, weeks, sessions, values, prior, planned_sessions, covariates
        As ``filter_caseload`` takes them.

    Returns
    -------
    SmoothedCaseload
        All that ``filter_caseload`` gives, and the smoothed level with its sd. Memory
        grows in proportion to observations.

    Raises
    ------
    BadInput
        If the arrays do not describe a caseload.

    Notes
    -----
    The posterior of the level given all scores; a clipped score counts as the filter
    counted it. Source: Durbin & Koopman (2012), Time Series Analysis by State Space
    Methods, section 4.4; equal to the Rauch-Tung-Striebel smoother.
    Checked against: the dense Gaussian formula, and
    tests/science/oracles/nile.csv (statsmodels).

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> prior = load_priors()["phq-9.total"]
    >>> got = smooth_caseload([0, 3], [0, 1, 2], [0, 1, 2], [17, float("nan"), 9], prior)
    >>> bool(got.smoothed_sd[1] < got.filtered.filtered_sd[1])
    True
    """
    run = begin(Ragged.of(offsets, weeks, sessions, values), prior, covariates)
    trace = Trace()
    run.through(trace)
    mean, sd = looked_back(run, trace)
    return SmoothedCaseload(told_by(run, planned_sessions=planned_sessions), mean, sd)


def smooth_in_parts(
    parts: Iterable[Caseload], prior: Prior, *, planned_sessions: float = 16
) -> Iterator[SmoothedCaseload]:
    """Follow and look back over people who come part by part, one part in memory at once.

    Parameters
    ----------
    parts : iterable of tuple
        Caseloads: offsets, weeks, sessions, values. A generator may read them from a file
        as they are asked for; ``people_in_parts`` cuts arrays that are mapped from one.
    prior : Prior
        Population parameters of the measure.
    planned_sessions : float
        Session at which the course is meant to end.

    Yields
    ------
    SmoothedCaseload
        For each part in turn.

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> prior = load_priors()["phq-9.total"]
    >>> whole = [0, 1, 3], [0.0, 0.0, 1.0], [0, 0, 1], [17, 12, 9]
    >>> [got.smoothed_mean.size for got in smooth_in_parts(people_in_parts(*whole), prior)]
    [3]
    """
    for part in parts:
        yield smooth_caseload(*part, prior, planned_sessions=planned_sessions)


def people_in_parts(
    offsets: ArrayLike,
    weeks: ArrayLike,
    sessions: ArrayLike,
    values: ArrayLike,
    *,
    people: int = 20_000,
) -> Iterator[Caseload]:
    """Cut a caseload into parts of some people each, without copying it.

    Parameters
    ----------
    offsets : array-like of int, shape (people + 1,)
        Running count of observations.
    weeks, sessions, values : array-like, shape (observations,)
        May be mapped from files; only slices are taken.
    people : int
        Most people in one part.

    Yields
    ------
    tuple
        Offsets from 0, weeks, sessions and values of each part.

    Raises
    ------
    BadInput
        If ``people`` is less than one.
    """
    if people < 1:
        raise BadInput(f"people is {people}, a part needs at least 1. For instance 20000.")
    ends = np.asarray(offsets)
    columns = [np.asanyarray(column) for column in (weeks, sessions, values)]
    for begun in range(0, max(ends.size - 1, 0), people):
        own = ends[begun : begun + people + 1]
        at, nth, seen = (column[int(own[0]) : int(own[-1])] for column in columns)
        yield own - own[0], at, nth, seen


class Trace:
    """What looking back needs of every step: the gain's direction, and where it was."""

    def __init__(self) -> None:
        self.steps: list[tuple[Ints, Floats]] = []

    def __call__(self, run: Run, m: int, where: Ints) -> None:
        """Keep the covariance of state and level after the step, shape (3, m)."""
        p, dose = run.p[:, :m], run.dose[:m]
        toward = np.empty((3, m))
        toward[0] = p[0] + dose * p[1] + p[2]
        toward[1] = p[1] + dose * p[3] + p[4]
        toward[2] = p[2] + dose * p[4] + p[5]
        self.steps.append((where, toward))


def looked_back(run: Run, trace: Trace) -> tuple[Floats, Floats]:
    """Smoothed level and its sd at every observation of a run."""
    back = _Back(run)
    for where, toward in reversed(trace.steps):
        back.at(where, toward)
    return back.mean, back.sd


class _Back:
    """The way back: ``r`` pulls the state towards later scores, ``n`` is how sure they are.

    ``n`` holds the entries 00, 01, 02, 11, 12, 22 of a symmetric matrix.
    """

    def __init__(self, run: Run) -> None:
        people = run.order.size
        self.run = run
        self.mean, self.sd = np.empty(run.curve.size), np.empty(run.curve.size)
        self.r, self.n = np.zeros((3, people)), np.zeros((6, people))
        self.later = np.zeros(people)
        self.known = 0

    def at(self, where: Ints, toward: Floats) -> None:
        """Smooth one step of the people present at it."""
        m, run = where.size, self.run
        self._across_the_gap(run.data.weeks[where])
        r = self.r[:, :m]
        turned = _times(self.n[:, :m], toward)
        pulled = toward[0] * r[0] + toward[1] * r[1] + toward[2] * r[2]
        sure = toward[0] * turned[0] + toward[1] * turned[1] + toward[2] * turned[2]
        self.mean[where] = run.filtered_mean[where] + pulled
        least = run.filtered_sd[where] ** 2 - sure
        self.sd[where] = np.sqrt(np.maximum(least, 0.0))
        self._through_the_score(where, pulled, sure, turned)

    def _across_the_gap(self, weeks: Floats) -> None:
        """Carry what later scores say back over the weeks in which a deviation fades."""
        m = self.known
        kept = np.exp(-log(2) / self.run.prior.half_life_weeks * (self.later[:m] - weeks[:m]))
        self.r[2, :m] *= kept
        self.n[2, :m] *= kept
        self.n[4, :m] *= kept
        self.n[5, :m] *= kept * kept
        self.later[: weeks.size] = weeks
        self.known = weeks.size

    def _through_the_score(
        self, where: Ints, pulled: Floats, sure: Floats, turned: tuple[Floats, ...]
    ) -> None:
        """Add what the score of this step says; a missing one says nothing."""
        run, m = self.run, where.size
        r, n, dose = self.r[:, :m], self.n[:, :m], run.data.dose[where]
        sd, z = run.predicted_sd[where], run.innovation[where]
        missing = np.isnan(z)
        weight = 1 / (sd * sd)
        weight[missing] = z[missing] = 0.0
        # The gain is P h / R after the update as it is P h / S before.
        share = np.where(missing, 0.0, 1 / run.prior.error_sd**2)
        t0, t1, t2 = (share * one for one in turned)
        step = sd * np.clip(z, -run.prior.clip, run.prior.clip)
        surprise = step * weight - share * pulled
        sure = weight + share * share * sure
        r[0] += surprise
        r[1] += dose * surprise
        r[2] += surprise
        n[0] += sure - 2 * t0
        n[1] += dose * (sure - t0) - t1
        n[2] += sure - t0 - t2
        n[3] += dose * (dose * sure - 2 * t1)
        n[4] += dose * (sure - t2) - t1
        n[5] += sure - 2 * t2


def _times(n: Floats, v: Floats) -> tuple[Floats, Floats, Floats]:
    """Multiply a symmetric matrix by a vector, for every person."""
    return (
        n[0] * v[0] + n[1] * v[1] + n[2] * v[2],
        n[1] * v[0] + n[3] * v[1] + n[4] * v[2],
        n[2] * v[0] + n[4] * v[1] + n[5] * v[2],
    )
