"""Observations of people of different length, end to end, checked once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ragged:
    """People of different length, end to end: checked arrays, ready for the filter."""

    offsets: Ints
    weeks: Floats
    dose: Floats
    """ln(1 + session)."""
    values: Floats

    @classmethod
    def of(
        cls, offsets: ArrayLike, weeks: ArrayLike, sessions: ArrayLike, values: ArrayLike
    ) -> Ragged:
        """Check that four arrays describe a caseload, and take the logarithm once."""
        starts = _counts(offsets)
        at, nth, seen = (
            _numbers(name, column)
            for name, column in (("weeks", weeks), ("sessions", sessions), ("values", values))
        )
        if (
            starts.ndim != 1
            or starts.size == 0
            or starts[0] != 0
            or (np.diff(starts) < 0).any()
        ):
            raise BadInput(
                "offsets must be one-dimensional, start at 0 and never fall. "
                "Give the running count of observations, one more than people."
            )
        shapes = {a.shape for a in (at, nth, seen)}
        if shapes != {(int(starts[-1]),)}:
            raise BadInput(
                f"weeks, sessions and values have shapes {at.shape}, {nth.shape} and "
                f"{seen.shape}; each must hold the {starts[-1]} observations that offsets "
                "end with."
            )
        _check_course(starts, at, nth, seen)
        return cls(offsets=starts, weeks=at, dose=np.log1p(nth), values=seen)


def _counts(offsets: ArrayLike) -> Ints:
    told = _numbers("offsets", offsets)
    whole = np.isfinite(told) & (told == np.round(told))
    if not whole.all():
        raise BadInput(
            f"offsets holds {told[~whole].ravel()[0]}, which is no count. Give whole numbers."
        )
    return told.astype(np.intp)


def _numbers(name: str, column: ArrayLike) -> Floats:
    try:
        return np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(
            f"{name} is no array of numbers ({error}). Give one, with NaN for a missing score."
        ) from None


def _check_course(offsets: Ints, weeks: Floats, sessions: Floats, values: Floats) -> None:
    if not np.isfinite(weeks).all():
        raise BadInput("weeks holds something that is no number. Every observation has a time.")
    if not (np.isfinite(sessions) & (sessions >= 0)).all():
        raise BadInput("sessions must be numbers, 0 (intake) or more. Count from 0.")
    if np.isinf(values).any():
        raise BadInput("values holds infinity. Give a score, or NaN where there is none.")
    back = np.diff(weeks) < 0
    starts = offsets[1:-1]
    back[starts[(starts > 0) & (starts < weeks.size)] - 1] = False
    if back.any():
        row = int(np.flatnonzero(back)[0]) + 1
        raise BadInput(
            f"weeks falls from {weeks[row - 1]} to {weeks[row]} at observation {row}. "
            "Sort the observations of each person by time."
        )
