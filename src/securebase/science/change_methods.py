"""Seven ways to ask whether a change is more than noise, and three to draw the line.

The ways differ in what they compare a later score with: the earlier score, what is
expected of a person from a group that regresses to its mean, or the course of everybody
else. On the same people they disagree widely, so a result names its method; the default is
Jacobson and Truax.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.change import CONFIDENCE_95, Floats
from securebase.science.errors import ScienceError
from securebase.science.trajectory.fit import fit_growth
from securebase.science.words import Better

FEWEST = 3
"""People with both scores that a standard deviation or a correlation needs at least."""


class Method(StrEnum):
    """Ways to judge a change, by the initials of those who proposed them."""

    JT = "jt"
    """Jacobson-Truax: against the earlier score."""
    GLN = "gln"
    """Gulliksen-Lord-Novick: against what regression to the group's mean predicts."""
    HLL = "hll"
    """Hsu-Linn-Lord: the same, around the later mean; says better than others."""
    EN = "en"
    """Edwards-Nunnally: against the estimated true score; liberal."""
    NK = "nk"
    """Nunnally-Kotsch: the same, with a later reliability of its own."""
    HA = "ha"
    """Hageman-Arrindell: weighs in the reliability of differences."""
    HLM = "hlm"
    """Multilevel: a person's slope against the average slope, over all scores."""


CRITICAL = dict.fromkeys(Method, CONFIDENCE_95) | {Method.HA: 1.65}
"""From here on, either way, a statistic counts as more than noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a method knows of the measure and of the group; raw units.

    ``sd`` and ``reliability`` are of a reference group at intake. The rest describes the
    people judged: means before and after, sd after, and the correlation of both scores.
    NaN where too few have both scores.
    """

    sd: float
    reliability: float
    reliability_after: float
    mean_before: float
    mean_after: float
    sd_after: float
    correlation: float

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise ScienceError(f"sd must be above 0, got {self.sd}.")
        for told in (self.reliability, self.reliability_after):
            if not 0 <= told < 1:
                raise ScienceError(f"reliability must be in [0, 1), got {told}.")

    @property
    def error(self) -> float:
        """Standard error of measurement."""
        return self.sd * sqrt(1 - self.reliability)

    @property
    def error_of_prediction(self) -> float:
        """Standard error of a later score predicted from an earlier one."""
        return self.sd * sqrt(1 - self.reliability**2)

    @property
    def reliability_of_differences(self) -> float:
        """Share of the variance of differences that is not error."""
        both = 2 * self.sd * self.sd_after * self.correlation
        first, last = self.sd**2, self.sd_after**2
        true = first * self.reliability + last * self.reliability_after - both
        return true / (first + last - both)


def figures_of(
    before: ArrayLike,
    after: ArrayLike,
    *,
    sd: float,
    reliability: float,
    reliability_after: float | None = None,
) -> Figures:
    """Measure a group, from those who have both scores.

    Parameters
    ----------
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, raw units; NaN where there is none.
    sd : float
        Standard deviation of the scale in the reference group at intake, raw units, > 0.
    reliability : float
        Reliability of the scale in that same group, unitless, in [0, 1).
    reliability_after : float, optional
        Reliability at the later time, if it is another.

    Returns
    -------
    Figures
        With means of the same people before and after, so that both describe one group.

    Raises
    ------
    ScienceError
        If ``sd`` is not positive, or a reliability is outside [0, 1).

    Examples
    --------
    >>> figures_of([20, 24, 28, 30], [10, 20, 12, float("nan")], sd=8, reliability=0.8)
    ... # doctest: +ELLIPSIS
    Figures(sd=8, reliability=0.8, ..., mean_before=24.0, mean_after=14.0, ...)
    """
    first, last = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    both = ~np.isnan(first - last)
    x, y = first[both], last[both]
    spread = x.size >= FEWEST and x.std() > 0 and y.std() > 0
    return Figures(
        sd=sd,
        reliability=reliability,
        reliability_after=reliability if reliability_after is None else reliability_after,
        mean_before=float(x.mean()) if x.size else np.nan,
        mean_after=float(y.mean()) if y.size else np.nan,
        sd_after=float(y.std(ddof=1)) if x.size >= FEWEST else np.nan,
        correlation=float(np.corrcoef(x, y)[0, 1]) if spread else np.nan,
    )


