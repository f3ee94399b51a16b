"""How sure a figure of a group is: intervals for a share and for a change."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, pi, sqrt

from securebase.science.errors import ScienceError
from securebase.science.normal import quantile

LEVEL = 0.95
FEWEST = 3
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(k: int, n: int) -> Estimate:
    """Return a share with Wilson's score interval.

    Parameters
    ----------
    k, n : int
        How many of how many; n at least 1.

    Returns
    -------
    Estimate
        Shares in [0, 1].

    Raises
    ------
    ScienceError
        If k is not from 0 to n, or n is below 1.

    Notes
    -----
    Source: Wilson (1927), J Am Stat Assoc 22, 209-212.
    Checked against: ``prop.test(correct = FALSE)`` of R, tests/science/oracles/cohort.R.

    Examples
    --------
    >>> one = wilson(12, 40)
    >>> round(one.low, 4), round(one.high, 4)
    (0.1807, 0.4543)
    """
    _check(k, n)
    z = quantile(1 - (1 - LEVEL) / 2)
    share, spread = k / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Estimate(
        share,
        0.0 if k == 0 else middle - half,
        1.0 if k == n else middle + half,
    )


def mean_change(*, n: int, mean: float, sd: float) -> Estimate:
    """Return a mean change in raw points with its interval from Student's t.

    Parameters
    ----------
    n : int
        People with both scores, at least 3.
    mean, sd : float
        Of their changes, raw points.

    Returns
    -------
    Estimate
        Raw points.

    Raises
    ------
    ScienceError
        If n is below 3.

    Notes
    -----
    Checked against: ``t.test`` of R, tests/science/oracles/cohort.R.
    """
    _enough(n)
    half = _student(n - 1) * sd / sqrt(n)
    return Estimate(mean, mean - half, mean + half)


def standardized_change(
    *, n: int, mean: float, sd_before: float, correlation: float
) -> Estimate:
    """Return a mean change in units of the spread at the start, with its interval.

    Parameters
    ----------
    n : int
        People with both scores, at least 3.
    mean : float
        Of their changes, raw points.
    sd_before : float
        Of their first scores, raw points, > 0.
    correlation : float
        Between their first and last scores.

    Returns
    -------
    Estimate
        Unitless, made smaller for small groups.

    Raises
    ------
    ScienceError
        If n is below 3 or nobody differs at the start.

    Notes
    -----
    Source: Becker (1988), Br J Math Stat Psychol 41, 257-278, in the large-sample form
    2 (1 - r) / n + d^2 / (2 n), from memory; the interval is approximate.

    Examples
    --------
    >>> round(standardized_change(n=30, mean=-5, sd_before=6, correlation=0.5).value, 3)
    -0.812
    """
    _enough(n)
    if not sd_before > 0:
        raise ScienceError(f"The spread at the start must be above 0, got {sd_before}.")
    d = (1 - 3 / (4 * (n - 1) - 1)) * mean / sd_before
    half = quantile(1 - (1 - LEVEL) / 2) * sqrt(2 * (1 - correlation) / n + d * d / (2 * n))
    return Estimate(d, d - half, d + half)


def _check(k: int, n: int) -> None:
    if n < 1 or not 0 <= k <= n:
        raise ScienceError(f"{k} of {n} is no share; it must be 0 to n, of at least 1.")


def _enough(n: int) -> None:
    if n < FEWEST:
        raise ScienceError(f"A change of {n} people has no interval; {FEWEST} are needed.")


def _student(degrees: int) -> float:
    """Return the 97.5 % point of Student's t, by bisection on its integral."""
    low, high = 0.0, 1000.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _within(middle, degrees) < LEVEL:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _within(t: float, degrees: int) -> float:
    """Probability that Student's t lies between -t and t, by its finite sum."""
    angle_cos2 = degrees / (degrees + t * t)
    sine = t / sqrt(degrees + t * t)
    if degrees % 2 == 0:
        term, total = 1.0, 1.0
        for i in range(2, degrees, 2):
            term *= angle_cos2 * (i - 1) / i
            total += term
        return sine * total
    return _within_odd(t, degrees, angle_cos2)


def _within_odd(t: float, degrees: int, cos2: float) -> float:
    angle = atan(t / sqrt(degrees))
    term = total = sqrt(cos2)
    for i in range(3, degrees, 2):
        term *= cos2 * (i - 1) / i
        total += term
    return 2 / pi * (angle + sqrt(1 - cos2) * total)
