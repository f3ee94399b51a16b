"""From what the items of a scale come to, to the number that is reported.

A factor and an offset (the WHO-5 counts 0 to 25 and reports 0 to 100), a published table
(a PROMIS raw score becomes a T-score with a standard error), or a count of what holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from securebase.science.words import Item, Scale

Floats = NDArray[np.float64]

_WITH_ERROR = 3


def reported(scale: Scale, raw: float) -> tuple[float, float | None]:
    """Return the reported score and its standard error, if the table has one.

    Parameters
    ----------
    scale : Scale
        With its factor, offset and table.
    raw : float
        What its items come to, in raw points.

    Returns
    -------
    tuple of float and (float or None)
        In points of the scale.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> reported(instrument("promis-depression-8a").scale("T"), 30)
    (67.7, 1.8)
    """
    value = raw * scale.factor + scale.offset
    if not scale.lookup:
        return value, None
    row = next(row for row in scale.lookup if row[0] == value)
    return row[1], row[2] if has_errors(scale) else None


def reported_column(scale: Scale, raw: Floats) -> tuple[Floats, Floats | None]:
    """Return reported scores and standard errors of many responses.

    Parameters
    ----------
    scale : Scale
        With its factor, offset and table.
    raw : ndarray of shape (n,)
        Raw points, NaN where not scorable.

    Returns
    -------
    tuple of ndarray of shape (n,) and (ndarray of shape (n,) or None)
        In points of the scale, NaN where not scorable; None if there are no errors.
    """
    as_it_is = scale.factor == 1 and scale.offset == 0
    value = raw if as_it_is else raw * scale.factor + scale.offset
    if not scale.lookup:
        return value, None
    rows = np.array(scale.lookup)
    known = ~np.isnan(value)
    place = np.searchsorted(rows[:, 0], np.where(known, value, rows[0, 0]))
    columns = [np.where(known, column[place], np.nan) for column in rows.T[1:]]
    return columns[0], columns[1] if has_errors(scale) else None


def has_errors(scale: Scale) -> bool:
    """Say whether a scale is looked up in a table that gives standard errors."""
    return any(len(row) == _WITH_ERROR for row in scale.lookup)


def tallied(verdicts: Sequence[str | bool | None]) -> float | None:
    """Return how many of some yes-or-no verdicts hold, None while one is unknown.

    Examples
    --------
    >>> tallied([True, False, True]), tallied([True, None])
    (2.0, None)
    """
    return None if None in verdicts else float(sum(v is True for v in verdicts))


def allowed(item: Item, value: int) -> bool:
    """Say whether a whole number is an answer of an item.

    Examples
    --------
    >>> allowed(Item("5", 1, 8, codes=(1, 2, 8)), 3)
    False
    """
    return value in item.codes if item.codes else item.low <= value <= item.high


def codes_of(item: Item) -> str:
    """Return in words what may be answered to an item.

    Examples
    --------
    >>> codes_of(Item("1", 0, 3)), codes_of(Item("5", 1, 8, codes=(1, 2, 8)))
    ('a whole number from 0 to 3', 'one of 1, 2, 8')
    """
    if item.codes:
        return f"one of {', '.join(map(str, item.codes))}"
    return f"a whole number from {item.low} to {item.high}"
