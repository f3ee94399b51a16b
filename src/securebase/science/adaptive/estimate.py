"""Where a person stands: the expected level after the answers, and how sure it is.

The prior is normal, the level is looked at on an even grid, and what comes out is the mean
and the standard deviation of the posterior. There is no search, so there is no answer
pattern for which it fails.

Sources: Bock & Mislevy (1982), Appl Psychol Meas 6, 431-444; Lord & Wingersky (1984), Appl
Psychol Meas 8, 453-461; Thissen, Pommerich, Billeaud & Williams (1995), Appl Psychol Meas
19, 39-49.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.adaptive.bank import Bank
from securebase.science.errors import BadInput, ScienceError

Floats = NDArray[np.float64]

SKIPPED = -1
"""How an array of answers writes one that was not given."""

T_MEAN, T_SD = 50.0, 10.0
"""A T score is 50 at the mean of the calibration sample, 10 for each of its sds."""

_BLOCK = 2048
"""People that go through together, so that memory does not grow with their number."""
_MATRIX = 2
_FEWEST_POINTS = 3


@dataclass(frozen=True, slots=True)
class Prior:
    """What is expected of anybody before the first answer, and the grid it is kept on.

    ``mean`` and ``sd`` in standard deviations of the calibration sample; ``points`` evenly
    from ``low`` to ``high``.
    """

    mean: float = 0.0
    sd: float = 1.0
    low: float = -6.0
    high: float = 6.0
    points: int = 121

    def __post_init__(self) -> None:
        finite = np.isfinite([self.mean, self.sd, self.low, self.high]).all()
        wide = self.low < self.mean < self.high and self.points >= _FEWEST_POINTS
        if not (finite and self.sd > 0 and wide):
            raise ScienceError(
                f"A prior of mean {self.mean} and sd {self.sd} on {self.points} points from "
                f"{self.low} to {self.high} is none: the sd must be above 0, the mean "
                f"within the grid, and the grid of {_FEWEST_POINTS} points or more."
            )

    @property
    def levels(self) -> Floats:
        """The grid, shape (points,)."""
        return np.linspace(self.low, self.high, self.points)

    @property
    def log_weights(self) -> Floats:
        """Log of the prior at each point of the grid, up to a constant, shape (points,)."""
        return -0.5 * ((self.levels - self.mean) / self.sd) ** 2


STANDARD = Prior()


@dataclass(frozen=True, slots=True)
class Estimates:
    """Levels and their standard errors of many people, shape (n,), in sds; see ``Bank``."""

    level: Floats
    error: Floats

    @property
    def t_score(self) -> Floats:
        """Levels as T scores: mean 50, standard deviation 10."""
        return T_MEAN + T_SD * self.level


@dataclass(frozen=True, slots=True)
class SumScores:
    """What each possible sum of answers, from 0, says of the level; shape (sums,).

    ``probability`` is how often the bank and the prior expect the sum.
    """

    level: Floats
    error: Floats
    probability: Floats

    @property
    def t_score(self) -> Floats:
        """Levels as T scores: mean 50, standard deviation 10."""
        return T_MEAN + T_SD * self.level


def estimate(answers: ArrayLike, bank: Bank, *, prior: Prior = STANDARD) -> Estimates:
    """Find the expected level of each person after all their answers.

    Parameters
    ----------
    answers : array-like of int, shape (n, items)
        Categories from 0, items in the bank's order; -1 where there is no answer.
    bank : Bank
        Slopes and thresholds.
    prior : Prior
        Standard normal on 121 points from -6 to 6 if not given.

    Returns
    -------
    Estimates
        Mean and standard deviation of the posterior; those of the prior for somebody
        without an answer.

    Raises
    ------
    BadInput
        If the shape does not fit, or an answer is not a category of its item; names row
        and item.

    Examples
    --------
    >>> from securebase.science.adaptive.bank import Bank
    >>> bank = Bank.of(slopes=[1.5, 1.0], thresholds=[[-1.0, 1.0], [0.0, 2.0]])
    >>> estimate([[2, 1], [-1, -1]], bank).level.round(3)
    array([0.862, 0.   ])
    """
    given = categories(answers, bank)
    levels, logs = prior.levels, bank.log_probabilities(prior.levels)
    level, error = np.empty((2, len(given)))
    items = np.arange(len(bank.ids))
    for start in range(0, len(given), _BLOCK):
        rows = slice(start, start + _BLOCK)
        seen = logs[items, given[rows]]
        seen[given[rows] == SKIPPED] = 0.0
        level[rows], error[rows] = moments(seen.sum(axis=1) + prior.log_weights, levels)
    return Estimates(level, error)


def sum_scores(bank: Bank, *, prior: Prior = STANDARD) -> SumScores:
    """Table from the sum of all answers to the expected level.

    Parameters
    ----------
    bank : Bank
        All its items are summed, each from 0; name fewer with ``bank.only``.
    prior : Prior
        Standard normal on 121 points from -6 to 6 if not given.

    Returns
    -------
    SumScores
        Shape (highest sum + 1,).

    Notes
    -----
    The recursion of Lord & Wingersky (1984) adds one item at a time.

    Examples
    --------
    >>> from securebase.science.adaptive.bank import Bank
    >>> bank = Bank.of(slopes=[1.5, 1.0], thresholds=[[-1.0, 1.0], [0.0, 2.0]])
    >>> sum_scores(bank).t_score.round(1)
    array([39.7, 46.9, 52.2, 57.1, 62.8])
    """
    logs = bank.log_probabilities(prior.levels)
    likelihood = np.ones((1, prior.points))
    for item, count in enumerate(bank.counts):
        longer = np.zeros((len(likelihood) + count - 1, prior.points))
        for category in range(count):
            step = likelihood * np.exp(logs[item, category])
            longer[category : category + len(likelihood)] += step
        likelihood = longer
    with np.errstate(divide="ignore"):
        log_posterior = np.log(likelihood) + prior.log_weights
    level, error = moments(log_posterior, prior.levels)
    weights = np.exp(prior.log_weights)
    return SumScores(level, error, likelihood @ (weights / weights.sum()))


def moments(log_posterior: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Mean and sd along the last axis of posteriors known up to a constant, in logs."""
    weight = np.exp(log_posterior - log_posterior.max(axis=-1, keepdims=True))
    sums = weight @ powers(levels)
    mean = sums[..., 1] / sums[..., 0]
    return mean, np.sqrt(np.maximum(sums[..., 2] / sums[..., 0] - mean * mean, 0.0))


