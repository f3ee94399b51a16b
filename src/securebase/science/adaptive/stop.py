"""When to stop asking: sure enough, asked enough, or nothing left that would tell more.

How sure is enough belongs to the bank and the purpose, so no figure stands here.
Source of the last rule: Choi, Grady & Dodd (2011), Educ Psychol Meas 71, 37-53.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from securebase.science.adaptive.estimate import moments
from securebase.science.errors import ScienceError

Floats = NDArray[np.float64]


class Reason(StrEnum):
    """Why there is no next question."""

    SURE = "sure"
    """The standard error is small enough."""
    ENOUGH = "enough"
    """As many questions were asked as may be."""
    LITTLE_GAIN = "little_gain"
    """The next question would hardly make it surer."""
    EMPTY = "empty"
    """Every question that may be asked was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """When to stop.

    ``error``: the standard error, in the bank's unit, that is small enough. ``least``:
    answers before it may stop for being sure or for little gain. ``most``: questions that
    may be asked, skipped ones too. ``least_gain``: how much smaller the next answer must
    be expected to make the standard error; 0 goes on regardless.
    """

    error: float
    least: int
    most: int
    least_gain: float = 0.0

    def __post_init__(self) -> None:
        if not (self.error >= 0 and self.least_gain >= 0 and 0 <= self.least <= self.most):
            raise ScienceError(
                f"Stopping at an error of {self.error}, {self.least} to {self.most} items, "
                f"a gain of {self.least_gain}: none may be below 0, nor least above most."
            )

    def reason(self, *, asked: int, answered: int, error: float) -> Reason | None:
        """Say why to stop after so many questions; None to go on, gain not looked at."""
        if asked >= self.most:
            return Reason.ENOUGH
        if answered >= self.least and error <= self.error:
            return Reason.SURE
        return None

    def gains_little(self, *, answered: int, error: float, expected: float) -> bool:
        """Whether the error expected after the next answer makes it not worth asking."""
        return answered >= self.least and bool(error - expected < self.least_gain)


def expected_error(log_posterior: Floats, log_item: Floats, levels: Floats) -> float:
    """Work out the standard error to be expected after one more answer.

    Parameters
    ----------
    log_posterior : ndarray of shape (levels,)
        Log of the posterior so far, up to a constant.
    log_item : ndarray of shape (categories, levels)
        Log-probability of each answer to the item; minus infinity where it has none.
    levels : ndarray of shape (levels,)
        The grid.

    Returns
    -------
    float
        Root of the posterior variance, averaged over the answers to be expected.

    Examples
    --------
    >>> grid = np.linspace(-6, 6, 121)
    >>> told = np.log([1 / (1 + np.exp(2 * grid)), 1 / (1 + np.exp(-2 * grid))])
    >>> round(expected_error(-0.5 * grid**2, told, grid), 3)
    0.796
    """
    log_item = log_item[np.isfinite(log_item).any(axis=1)]
    joint = log_posterior + log_item
    _, errors = moments(joint, levels)
    chance = np.exp(joint - joint.max()).sum(axis=1)
    return float(np.sqrt(chance @ errors**2 / chance.sum()))
