"""Shares with their Monte Carlo standard errors, and how well stated chances come true."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from securebase.science.calibrate.people import Bools
from securebase.science.calibrate.worlds import Floats

EDGE = 0.005
"""Chances nearer to 0 or 1 than this are taken as this: nothing is certain."""
FEWEST = 20
"""Cases of either kind below which no slope is worked out."""
STEPS, FARTHEST = 25, 30.0


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] and its Monte Carlo standard error; NaN where there was nobody."""

    value: float
    se: float


NOBODY = Share(float("nan"), float("nan"))


def share_of(happened: Bools) -> Share:
    """Return the share of people for whom something holds."""
    n = happened.size
    if not n:
        return NOBODY
    value = float(happened.mean())
    return Share(value, sqrt(value * (1 - value) / n))


def ever(holds: Bools) -> Bools:
    """Whether something holds at any occasion, person by person."""
    return np.asarray(holds.any(axis=1), dtype=np.bool_)


def share_of_occasions(happened: Bools, asked: Bools) -> Share:
    """Return the share of occasions, of those asked about, on which something holds.

    Occasions of one person hang together, so the error is taken over people.

    Parameters
    ----------
    happened, asked : ndarray of bool, shape (people, occasions)
        Whether it held, and whether it was asked.

    Returns
    -------
    Share
        A ratio over people and its error.
    """
    held, counts = (happened & asked).sum(axis=1), asked.sum(axis=1)
    total = int(counts.sum())
    if not total:
        return NOBODY
    value = float(held.sum() / total)
    return Share(value, float(np.sqrt(((held - value * counts) ** 2).sum()) / total))


def predictive_value(hit: Share, false: Share, share: float) -> Share:
    """Return how many of those flagged are right, if a share of all has what is looked for.

    Examples
    --------
    >>> round(predictive_value(Share(0.6, 0.0), Share(0.03, 0.0), 0.05).value, 2)
    0.51
    """
    right, wrong = share * hit.value, (1 - share) * false.value
    total = right + wrong
    if not total > 0:
        return NOBODY
    by_hit, by_false = share * wrong / total**2, (1 - share) * right / total**2
    return Share(right / total, float(np.hypot(by_hit * hit.se, by_false * false.se)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic line of what came true on the logit of what was stated.

    Slope 1 and intercept 0 are perfect. A slope below 1: the chances are stated too
    boldly. An intercept below 0: it comes true more seldom than stated.
    """

    slope: float
    slope_se: float
    intercept: float
    intercept_se: float


def calibration(stated: Floats, came: Bools) -> Calibration | None:
    """Fit the line by Newton's method; None where too few cases are of either kind.

    Parameters
    ----------
    stated : ndarray of shape (people,)
        Chances in [0, 1].
    came : ndarray of bool, shape (people,)
        Whether it came true.

    Returns
    -------
    Calibration or None
        Slope and intercept with standard errors. Source: Cox (1958), the usual
        recalibration line; the formula is the standard one.
    """
    if min(int(came.sum()), int((~came).sum())) < FEWEST:
        return None
    p = np.clip(stated, EDGE, 1 - EDGE)
    x = np.column_stack((np.ones(p.size), np.log(p / (1 - p))))
    beta = np.zeros(2)
    for _ in range(STEPS):
        fitted = 1 / (1 + np.exp(-np.clip(x @ beta, -FARTHEST, FARTHEST)))
        information = (x * (fitted * (1 - fitted))[:, None]).T @ x
        step = np.linalg.solve(information, x.T @ (came - fitted))
        beta = beta + step
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    return Calibration(
        slope=float(beta[1]),
        slope_se=float(errors[1]),
        intercept=float(beta[0]),
        intercept_se=float(errors[0]),
    )


def bins(stated: Floats, came: Bools, count: int = 5) -> NDArray[np.float64]:
    """Return stated and observed shares in equal bins; shape (bins, 3), with the people."""
    at = np.minimum((stated * count).astype(np.intp), count - 1)
    rows = [
        (stated[at == i].mean(), came[at == i].mean(), (at == i).sum())
        for i in range(count)
        if (at == i).any()
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)