def moments_of_one(weights: Floats, powers_of_levels: Floats) -> tuple[float, float, float]:
    """Sum, mean and sd of one person's posterior, at the least cost of a single step.

    Mean and sd are 0 where nothing is left of the weights.
    """
    whole, first, second = weights.dot(powers_of_levels).tolist()
    if not whole:
        return 0.0, 0.0, 0.0
    mean = first / whole
    return whole, mean, sqrt(max(second / whole - mean * mean, 0.0))


def powers(levels: Floats) -> Floats:
    """Return 1, level and squared level at each point of a grid, shape (points, 3)."""
    return np.stack([np.ones_like(levels), levels, levels * levels], axis=1)


def categories(answers: ArrayLike, bank: Bank) -> NDArray[np.intp]:
    """Return answers as whole numbers, or refuse the first that is no category.

    Raises
    ------
    BadInput
        If the shape does not fit, or an answer is not a category of its item.
    """
    table = np.asarray(answers)
    if table.ndim != _MATRIX or table.shape[1] != len(bank.ids) or table.dtype.kind not in "iu":
        raise BadInput(
            f"Answers are {table.dtype} of shape {table.shape}; give whole numbers of shape "
            f"(n, {len(bank.ids)}), items in the order of the bank, -1 where there is none."
        )
    wrong = (table < SKIPPED) | (table >= np.array(bank.counts))
    if wrong.any():
        row, item = (int(n) for n in np.argwhere(wrong)[0])
        raise BadInput(
            f"Row {row}, item {bank.ids[item]}: {table[row, item]} is no category of it; it "
            f"has 0 to {bank.counts[item] - 1}, and -1 stands for no answer."
        )
    return table.astype(np.intp)
