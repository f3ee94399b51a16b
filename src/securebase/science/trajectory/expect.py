"""The expected course: what the first score alone makes likely, session by session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from securebase.science import normal
from securebase.science.errors import BadInput
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.forecast import forecast
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats

SHARE = 0.80


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """The band that scores should stay in, each array of shape (n,), raw points.

    ``low`` to ``high`` holds the stated share of people with the same first score, if
    the prior is right; all three are kept within the ends of the scale.
    """

    weeks: Floats
    sessions: Floats
    mean: Floats
    low: Floats
    high: Floats


def expected_course(
    first_value: float,
    prior: Prior,
    *,
    weeks: ArrayLike,
    sessions: ArrayLike,
    share: float = SHARE,
) -> ExpectedCourse:
    """Return the band expected at intake, from the first score and nothing later.

    Parameters
    ----------
    first_value : float
        The first score, raw points, taken at week 0 of session 0.
    prior : Prior
        Population parameters of the measure.
    weeks, sessions : array-like of shape (n,)
        Weeks since the first score, and sessions since then.
    share : float
        Share of observed scores that the band should hold, in (0, 1).

    Returns
    -------
    ExpectedCourse
        Mean and band at each of the n moments.

    Raises
    ------
    BadInput
        If the first score is not a number, or ``share`` is not between 0 and 1.

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> course = expected_course(
    ...     18, load_priors()["phq-9.total"], weeks=[1, 8], sessions=[1, 8]
    ... )
    >>> bool(course.mean[1] < course.mean[0] < 18 < course.high[0])
    True
    """
    if not np.isfinite(first_value):
        raise BadInput(f"The first score is {first_value}. Give a number in raw points.")
    if not 0 < share < 1:
        raise BadInput(f"share is {share}, it must be between 0 and 1. For instance 0.8.")
    at, nth = np.asarray(weeks, dtype=np.float64), np.asarray(sessions, dtype=np.float64)
    start = filter_caseload([0, 1], [0.0], [0.0], [first_value], prior)
    mean, sd = forecast(
        start.state.T, start.state_covariance.T, prior, dose=np.log1p(nth), weeks=at
    )
    wide = normal.quantile(0.5 + share / 2) * sd
    return ExpectedCourse(
        weeks=at,
        sessions=nth,
        mean=within(mean, prior),
        low=within(mean - wide, prior),
        high=within(mean + wide, prior),
    )


def within(values: Floats, prior: Prior) -> Floats:
    """Keep values within the ends of the scale, for showing."""
    return np.clip(values, prior.low, prior.high)
