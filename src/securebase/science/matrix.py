"""Many people's answers at once: the same scores as ``scoring``, as columns.

Rows go through in blocks small enough to stay in the processor's cache; within a block
every item is a row of its own, so that a scale is a few sums of such rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.columns import Block, Sum, keyed, kind_for
from securebase.science.errors import BadInput
from securebase.science.expressions import Bounds, name_of, parse
from securebase.science.reporting import reported_column
from securebase.science.words import Combine, Instrument, Item, Outcome, Scale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BLOCK = 16_384
"""Rows that go through together: few enough for the processor's cache."""

_PEOPLE_BY_ITEMS = 2
_UNKNOWN = np.iinfo(np.int16).min


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One outcome for many people: ``codes`` index ``words``; -1 where unknown."""

    words: tuple[str | bool, ...]
    codes: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class MatrixSheet:
    """Everything many responses give; arrays of shape (n,), keyed by scale or outcome.

    ``values`` in raw points, NaN where not scorable; ``answered`` counts items;
    ``prorated`` says where missing answers were made up for; ``errors`` are from tables.
    """

    values: Mapping[str, Floats]
    answered: Mapping[str, NDArray[np.int16]]
    prorated: Mapping[str, Bools]
    verdicts: Mapping[str, Verdicts]
    errors: Mapping[str, Floats] = field(default_factory=dict)


def score_matrix(instrument: Instrument, answers: ArrayLike) -> dict[str, Floats]:
    """Score many responses to one instrument in one call.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    answers : array-like of shape (n, items)
        Raw answers before any reversal, items in the definition's order (or the scored
        items alone). Missing: -1, unless -1 is an answer of the instrument; masked, in a
        masked array; NaN, in an array of floats.

    Returns
    -------
    dict of str to ndarray of shape (n,)
        Each score in raw points, NaN where not scorable; each yes-or-no outcome as 1.0,
        0.0 or NaN for unknown; an outcome with words as one such array for each word
        (``alg.major``).

    Raises
    ------
    BadInput
        If the array has not one column for each item.
    AnswerOutOfRange
        If an answer is not a whole number on the scale of its item; names row and item.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> score_matrix(instrument("gad-7"), [[1] * 7, [3] * 6 + [-1]])["total"]
    array([ 7., 21.])
    """
    sheet = score_sheet(instrument, answers)
    flat = dict(sheet.values)
    for error in sheet.errors.values():
        flat["SE"] = error
    for key, verdicts in sheet.verdicts.items():
        for code, word in enumerate(verdicts.words):
            if word is not False:
                name = key if word is True else f"{key}.{word}"
                flat[name] = np.where(verdicts.codes < 0, np.nan, verdicts.codes == code)
    return flat


def score_sheet(instrument: Instrument, answers: ArrayLike) -> MatrixSheet:
    """Score many responses and keep how each score came about.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    answers : array-like of shape (n, items)
        As for ``score_matrix``.

    Returns
    -------
    MatrixSheet
        Values, answered counts, prorated marks and verdicts.

    Raises
    ------
    BadInput, AnswerOutOfRange
        As for ``score_matrix``.
    """
    items, table, masked = _table(instrument, answers)
    scales = [scale for scale in instrument.scales if not (scale.parts or scale.tally)]
    sums = tuple(Sum.of(scale, items) for scale in scales)
    people, kind = len(table), kind_for(sums)
    values, answered = np.empty((len(sums), people)), np.empty((len(sums), people), np.int16)
    marks = np.empty((len(items) if instrument.outcomes else 0, people), dtype=np.int16)
    for start in range(0, people, _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = Block.read(items, table[rows], masked if masked is None else masked[rows])
        block.refuse_outside(instrument, first_row=start)
        if len(marks):
            marks[:, rows] = np.where(block.missing, _UNKNOWN, block.columns)
        block = block.of_kind(kind)
        for one, value, count in zip(sums, values, answered, strict=True):
            value[rows], absent = one.score(block)
            np.subtract(len(one.scale.items), absent, out=count[rows])
    names = [scale.slug for scale in scales]
    sheet = MatrixSheet(
        values=dict(zip(names, values, strict=True)),
        answered=dict(zip(names, answered, strict=True)),
        prorated={
            scale.slug: (count < len(scale.items)) & ~np.isnan(value)
            for scale, value, count in zip(scales, values, answered, strict=True)
        },
        verdicts=_verdicts(instrument, items, marks),
    )
    given = {item.id: ~missing for item, missing in zip(items, marks == _UNKNOWN, strict=False)}
    return _reported(instrument, sheet, given)


def _table(
    instrument: Instrument, answers: ArrayLike
) -> tuple[tuple[Item, ...], NDArray[np.number], Bools | None]:
    """Return the items that have a column, the columns, and the mask if there is one."""
    masked = np.ma.getmaskarray(answers) if np.ma.isMaskedArray(answers) else None
    table = np.ma.getdata(answers) if masked is not None else np.asarray(answers)
    scored = [item for item in instrument.items if item.scored]
    width = table.shape[1] if table.ndim == _PEOPLE_BY_ITEMS else -1
    if width not in (len(instrument.items), len(scored)) or table.dtype.kind not in "iuf":
        raise BadInput(
            f"{instrument.slug} wants numbers of shape (n, {len(instrument.items)}), not "
            f"{table.dtype} of shape {table.shape}. Its items, in order, are "
            f"{', '.join(item.id for item in instrument.items)}."
        )
    present = instrument.items if width == len(instrument.items) else scored
    kept = [column for column, item in enumerate(present) if item.kind != "text"]
    items = tuple(present[column] for column in kept)
    if len(kept) < width:
        table = table[:, kept]
        masked = None if masked is None else masked[:, kept]
    return items, table, masked


def _reported(
    instrument: Instrument, sheet: MatrixSheet, given: Mapping[str, Bools]
) -> MatrixSheet:
    """Make the scores that come from others, and turn what items come to into reports."""
    values: dict[str, Floats] = {}
    errors: dict[str, Floats] = {}
    answered, prorated = dict(sheet.answered), dict(sheet.prorated)
    for scale in instrument.scales:
        slug, parts = scale.slug, scale.parts
        if scale.tally:
            raw = np.sum([_held(sheet.verdicts[key]) for key in scale.tally], axis=0)
            answered[slug] = np.sum([given[item] for item in scale.items], axis=0)
            prorated[slug] = np.zeros(len(raw), dtype=bool)
        elif parts:
            raw = np.sum([values[part] for part in parts], axis=0)
            answered[slug] = np.sum([answered[part] for part in parts], axis=0)
            prorated[slug] = np.any([prorated[p] for p in parts], axis=0) & ~np.isnan(raw)
        else:
            raw = sheet.values[slug]
        values[slug], found = reported_column(scale, raw)
        errors |= {} if found is None else {slug: found}
    return MatrixSheet(
        values=values,
        answered={slug: answered[slug] for slug in values},
        prorated={slug: prorated[slug] for slug in values},
        verdicts=sheet.verdicts,
        errors=errors,
    )


def _held(verdicts: Verdicts) -> Floats:
    """Return 1 where a yes-or-no outcome holds, 0 where not, NaN where unknown."""
    held = np.array([word is True for word in verdicts.words])[verdicts.codes]
    return np.where(verdicts.codes < 0, np.nan, held)


def _verdicts(
    instrument: Instrument, items: tuple[Item, ...], marks: NDArray[np.int16]
) -> dict[str, Verdicts]:
    if not instrument.outcomes:
        return {}
    known = _known(instrument, dict(zip([i.id for i in items], marks, strict=True)))
    return {o.key: _verdict(o, known, people=marks.shape[1]) for o in instrument.outcomes}


def _known(
    instrument: Instrument, marks: Mapping[str, NDArray[np.int16]]
) -> dict[str, list[Bounds]]:
    """Say for each name of a rule between which bounds its answers lie, row by row."""
    known: dict[str, list[Bounds]] = {}
    for item in instrument.items:
        if item.kind != "text":
            column = marks.get(item.id, np.array(_UNKNOWN, dtype=np.int16))
            unknown = column == _UNKNOWN
            ends = np.where(unknown, item.low, column), np.where(unknown, item.high, column)
            known[name_of(item.id)] = [ends]
    for scale in instrument.scales:
        known[scale.slug] = [
            _keyed_bounds(instrument.item(item_id), scale, known[name_of(item_id)][0])
            for item_id in scale.items
        ]
    return known


def _keyed_bounds(item: Item, scale: Scale, bounds: Bounds) -> Bounds:
    ends = [keyed(item, scale, end) for end in bounds]
    if scale.combine is Combine.COUNT:
        ends = [(end >= scale.count_from).astype(np.int16) for end in ends]
    low, high = ends[::-1] if item.id in scale.reversed_items else ends
    return low, high


def _verdict(outcome: Outcome, known: Mapping[str, list[Bounds]], *, people: int) -> Verdicts:
    """Work out an outcome row by row; unknown where a missing answer could change it."""
    words = tuple(dict.fromkeys([*(value for _, value in outcome.cases), outcome.otherwise]))
    candidate = np.zeros((len(words), people), dtype=bool)
    undecided = np.ones(people, dtype=bool)
    for source, value in outcome.cases:
        certain, possible = parse(source).evaluate(known)
        candidate[words.index(value)] |= undecided & possible
        undecided &= ~np.asarray(certain)
    candidate[words.index(outcome.otherwise)] |= undecided
    codes = np.where(candidate.sum(axis=0) == 1, candidate.argmax(axis=0), -1)
    return Verdicts(words, codes.astype(np.int8))