def change_statistic(
    method: Method, before: ArrayLike, after: ArrayLike, figures: Figures
) -> Floats:
    """Work out the statistic of one method for everybody.

    Parameters
    ----------
    method : Method
        Any but ``hlm``, which needs more than two scores: see ``slope_statistic``.
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, raw units; NaN where there is none.
    figures : Figures
        Of the measure and the group.

    Returns
    -------
    ndarray of shape (n,)
        Unitless; from ``CRITICAL[method]`` on it is more than noise. Above 0 where the
        score is higher than what it is compared with. NaN where a score is missing.

    Raises
    ------
    ScienceError
        If the method is ``hlm``, or the reliability of differences is not above 0.

    Notes
    -----
    Sources: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19 (``jt``, with the
    denominator of Christensen & Mendoza 1986); Speer (1992), ibid. 60(3), 402-408
    (``en``); Hsu (1989), Behav Assess 11, 459-467 (``gln``, ``hll``); Nunnally & Kotsch
    (1983), Br J Clin Psychol 22, 83-93 (``nk``); Hageman & Arrindell (1993), Behav Res
    Ther 31(7), 693-700 (``ha``). Cited from memory; each formula is tested by hand.

    Examples
    --------
    >>> group = figures_of([40, 50, 60], [30, 45, 30], sd=10, reliability=0.8)
    >>> change_statistic(Method.JT, [47.5], [32.5], group).round(4)
    array([-2.3717])
    >>> change_statistic(Method.GLN, [47.5], [32.5], group).round(4)
    array([-2.5833])
    """
    f = figures
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    predicted = f.mean_before + f.reliability * (x - f.mean_before)
    match method:
        case Method.JT:
            return np.asarray((y - x) / (sqrt(2) * f.error))
        case Method.GLN:
            return np.asarray((y - predicted) / f.error_of_prediction)
        case Method.HLL:
            ahead = y - predicted - (f.mean_after - f.mean_before)
            return np.asarray(ahead / f.error_of_prediction)
        case Method.EN:
            return np.asarray((y - predicted) / f.error)
        case Method.NK:
            later = f.sd * sqrt(1 - f.reliability_after)
            return np.asarray((y - predicted) / np.hypot(f.reliability * f.error, later))
        case Method.HA:
            return _hageman_arrindell(x, y, f)
    raise ScienceError("hlm needs all scores of a person, not two: use slope_statistic.")


def _hageman_arrindell(x: Floats, y: Floats, f: Figures) -> Floats:
    share = f.reliability_of_differences
    if not share > 0:
        raise ScienceError(
            f"The reliability of differences is {share:.3g}, it must be above 0: these "
            "changes are no wider than error alone would make them, or too few people "
            "have both scores. Use jt."
        )
    weighed = (y - x) * share + (f.mean_after - f.mean_before) * (1 - share)
    return np.asarray(weighed / (sqrt(share) * sqrt(2) * f.error))


def slope_statistic(offsets: ArrayLike, times: ArrayLike, values: ArrayLike) -> Floats:
    """Compare each person's slope with the average slope, in conditional sds.

    Parameters
    ----------
    offsets : array-like of int, shape (people + 1,)
        Person ``i`` has observations ``offsets[i]`` up to ``offsets[i + 1]``.
    times : array-like, shape (observations,)
        Time since the person's first score, any unit, never falling within a person.
    values : array-like, shape (observations,)
        Scores in raw points; NaN where missing.

    Returns
    -------
    ndarray of shape (people,)
        Unitless; 0 for a person without a score, and where all slopes are alike. Below 0
        means falling faster than the average, even where the person's own scores rise.

    Raises
    ------
    BadInput
        If fewer than five people have three scores.

    Notes
    -----
    A random level and slope by restricted maximum likelihood; the statistic is the
    expected random slope over its conditional sd. Checked against lme4 in
    tests/science/oracles/growth.csv.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> nth = np.tile(np.arange(8.0), 40)
    >>> own = np.repeat(np.linspace(-2, 2, 40), 8)
    >>> got = slope_statistic(np.arange(41) * 8, nth, own * nth + rng.normal(0, 1, 320))
    >>> bool(got[0] < -1.96), bool(got[-1] > 1.96)
    (True, True)
    """
    grown = fit_growth(offsets, times, values, restricted=True)
    nobody = np.zeros(grown.slopes.shape)
    return np.divide(grown.slopes, grown.slope_sds, out=nobody, where=grown.slope_sds > 0)


def criterion_a(*, patient_mean: float, patient_sd: float, better: Better) -> float:
    """Score two standard deviations from the patients' mean, on the better side.

    Parameters
    ----------
    patient_mean, patient_sd : float
        Mean and standard deviation of people in care, raw units, sd > 0.
    better : Better
        Which way is better.

    Returns
    -------
    float
        Criterion a, raw units.

    Raises
    ------
    ScienceError
        If the standard deviation is not positive or the scale has no better side.

    Notes
    -----
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19.

    Examples
    --------
    >>> criterion_a(patient_mean=40, patient_sd=7.5, better=Better.HIGHER)
    55.0
    """
    return patient_mean + 2 * _side(better) * _positive(patient_sd)


def criterion_b(*, functional_mean: float, functional_sd: float, better: Better) -> float:
    """Score two standard deviations from the mean of people who are well, on the worse side.

    Parameters
    ----------
    functional_mean, functional_sd : float
        Mean and standard deviation of people who are well, raw units, sd > 0.
    better : Better
        Which way is better.

    Returns
    -------
    float
        Criterion b, raw units.

    Raises
    ------
    ScienceError
        If the standard deviation is not positive or the scale has no better side.

    Notes
    -----
    The spread is that of people who are well, as Jacobson and Truax define it; programs
    exist that use the patients' instead, and give another line.
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19.

    Examples
    --------
    >>> criterion_b(functional_mean=60, functional_sd=7.5, better=Better.HIGHER)
    45.0
    """
    return functional_mean - 2 * _side(better) * _positive(functional_sd)


def _positive(sd: float) -> float:
    if not sd > 0:
        raise ScienceError(f"A standard deviation must be above 0, got {sd}.")
    return sd


def _side(better: Better) -> int:
    if better is Better.NEITHER:
        raise ScienceError("This scale has no better side, so no line divides it.")
    return 1 if better is Better.HIGHER else -1
