"""Find the top of a smooth hill whose slope is known: BFGS, in NumPy alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from securebase.science.trajectory.ragged import Floats

Height = Callable[[Floats], float]
Slope = Callable[[Floats], Floats]

ENOUGH_RISE = 1e-4
FEWEST_STEPS, MOST_HALVINGS = 3, 40
LONGEST = 2.0
"""No step is longer than this in any direction: parameters are of order one."""


@dataclass(frozen=True, slots=True)
class Top:
    """Where the climb ended, how high it is there, and whether it is a top."""

    at: Floats
    height: float
    steps: int
    reached: bool


def climb(
    height: Height,
    slope: Slope,
    start: Floats,
    *,
    inverse: Floats | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Top:
    """Climb from a start to the nearest top.

    Parameters
    ----------
    height : callable
        Height at a point, shape (k,); minus infinity or NaN where the hill is not defined.
    slope : callable
        Gradient of the height, shape (k,).
    start : ndarray of shape (k,)
        Where to begin; parameters should be of order one.
    inverse : ndarray of shape (k, k), optional
        What is already known of the inverse of the downward curvature.
    tolerance : float
        The climb ends when the rise still expected, to second order, is below this share
        of ``1 + abs(height)``.
    most : int
        Steps after which to give up; ``reached`` is False then.

    Returns
    -------
    Top
        The highest point found.

    Notes
    -----
    Source: Nocedal & Wright (2006), Numerical Optimization, chapter 6 (BFGS with damping
    by leaving out an update of negative curvature) and 3 (backtracking).

    Examples
    --------
    >>> top = climb(lambda x: -float(x @ x), lambda x: -2 * x, np.array([3.0, -1.0]))
    >>> bool(np.allclose(top.at, 0)), top.reached
    (True, True)
    """
    here, up = np.asarray(start, dtype=np.float64), height(start)
    pull = slope(here)
    known = inverse is not None and bool(np.isfinite(inverse).all())
    if inverse is None or not known:
        inverse = np.eye(here.size) / max(float(np.linalg.norm(pull)), 1.0)
    for taken in range(most):
        way = inverse @ pull
        if (known or taken >= FEWEST_STEPS) and float(pull @ way) < tolerance * (1 + abs(up)):
            return Top(here, up, taken, reached=True)
        step, rise = _stepped(height, here, up, way, float(pull @ way))
        if rise is None:
            return Top(here, up, taken, reached=_is_flat(pull, up))
        here, up = here + step, rise
        fresh = slope(here)
        inverse = _updated(inverse, step, pull - fresh, first=taken == 0 and not known)
        pull = fresh
    return Top(here, up, most, reached=False)


def _stepped(
    height: Height, here: Floats, up: float, way: Floats, expected: float
) -> tuple[Floats, float | None]:
    """Go along the way as far as it rises enough, halving; None where it never does."""
    share = min(1.0, LONGEST / max(float(np.abs(way).max(initial=0.0)), 1e-300))
    for _ in range(MOST_HALVINGS):
        rise = height(here + share * way)
        if np.isfinite(rise) and rise > up and rise >= up + ENOUGH_RISE * share * expected:
            return share * way, rise
        share /= 2
    return way, None


def _is_flat(pull: Floats, up: float) -> bool:
    """No step rises: a top, unless the slope says that rounding is not the reason."""
    return float(np.abs(pull).max(initial=0.0)) < 1e-5 * (1 + abs(up))


def _updated(inverse: Floats, step: Floats, bend: Floats, *, first: bool) -> Floats:
    """Learn curvature from one step; a step along which the hill bends up teaches nothing."""
    along = float(step @ bend)
    if along <= 1e-12 * float(np.linalg.norm(step) * np.linalg.norm(bend)):
        return inverse
    if first:
        inverse = np.eye(step.size) * along / float(bend @ bend)
    turned = np.eye(step.size) - np.outer(step, bend) / along
    return np.asarray(turned @ inverse @ turned.T + np.outer(step, step) / along)
