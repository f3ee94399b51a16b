"""What is known of a person at intake, and how it moves what is expected of them.

A covariate (severity, attachment anxiety, attachment avoidance) is standardised and
shifts the expected level and slope. The figures of a ``Prior`` are those of a person of
whom no covariate is known: what a known one explains is taken out of the spread, and an
unknown one leaves the spread as wide as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import BadInput, ContentError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A measure that tells a covariate, with its mean and sd at intake, raw points."""

    measure: str
    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (isfinite(self.mean) and 0 < self.sd < inf):
            raise ContentError(
                f"Yardstick {self.measure}: mean is {self.mean} and sd {self.sd}; the mean "
                "must be a number and the sd more than zero. Correct it."
            )

    def standardized(self, value: float) -> float:
        """Return a score in sds from the mean."""
        return (value - self.mean) / self.sd


@dataclass(frozen=True, slots=True)
class Covariate:
    """One thing known at intake and what one sd of it adds to the expected course.

    ``level`` in raw points of the measure that is followed, ``slope`` in raw points per
    unit of ln(1 + session). ``yardsticks``: the measures it may come from, best first.
    Covariates are taken as independent of each other, with mean 0 and sd 1.
    """

    name: str
    level: float
    slope: float
    yardsticks: tuple[Yardstick, ...] = ()
    title: str = ""
    """How it is called in words."""

    def __post_init__(self) -> None:
        if not (isfinite(self.level) and isfinite(self.slope)):
            raise ContentError(
                f"Covariate {self.name}: level is {self.level} and slope {self.slope}; both "
                "must be numbers. Correct it."
            )

    def found_in(self, values: Mapping[str, float]) -> float | None:
        """Return the standardised value by the best yardstick there is, or None."""
        for yardstick in self.yardsticks:
            if yardstick.measure in values:
                return yardstick.standardized(values[yardstick.measure])
        return None


@dataclass(frozen=True, slots=True)
class Shift:
    """What is known moves the mean and narrows the spread; arrays of shape (people,).

    ``v00, v01, v11`` are explained variances and covariance, to be taken away.
    """

    level: Floats
    slope: Floats
    v00: Floats
    v01: Floats
    v11: Floats


def shift_of(covariates: Sequence[Covariate], known: Floats) -> Shift:
    """Work out the shift of many people.

    Parameters
    ----------
    covariates : sequence of Covariate
        The k covariates of a prior.
    known : ndarray of shape (people, k)
        Standardised values; NaN where not known.

    Returns
    -------
    Shift
        Zero wherever nothing is known.
    """
    level = np.array([one.level for one in covariates], dtype=np.float64)
    slope = np.array([one.slope for one in covariates], dtype=np.float64)
    told = ~np.isnan(known)
    z = np.where(told, known, 0.0)
    return Shift(
        level=z @ level,
        slope=z @ slope,
        v00=told @ (level * level),
        v01=told @ (level * slope),
        v11=told @ (slope * slope),
    )


def check_known(known: ArrayLike, *, people: int, names: Sequence[str]) -> Floats:
    """Refuse what is not one standardised value for each person and covariate."""
    try:
        values = np.asarray(known, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"covariates are not numbers ({error}). Give NaN where unknown."
        ) from None
    if values.shape != (people, len(names)):
        raise BadInput(
            f"covariates have shape {values.shape}; it must be ({people}, {len(names)}): a row "
            f"for each person and a column for each of {', '.join(names) or 'no covariate'}."
        )
    if np.isinf(values).any():
        raise BadInput("covariates hold infinity. Give a number, or NaN where unknown.")
    return values
