"""Whether a change between two scores is real, and whether it matters."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import ScienceError
from securebase.science.words import Better

Floats = NDArray[np.float64]

CONFIDENCE_95 = 1.96
"""Standard errors that pure noise exceeds in 5 of 100 comparisons, both sides."""


class Change(StrEnum):
    """What became of one person between two scores."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"
    """Reliably worse, and out of the functional range."""
    DROPPED_OUT = "dropped_out"
    """A first score and no last one: still in the denominator."""
    UNKNOWN = "unknown"


def reliable_change(
    before: ArrayLike, after: ArrayLike, *, sd: float, reliability: float
) -> Floats:
    """Change in units of the standard error of a difference.

    Parameters
    ----------
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, in raw units of one scale.
        NaN where a person has no score; NaN comes back in the same place.
    sd : float
        Standard deviation of the scale in the reference group, raw units, > 0.
    reliability : float
        Reliability of the scale in that same group, unitless, in [0, 1).

    Returns
    -------
    ndarray of shape (n,)
        Reliable change index, unitless. Beyond 1.96 either way, change is unlikely
        (p < .05) to be measurement noise. The sign is that of ``after - before``;
        whether up is better is the instrument's business, not this function's.

    Raises
    ------
    ScienceError
        If ``sd`` is not positive, or ``reliability`` is outside [0, 1).

    Notes
    -----
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19.

    Examples
    --------
    >>> reliable_change([47.5], [32.5], sd=10, reliability=0.80).round(4)
    array([-2.3717])
    """
    rci: Floats = np.subtract(after, before) / _error_of_difference(sd, reliability)
    return rci


def reliable_change_threshold(*, sd: float, reliability: float) -> float:
    """Smallest raw change that is unlikely to be measurement noise.

    Parameters
    ----------
    sd : float
        Standard deviation of the scale in the reference group, raw units, > 0.
    reliability : float
        Reliability of the scale in that same group, unitless, in [0, 1).

    Returns
    -------
    float
        Raw points, > 0: 1.96 standard errors of a difference.

    Raises
    ------
    ScienceError
        If ``sd`` is not positive, or ``reliability`` is outside [0, 1).

    Notes
    -----
    A threshold published for the instrument wins over this computed one.
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19.

    Examples
    --------
    >>> round(reliable_change_threshold(sd=15, reliability=0.82), 2)
    17.64
    """
    return CONFIDENCE_95 * _error_of_difference(sd, reliability)


def criterion_c(
    *, patient_mean: float, patient_sd: float, functional_mean: float, functional_sd: float
) -> float:
    """Score at which a person is as likely to belong to one group as to the other.

    Parameters
    ----------
    patient_mean, patient_sd : float
        Mean and standard deviation of people in care, raw units, sd > 0.
    functional_mean, functional_sd : float
        Mean and standard deviation of people who are well, raw units, sd > 0.

    Returns
    -------
    float
        Criterion c, raw units, between the two means.

    Raises
    ------
    ScienceError
        If a standard deviation is not positive.

    Notes
    -----
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19.

    Examples
    --------
    >>> criterion_c(patient_mean=40, patient_sd=7.5, functional_mean=60, functional_sd=7.5)
    50.0
    """
    for sd in (patient_sd, functional_sd):
        if not sd > 0:
            raise ScienceError(f"A standard deviation must be above 0, got {sd}.")
    pooled = patient_sd * functional_mean + functional_sd * patient_mean
    return pooled / (patient_sd + functional_sd)


def classify(
    before: ArrayLike,
    after: ArrayLike,
    *,
    reliable: float,
    cutoff: float,
    better: Better = Better.LOWER,
) -> NDArray[np.str_]:
    """Say what became of each person: recovered, improved, unchanged or deteriorated.

    Parameters
    ----------
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, raw units; NaN where there is none.
    reliable : float
        Least raw change that counts, > 0; a change of exactly this size counts.
    cutoff : float
        Functional score nearest to the patients' range, raw units; it is itself still
        functional (28 on the PCL-5: recovered at 28 or below).
    better : Better
        Which way is better; ``neither`` has no better side and is refused.

    Returns
    -------
    ndarray of str of shape (n,)
        Values of ``Change``. Recovered: reliably better, and from outside the functional
        range into it. Unknown where a score is missing.

    Raises
    ------
    ScienceError
        If ``reliable`` is not positive or the scale has no better side.

    Examples
    --------
    >>> classify([52, 52, 30, 30], [26, 36, 29, 50], reliable=15, cutoff=28).tolist()
    ['recovered', 'improved', 'unchanged', 'deteriorated']
    """
    if not reliable > 0:
        raise ScienceError(f"A reliable change must be above 0, got {reliable}.")
    if better is Better.NEITHER:
        raise ScienceError("This scale has no better side, so change on it has no name.")
    sign = -1.0 if better is Better.LOWER else 1.0
    first, last = np.multiply(before, sign), np.multiply(after, sign)
    gain = last - first
    crossed = (first < sign * cutoff) & (last >= sign * cutoff)
    named = np.select(
        [np.isnan(gain), (gain >= reliable) & crossed, gain >= reliable, gain <= -reliable],
        [Change.UNKNOWN, Change.RECOVERED, Change.IMPROVED, Change.DETERIORATED],
        default=Change.UNCHANGED,
    )
    return named.astype(np.str_)


def _error_of_difference(sd: float, reliability: float) -> float:
    if not sd > 0:
        raise ScienceError(f"sd must be above 0, got {sd}.")
    if not 0 <= reliability < 1:
        raise ScienceError(f"reliability must be in [0, 1), got {reliability}.")
    return float(sd * np.sqrt(2 * (1 - reliability)))
