"""How long until something happens, when some people leave before it does."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.cohort.intervals import LEVEL
from securebase.science.errors import ScienceError
from securebase.science.normal import quantile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Share of people to whom it has not happened, at each time; arrays of shape (times,).

    ``low`` and ``high`` are the ends of its 95 % interval; NaN once nobody is left.
    """

    times: Floats
    at_risk: Floats
    share: Floats
    low: Floats
    high: Floats

    def median(self) -> tuple[float, float, float]:
        """Return the time by which it has happened to half, and its interval.

        Infinite where the share, or an end of its interval, never falls to half.
        """
        return (
            _first(self.times, self.share),
            _first(self.times, self.low),
            _first(self.times, self.high),
        )


def kaplan_meier(times: ArrayLike, events: ArrayLike, left: ArrayLike) -> Waiting:
    """Estimate the share still waiting, from a table of times.

    Parameters
    ----------
    times : array-like of shape (n,)
        Different times in rising order, from 0 on; any unit.
    events : array-like of shape (n,)
        To how many people it happened at each time.
    left : array-like of shape (n,)
        How many were last seen at each time, without it; they count as waiting then.

    Returns
    -------
    Waiting
        With log-log intervals from Greenwood's variance.

    Raises
    ------
    ScienceError
        If times do not rise or a count is below 0.

    Notes
    -----
    Who leaves is taken to be like who stays. In therapy that is seldom so.
    Source: Kaplan & Meier (1958), J Am Stat Assoc 53, 457-481.
    Checked against: ``survfit(conf.type = "log-log")``, tests/science/oracles/cohort.R.

    Examples
    --------
    >>> kaplan_meier([1, 2, 3], [1, 0, 1], [0, 2, 0]).share.tolist()
    [0.75, 0.75, 0.0]
    """
    t, d, c = (np.asarray(given, dtype=np.float64) for given in (times, events, left))
    if (np.diff(t) <= 0).any() or (d < 0).any() or (c < 0).any():
        raise ScienceError("Times must rise, and no count may be below 0.")
    gone = d + c
    at_risk: Floats = np.cumsum(gone[::-1])[::-1].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(np.where(at_risk > 0, 1 - d / at_risk, 1.0), dtype=np.float64)
        variance = np.cumsum(np.where(d > 0, d / (at_risk * (at_risk - d)), 0.0))
    ends = [_ends(s, v) for s, v in zip(share.tolist(), variance.tolist(), strict=True)]
    low, high = (np.array([one[side] for one in ends]) for side in (0, 1))
    return Waiting(t, at_risk, share, low, high)


def _ends(share: float, variance: float) -> tuple[float, float]:
    if share >= 1:
        return 1.0, 1.0
    if share <= 0:
        return nan, nan
    half = quantile(1 - (1 - LEVEL) / 2) * sqrt(variance) / abs(log(share))
    middle = log(-log(share))
    return exp(-exp(middle + half)), exp(-exp(middle - half))


def _first(times: Floats, share: Floats) -> float:
    below = np.flatnonzero(share <= 0.5 + 1e-12)
    return float(times[below[0]]) if below.size else inf
