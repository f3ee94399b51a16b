"""How an instrument behaves in one's own data: consistency, error, floor and ceiling.

A published reliability belongs to the people it was found in. These figures are of the
people at hand, to be laid beside the published ones, and are no better than their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.change import CONFIDENCE_95, reliable_change_threshold
from securebase.science.columns import MISSING
from securebase.science.errors import BadInput, ScienceError
from securebase.science.matrix import score_sheet
from securebase.science.words import Combine, Instrument, Item, Scale

Floats = NDArray[np.float64]

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)
_FEWEST = 3
"""People that a covariance says anything about."""
_MATRIX = 2


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha, its standard error, and the ends of its 95 % interval; unitless."""

    value: float
    error: float
    low: float
    high: float
    people: int
    """Who answered every item."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item: answers given, share missing, mean and sd of the answers as given.

    ``low`` and ``high`` are the lowest and the highest answer anybody gave. NaN where
    nobody answered, sd NaN with one answer.
    """

    id: str
    answered: int
    missing: float
    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """One score, in its own points; NaN where there are too few people to say.

    ``floor`` and ``ceiling`` are shares of the people scored who have the lowest and the
    highest possible score. ``rest`` is, for each item, turned round where the scale turns
    it, its correlation with the sum of the others.
    """

    slug: str
    people: int
    mean: float
    sd: float
    floor: float
    ceiling: float
    percentiles: Mapping[int, float]
    rest: Mapping[str, float]
    alpha: Alpha | None = None
    """None where the items are not simply added up, or too few people answered all."""
    sem: float = nan
    """Standard error of measurement: the sd times the root of one minus alpha."""
    reliable_change: float = nan
    """Least change beyond noise at 95 %, from the same two figures."""


@dataclass(frozen=True, slots=True)
class Psychometrics:
    """Everything one table of answers says about its instrument."""

    instrument: str
    people: int
    items: tuple[ItemFigures, ...]
    scales: tuple[ScaleFigures, ...]


def psychometrics(instrument: Instrument, answers: ArrayLike) -> Psychometrics:
    """Work out how an instrument behaves in a table of answers.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    answers : array-like of shape (n, items)
        As for ``score_matrix``: raw answers, items in the definition's order; missing -1,
        masked or NaN.

    Returns
    -------
    Psychometrics
        Figures of every scored item and of every score.

    Raises
    ------
    BadInput, AnswerOutOfRange
        As for ``score_matrix``.

    Notes
    -----
    Alpha and item-rest correlations are those of people who answered every item of the
    scale; the rest uses all answers there are.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> told = psychometrics(instrument("gad-7"), [[0] * 7, [1] * 7, [3] * 7, [2] * 7])
    >>> round(told.scales[0].alpha.value, 6), told.scales[0].ceiling
    (1.0, 0.25)
    """
    sheet = score_sheet(instrument, answers)
    items, table = _answers(instrument, answers)
    place = {item.id: column for column, item in enumerate(items)}
    scales = []
    for scale in instrument.scales:
        keyed = _keyed(scale, items, place, table)
        scales.append(_of_scale(scale, sheet.values[scale.slug], keyed))
    return Psychometrics(
        instrument=instrument.slug,
        people=len(table),
        items=tuple(_of_item(i.id, table[:, place[i.id]]) for i in items if i.scored),
        scales=tuple(scales),
    )


def cronbach(answers: ArrayLike) -> Alpha | None:
    """Cronbach's alpha of items that are added up.

    Parameters
    ----------
    answers : array-like of shape (n, items)
        All turned the same way; NaN where missing. People with a gap are left out.

    Returns
    -------
    Alpha or None
        None with fewer than two items, fewer than three complete people, or sums that do
        not differ.

    Raises
    ------
    ScienceError
        If there are not two dimensions.

    Notes
    -----
    The standard error is that of Duhachek & Iacobucci (2004), J Appl Psychol 89, 792-808,
    for normal answers; the interval is alpha and 1.96 of it either way, at most 1.

    Examples
    --------
    >>> round(cronbach([[1, 2, 2], [2, 2, 3], [3, 4, 3], [4, 4, 5]]).value, 4)
    0.9388
    """
    table = np.asarray(answers, dtype=np.float64)
    if table.ndim != _MATRIX:
        raise ScienceError(f"Answers are of shape {table.shape}; give (n, items).")
    whole = table[~np.isnan(table).any(axis=1)]
    n, k = whole.shape
    if k < _MATRIX or n < _FEWEST or not np.ptp(whole.sum(axis=1)) > 0:
        return None
    cov = np.cov(whole, rowvar=False)
    total, trace = cov.sum(), np.trace(cov)
    value = k / (k - 1) * (1 - trace / total)
    squared = cov @ cov
    spread = total * (np.trace(squared) + trace**2) - 2 * trace * squared.sum()
    error = sqrt(max(2 * k**2 / ((k - 1) ** 2 * total**3) * spread / n, 0.0))
    reach = CONFIDENCE_95 * error
    return Alpha(float(value), error, float(value - reach), min(float(value + reach), 1.0), n)


