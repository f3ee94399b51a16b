"""The graded response model: how likely each answer is at each level of a trait.

An item has one slope and, for each step up to the next category, one threshold: the level
at which half the people answer there or above. With one threshold it is the two-parameter
logistic model. Levels are in standard deviations of the people the bank was calibrated on.

Source: Samejima (1969), Psychometrika Monograph Supplement 17. The logistic constant is 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import ScienceError

Floats = NDArray[np.float64]

_MATRIX = 2


def category_probabilities(
    levels: ArrayLike, slopes: ArrayLike, thresholds: ArrayLike
) -> Floats:
    """Probability of every answer of every item at every level.

    Parameters
    ----------
    levels : array-like of shape (n,)
        Levels of the trait, in standard deviations of the calibration sample.
    slopes : array-like of shape (items,)
        How sharply each item divides, > 0, per unit of level.
    thresholds : array-like of shape (items, steps)
        In the unit of ``levels``, rising along each row; NaN at the end of the row of an
        item with fewer steps than the longest.

    Returns
    -------
    ndarray of shape (n, items, steps + 1)
        They add up to 1 over the last axis; 0 for a category the item does not have. Small
        probabilities keep their relative precision, so their logarithms may be trusted.

    Raises
    ------
    ScienceError
        If the shapes do not fit, a slope is not positive or thresholds do not rise.

    Examples
    --------
    >>> category_probabilities([0.0], [2.0], [[-1.0, 1.0]]).round(3)
    array([[[0.119, 0.762, 0.119]]])
    """
    a, b = checked(slopes, thresholds)
    z = _steps_up(_column(levels), a, b)
    one = np.ones((*z.shape[:2], 1))
    above = np.concatenate([one, _logistic(z)], axis=2)
    below = np.concatenate([_logistic(-z), one], axis=2)
    chances: Floats = above * below * _between(a, b, z)
    return chances


def log_category_probabilities(
    levels: ArrayLike, slopes: ArrayLike, thresholds: ArrayLike
) -> Floats:
    """Logarithm of ``category_probabilities``, also where those are too small for a number.

    Answers that hardly go together are then still told from answers that cannot be.

    Parameters
    ----------
    levels, slopes, thresholds : array-like
        As for ``category_probabilities``.

    Returns
    -------
    ndarray of shape (n, items, steps + 1)
        Minus infinity for a category the item does not have.

    Raises
    ------
    ScienceError
        As for ``category_probabilities``.

    Examples
    --------
    >>> log_category_probabilities([6.0], [300.0], [[-3.0]])[0, 0, 0].item()
    -2700.0
    """
    a, b = checked(slopes, thresholds)
    z = _steps_up(_column(levels), a, b)
    sure = np.zeros((*z.shape[:2], 1))
    above = np.concatenate([sure, -np.logaddexp(0.0, -z)], axis=2)
    below = np.concatenate([-np.logaddexp(0.0, z), sure], axis=2)
    with np.errstate(divide="ignore"):
        logs: Floats = above + below + np.log(_between(a, b, z))
    return logs


def _between(a: Floats, b: Floats, z: Floats) -> Floats:
    """Return what two neighbouring thresholds leave to the category between them."""
    one = np.ones((*z.shape[:2], 1))
    with np.errstate(invalid="ignore"):
        apart = -np.expm1(a[:, None] * (b[:, :-1] - b[:, 1:]))
    # No category lies between a threshold that is not there and the next one.
    apart = np.where(np.isnan(b[:, 1:]), 1.0, apart)
    return np.concatenate([one, apart * np.ones_like(z[..., 1:]), one], axis=2)


def item_information(levels: ArrayLike, slopes: ArrayLike, thresholds: ArrayLike) -> Floats:
    """Fisher information of every item at every level.

    Parameters
    ----------
    levels, slopes, thresholds : array-like
        As for ``category_probabilities``.

    Returns
    -------
    ndarray of shape (n, items)
        Per squared unit of level; the standard error of a long test is one over the root
        of the sum.

    Raises
    ------
    ScienceError
        As for ``category_probabilities``.

    Examples
    --------
    >>> item_information([0.0, 3.0], [2.0], [[0.0]]).round(4).ravel()
    array([1.    , 0.0099])
    """
    a, b = checked(slopes, thresholds)
    return information_at(_column(levels), a, b)


def information_at(levels: Floats, slopes: Floats, thresholds: Floats) -> Floats:
    """Return item information without checks, for items ``checked`` has seen.

    ``levels`` and ``slopes`` broadcast; ``thresholds`` have the steps as one more axis.
    Squared slope of each category's probability over that probability, added up; written
    so that nothing is divided by a probability near 0.
    """
    reached = _logistic(_steps_up(levels, slopes, thresholds))
    upper = np.zeros((*reached.shape[:-1], reached.shape[-1] + 1))
    upper[..., :-1] = reached
    lower = np.ones_like(upper)
    lower[..., 1:] = reached
    tilt = 1.0 - lower - upper
    total: Floats = np.einsum("...j,...j,...j->...", lower - upper, tilt, tilt)
    return slopes * slopes * total


def checked(slopes: ArrayLike, thresholds: ArrayLike) -> tuple[Floats, Floats]:
    """Return slopes and thresholds as arrays, refused if they describe no items.

    Raises
    ------
    ScienceError
        If the shapes do not fit, a slope is not positive or thresholds do not rise.
    """
    a, b = np.asarray(slopes, dtype=np.float64), np.asarray(thresholds, dtype=np.float64)
    if b.ndim != _MATRIX or a.shape != b.shape[:1] or not b.shape[1]:
        raise ScienceError(
            f"slopes of shape {a.shape} and thresholds of shape {b.shape} do not fit; give "
            "(items,) and (items, steps)."
        )
    wrong = np.flatnonzero(~((a > 0) & np.isfinite(a)))
    if wrong.size:
        raise ScienceError(
            f"slope {wrong[0]} is {a[wrong[0]]}; it must be above 0 and finite. An item that "
            "runs the other way is reversed before it is calibrated."
        )
    absent = np.isnan(b)
    gap = absent[:, 0] | (absent[:, :-1] & ~absent[:, 1:]).any(axis=1)
    falls = gap | (np.diff(b, axis=1) <= 0).any(axis=1) | np.isinf(b).any(axis=1)
    if falls.any():
        row = int(np.flatnonzero(falls)[0])
        raise ScienceError(
            f"thresholds {row} are {b[row].tolist()}; they must rise, be finite, and leave "
            "NaN to the end."
        )
    return a, b


def _column(levels: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(levels, dtype=np.float64))[:, None]


def _steps_up(levels: Floats, slopes: Floats, thresholds: Floats) -> Floats:
    """Log-odds of answering above each threshold; minus infinity where there is none."""
    z: Floats = slopes[..., None] * (levels[..., None] - thresholds)
    return np.where(np.isnan(thresholds), -np.inf, z)


def _logistic(z: Floats) -> Floats:
    """Return 1 / (1 + exp(-z)) without overflow and without losing small values."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
