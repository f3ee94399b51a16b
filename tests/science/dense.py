"""The trajectory model of one person as one multivariate normal law, written out whole.

Nothing here is clever: every covariance is formed and every system solved at once. It
shares no code with the filter and the smoother that are held against it.
"""

from dataclasses import dataclass
from math import log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.prior import Prior

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dense:
    """Law of the levels at ``weeks`` given the scores seen, and their log-likelihood."""

    mean: Array
    covariance: Array
    loglik: float
    weights: Array
    """How much each score, less its prior curve, moves each level: (levels, scores)."""
    curve: Array


def dense(weeks: Any, sessions: Any, values: Any, prior: Prior) -> Dense:
    """Condition all levels on the scores that are there, at once."""
    weeks, values = np.asarray(weeks, dtype=float), np.asarray(values, dtype=float)
    x = np.column_stack([np.ones(weeks.size), np.log1p(sessions)])
    between = prior.correlation * prior.intercept_sd * prior.slope_sd
    spread = np.array([[prior.intercept_sd**2, between], [between, prior.slope_sd**2]])
    apart = np.abs(weeks[:, None] - weeks[None, :])
    levels = x @ spread @ x.T + prior.deviation_sd**2 * 0.5 ** (apart / prior.half_life_weeks)
    curve = x @ [prior.intercept_mean, prior.slope_mean]
    seen = np.flatnonzero(~np.isnan(values))
    scores = levels[np.ix_(seen, seen)] + prior.error_sd**2 * np.eye(seen.size)
    rest = values[seen] - curve[seen]
    weights = np.linalg.solve(scores, levels[seen]).T
    return Dense(
        mean=curve + weights @ rest,
        covariance=levels - weights @ levels[seen],
        loglik=-0.5
        * float(
            rest @ np.linalg.solve(scores, rest)
            + np.linalg.slogdet(scores)[1]
            + seen.size * log(2 * pi)
        ),
        weights=weights,
        curve=curve,
    )
