"""Sudden gains and losses: large steps between two sessions that hold.

Many are chance on a noisy scale, and more are chance on a steady trend: at reliability .9
and a linear course, a third of people seem to have one within 15 sessions. So a sudden
gain is a reason to ask what helped, and never a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import BadInput, ScienceError
from securebase.science.words import Better

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AROUND = 3
"""Sessions looked at before and after a step."""
FEWEST = 2
"""Scores that each side needs at least."""
SHARE = 0.25
REVERSED = 0.5
CRITICAL_T = {2: 4.303, 3: 3.182, 4: 2.776}
"""Two-sided 5 % by degrees of freedom."""


class Variant(StrEnum):
    """How "the level before differs from the level after" is tested."""

    T_FULL = "t_full"
    """The two-sample t-test."""
    TD99_LUTZ = "td99_lutz"
    """Without the factor for the numbers of sessions, so harder to pass by a fifth."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What is known of every step of everybody; arrays of shape (people, sessions - 1).

    Step j leads from session j to session j + 1. ``size`` is in raw units, above 0 where
    better; ``large``, ``relative`` and ``stable`` are the three criteria, each for a step
    in either direction; ``reversed`` says that half of the step was lost again later.
    """

    size: Floats
    large: Bools
    relative: Bools
    stable: Bools
    reversed: Bools

    @property
    def gains(self) -> Bools:
        """Steps to the better that meet all three criteria."""
        return self._sudden & (self.size > 0)

    @property
    def losses(self) -> Bools:
        """Steps to the worse that meet all three criteria."""
        return self._sudden & (self.size < 0)

    @property
    def _sudden(self) -> Bools:
        return self.large & self.relative & self.stable


def sudden_steps(
    values: ArrayLike,
    *,
    reliable: float,
    better: Better,
    variant: Variant = Variant.T_FULL,
) -> Steps:
    """Judge every step between neighbouring sessions.

    Parameters
    ----------
    values : array-like of shape (people, sessions)
        Scores in raw points, session by session; NaN where one is missing. A step needs
        both its scores; of the up to three around it some may be missing.
    reliable : float
        Least raw step that is large, > 0.
    better : Better
        Which way is better.
    variant : Variant
        How stability is tested.

    Returns
    -------
    Steps
        The three criteria, size and reversal of every step.

    Raises
    ------
    BadInput
        If ``values`` is not a table.
    ScienceError
        If ``reliable`` is not positive or the scale has no better side.

    Notes
    -----
    Criteria: at least ``reliable`` points; at least a quarter of the score before; mean of
    up to three sessions before against mean of up to three after by two-sample t, 5 %,
    two scores at least on each side. A loss is the mirror image: at least ``reliable``
    points and a quarter of the score before, to the worse. Reversed: a later score
    returns by half of the step (that share is not verified).
    Source: Tang & DeRubeis (1999), J Consult Clin Psychol 67(6), 894-904; the variant
    without the factor as in Lutz et al. (2013).
    Checked against: Vittengl et al. (2015), table 2, shares of people who seem to have a
    sudden gain though nothing changes.

    Examples
    --------
    >>> found = sudden_steps(
    ...     [[30, 31, 29, 14, 15, 13, 14, 24]], reliable=7, better=Better.LOWER
    ... )
    >>> np.argwhere(found.gains).tolist(), bool(found.reversed[0, 2])
    ([[0, 2]], True)
    """
    scores = np.asarray(values, dtype=np.float64)
    if scores.ndim != 2:  # noqa: PLR2004 - a table has two dimensions
        raise BadInput(f"values has {scores.ndim} dimensions; give people by sessions.")
    if not reliable > 0:
        raise ScienceError(f"A reliable change must be above 0, got {reliable}.")
    if better is Better.NEITHER:
        raise ScienceError("This scale has no better side, so no step on it is a gain.")
    size = np.diff(scores, axis=1)
    with np.errstate(invalid="ignore"):
        return Steps(
            size=size if better is Better.HIGHER else -size,
            large=np.abs(size) >= reliable,
            relative=np.abs(size) >= SHARE * np.abs(scores[:, :-1]),
            stable=_is_stable(scores, np.sign(size), variant),
            reversed=_is_reversed(scores, size),
        )


def _is_stable(scores: Floats, way: Floats, variant: Variant) -> Bools:
    """Test the mean before against the mean after, in the direction of the step."""
    edge = np.full((scores.shape[0], AROUND - 1), np.nan)
    windows = sliding_window_view(np.hstack((edge, scores, edge)), AROUND, axis=1)
    sessions = scores.shape[1]
    n0, mean0, square0 = _summed(windows[:, : max(sessions - 1, 0)])
    n1, mean1, square1 = _summed(windows[:, AROUND : AROUND + max(sessions - 1, 0)])
    freedom = n0 + n1 - 2
    enough = (n0 >= FEWEST) & (n1 >= FEWEST)
    table = np.full(2 * AROUND - 1, np.inf)
    table[list(CRITICAL_T)] = list(CRITICAL_T.values())
    needed = table[np.where(enough, freedom, 0).astype(np.intp)]
    spread = np.sqrt((square0 + square1) / np.where(enough, freedom, 1))
    if variant is Variant.T_FULL:
        spread = spread * np.sqrt(1 / np.maximum(n0, 1) + 1 / np.maximum(n1, 1))
    limit = np.where(enough, needed, 0.0) * spread
    return np.asarray(enough & (way * (mean1 - mean0) > limit))


def _summed(windows: Floats) -> tuple[Floats, Floats, Floats]:
    """Count, mean and sum of squares around it, of the scores there are."""
    there = ~np.isnan(windows)
    count = there.sum(axis=-1).astype(np.float64)
    mean = np.where(there, windows, 0.0).sum(axis=-1) / np.maximum(count, 1)
    off = np.where(there, windows - mean[..., None], 0.0)
    return count, mean, (off * off).sum(axis=-1)


def _is_reversed(scores: Floats, size: Floats) -> Bools:
    """Say whether a score after the step's end returns by half of the step or more."""
    later = scores[:, 2:]
    nothing = np.full((scores.shape[0], 1), np.nan)
    highest = np.hstack((_running(np.fmax, later), nothing))[:, : size.shape[1]]
    lowest = np.hstack((_running(np.fmin, later), nothing))[:, : size.shape[1]]
    end = scores[:, 1:]
    half = REVERSED * np.abs(size)
    back = np.where(size < 0, highest >= end + half, lowest <= end - half)
    return np.asarray(back & (size != 0))


def _running(pick: np.ufunc, later: Floats) -> Floats:
    """From each session to the last: the highest, or the lowest, score there is."""
    return np.asarray(pick.accumulate(later[:, ::-1], axis=1)[:, ::-1])
