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
        starts = np.asarray(offsets, dtype=np.intp)
        at, nth, seen = (np.asarray(a, dtype=np.float64) for a in (weeks, sessions, values))
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