def item_rest(answers: ArrayLike) -> Floats:
    """Correlation of each item with the sum of the others.

    Parameters
    ----------
    answers : array-like of shape (n, items)
        All turned the same way; NaN where missing. People with a gap are left out.

    Returns
    -------
    ndarray of shape (items,)
        Unitless; NaN where the item or the rest does not vary, or of fewer than three
        people.

    Examples
    --------
    >>> item_rest([[1, 2, 9], [2, 2, 8], [3, 4, 7], [4, 4, 5]]).round(2)
    array([-0.67, -0.58, -0.94])
    """
    table = np.asarray(answers, dtype=np.float64)
    whole = table[~np.isnan(table).any(axis=1)]
    if len(whole) < _FEWEST:
        return np.full(table.shape[1], nan)
    rest = whole.sum(axis=1, keepdims=True) - whole
    one, other = whole - whole.mean(axis=0), rest - rest.mean(axis=0)
    scale = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    varies = (np.ptp(whole, axis=0) > 0) & (np.ptp(rest, axis=0) > 0)
    shared = (one * other).sum(axis=0)
    found: Floats = np.divide(shared, scale, out=np.full(len(scale), nan), where=varies)
    return found


def _of_item(name: str, column: Floats) -> ItemFigures:
    given = column[~np.isnan(column)]
    missing = 1 - given.size / column.size if column.size else nan
    if not given.size:
        return ItemFigures(name, 0, missing, nan, nan, nan, nan)
    sd = float(given.std(ddof=1)) if given.size > 1 else nan
    ends = float(given.min()), float(given.max())
    return ItemFigures(name, given.size, missing, float(given.mean()), sd, *ends)


def _of_scale(scale: Scale, scores: Floats, keyed: Floats | None) -> ScaleFigures:
    known = scores[~np.isnan(scores)]
    sd = float(known.std(ddof=1)) if known.size > 1 else nan
    alpha = None if keyed is None else cronbach(keyed)
    sem = reliable = nan
    # A table from sums to scores is no straight line, so one error does not fit all of it.
    if alpha is not None and 0 <= alpha.value < 1 and sd > 0 and not scale.lookup:
        sem = sd * sqrt(1 - alpha.value)
        reliable = reliable_change_threshold(sd=sd, reliability=alpha.value)
    return ScaleFigures(
        slug=scale.slug,
        people=known.size,
        mean=float(known.mean()) if known.size else nan,
        sd=sd,
        floor=_share(known, scale.low),
        ceiling=_share(known, scale.high),
        percentiles=_percentiles(known),
        rest={}
        if keyed is None
        else dict(zip(scale.items, item_rest(keyed).tolist(), strict=True)),
        alpha=alpha,
        sem=sem,
        reliable_change=reliable,
    )


def _share(scores: Floats, at: float) -> float:
    return float(np.isclose(scores, at).mean()) if scores.size else nan


def _percentiles(scores: Floats) -> dict[int, float]:
    if not scores.size:
        return dict.fromkeys(PERCENTILES, nan)
    found = np.percentile(scores, PERCENTILES).tolist()
    return dict(zip(PERCENTILES, found, strict=True))


def _keyed(
    scale: Scale, items: tuple[Item, ...], place: Mapping[str, int], table: Floats
) -> Floats | None:
    """Return a scale's items turned and weighted as it adds them; None if it does not."""
    if scale.combine is Combine.COUNT or scale.tally or not scale.items:
        return None
    at = [place[item] for item in scale.items]
    keyed = table[:, at].copy()
    for column, item in enumerate(items[n] for n in at):
        if item.id in scale.reversed_items:
            keyed[:, column] = item.low + item.high - keyed[:, column]
    return keyed * scale.weights if scale.weights else keyed


def _answers(instrument: Instrument, answers: ArrayLike) -> tuple[tuple[Item, ...], Floats]:
    """Return the items that have a column, and their answers with NaN where missing."""
    masked = np.ma.getmaskarray(answers) if np.ma.isMaskedArray(answers) else None
    table = np.asarray(np.ma.getdata(answers), dtype=np.float64).copy()
    if not len(table):
        raise BadInput(f"{instrument.slug}: there are no answers; give at least one row.")
    items = instrument.items
    if table.shape[1] != len(items):
        items = tuple(item for item in items if item.scored)
    if all(item.low > MISSING for item in items):
        table[table == MISSING] = nan
    if masked is not None:
        table[masked] = nan
    return items, table


def known(value: float) -> float | None:
    """Return a figure, or None where it is NaN: how JSON says that nobody knows.

    Examples
    --------
    >>> known(nan) is None, known(0.5)
    (True, 0.5)
    """
    return None if isnan(value) else value
