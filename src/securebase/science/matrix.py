"""Many people's answers at once: the same scores as ``scoring``, as columns.

A scale is a column of weights, so all scales of all people are two matrix products: the
answers times the weights, and which items were answered times what each is worth.
Rows go through in blocks small enough to stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.expressions import Bounds, name_of, parse
from securebase.science.reporting import codes_of, reported_column
from securebase.science.words import Combine, Instrument, Item, Outcome, Scale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MISSING = -1
"""How a plain array of whole numbers writes a missing answer, if -1 is no answer."""

_BLOCK = 4096
"""Rows that go through together: few enough for the processor's cache."""

_STRIP = 64
"""Rows of one product. Larger ones are shared out over threads, which wait for one
another; on a busy machine that costs ten times what it saves."""

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
    answered: Mapping[str, NDArray[np.int64]]
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
    plan = _Plan.of(instrument, items)
    people, scales, whole = len(table), len(plan.scales), table.dtype.kind != "f"
    values, answered = np.empty((scales, people)), np.empty((scales, people), dtype=np.int64)
    marks = np.empty((len(items) if instrument.outcomes else 0, people), dtype=np.int16)
    for start in range(0, people, _BLOCK):
        rows = slice(start, start + _BLOCK)
        filled, missing = plan.read(table[rows], masked if masked is None else masked[rows])
        plan.refuse_outside(filled, slug=instrument.slug, first_row=start, whole=whole)
        plan.score(filled, missing, out=(values[:, rows], answered[:, rows]))
        if len(marks):
            marks[:, rows] = np.where(missing, _UNKNOWN, filled).T
    names = [scale.slug for scale in plan.scales]
    sheet = MatrixSheet(
        values=dict(zip(names, values, strict=True)),
        answered=dict(zip(names, answered, strict=True)),
        prorated={
            scale.slug: (count < len(scale.items)) & ~np.isnan(value)
            for scale, value, count in zip(plan.scales, values, answered, strict=True)
        },
        verdicts=_verdicts(instrument, items, marks),
    )
    given = {item.id: ~missing for item, missing in zip(items, marks == _UNKNOWN, strict=False)}
    return _reported(instrument, sheet, given)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Every scale that is not a sum of others, as columns of matrices (items, scales)."""

    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    low: NDArray[np.floating]
    high: NDArray[np.floating]
    minus_one_is_missing: bool
    weight: NDArray[np.floating]
    """What one raw point of an item adds to a scale: its weight, negative if reversed."""
    absent: NDArray[np.floating]
    """What a missing item takes away: what its floor would add, its weight, itself."""
    constant: NDArray[np.floating]
    whole: Floats
    """Sum of a scale's weights."""

    @classmethod
    def of(cls, instrument: Instrument, items: tuple[Item, ...]) -> _Plan:
        scales = tuple(s for s in instrument.scales if not (s.parts or s.tally))
        place = {item.id: row for row, item in enumerate(items)}
        weights, signed, constants = np.zeros((3, len(items), len(scales)))
        for column, scale in enumerate(scales):
            each = scale.weights or (1.0,) * len(scale.items)
            for item_id, weight in zip(scale.items, each, strict=True):
                row, reverse = place[item_id], item_id in scale.reversed_items
                item = items[row]
                weights[row, column] = weight
                signed[row, column] = -weight if reverse else weight
                start = item.low + item.high if reverse else 0
                constants[row, column] = weight * (start + scale.recode)
        kind = np.dtype("f8" if any(scale.weights for scale in scales) else "f4")
        low: NDArray[np.floating] = np.array([item.low for item in items]).astype(kind)
        floors = signed * low[:, None] + constants
        return cls(
            scales=scales,
            items=items,
            low=low,
            high=np.array([item.high for item in items]).astype(kind),
            minus_one_is_missing=all(item.low > MISSING for item in items),
            weight=signed.astype(kind),
            absent=np.hstack([floors, weights, weights != 0]).astype(kind),
            constant=constants.sum(axis=0).astype(kind),
            whole=weights.sum(axis=0),
        )

    def read(
        self, rows: NDArray[np.number], masked: Bools | None
    ) -> tuple[NDArray[np.floating], Bools]:
        """Return one block with missing answers at their floor, and where they were."""
        block = rows.astype(self.low.dtype)
        missing = np.isnan(block) if rows.dtype.kind == "f" else np.zeros(block.shape, bool)
        if self.minus_one_is_missing:
            missing |= block == MISSING
        if masked is not None:
            missing |= masked
        filled = np.where(missing, self.low, block)
        for column, item in enumerate(self.items):
            if item.asked_if is not None:
                self._skip(column, item.asked_if, filled, missing)
        return filled, missing

    def _skip(
        self, column: int, asked_if: str, filled: NDArray[np.floating], missing: Bools
    ) -> None:
        """Set an item to its floor where the item that opens it was answered "no"."""
        gates = [n for n, item in enumerate(self.items) if item.id == asked_if]
        for gate in gates:
            shut = (filled[:, gate] == self.low[gate]) & ~missing[:, gate]
            if self.items[column].safety:
                shut &= missing[:, column]
            filled[shut, column] = self.low[column]
            missing[shut, column] = False

    def refuse_outside(
        self, filled: NDArray[np.floating], *, slug: str, first_row: int, whole: bool
    ) -> None:
        """Refuse the first answer that is not a whole number on its item's scale."""
        inside = (filled.min(axis=0) >= self.low) & (filled.max(axis=0) <= self.high)
        coded = any(item.codes for item in self.items)
        if inside.all() and (whole or np.array_equal(filled, np.rint(filled))) and not coded:
            return
        wrong = (filled < self.low) | (filled > self.high) | (filled != np.rint(filled))
        for column, item in enumerate(self.items):
            if item.codes:
                wrong[:, column] |= ~np.isin(filled[:, column], item.codes)
        if not wrong.any():
            return
        row, column = (int(n) for n in np.argwhere(wrong)[0])
        item = self.items[column]
        raise AnswerOutOfRange(
            f"{slug}, row {first_row + row}, item {item.id}: "
            f"{filled[row, column]:g} is not {codes_of(item)}. Correct it, or mark it as "
            "missing."
        )

    def score(
        self,
        filled: NDArray[np.floating],
        missing: Bools,
        *,
        out: tuple[Floats, NDArray[np.int64]],
    ) -> None:
        """Write the scores and the answered counts of one block into ``out``."""
        total = _product(filled, self.weight) + self.constant
        sizes = np.array([len(scale.items) for scale in self.scales])
        lost = _product(missing.astype(filled.dtype), self.absent)
        floor, share, items = np.hsplit(lost.astype(np.float64), 3)
        total = total - floor
        for column, scale in enumerate(self.scales):
            if scale.combine is Combine.COUNT:
                total[:, column] = self._count(scale, filled, missing)
        count = sizes - items
        mean = np.array([s.combine is Combine.MEAN for s in self.scales], dtype=bool)
        least = np.array([scale.min_answered for scale in self.scales])
        with np.errstate(invalid="ignore", divide="ignore"):
            made_up = total * np.where(mean, 1.0, self.whole) / (self.whole - share)
        value = np.where((items == 0) & ~mean, total, made_up)
        out[0][:] = np.where(count >= least, value, np.nan).T
        out[1][:] = count.T

    def _count(self, scale: Scale, filled: NDArray[np.floating], missing: Bools) -> Floats:
        """Count the answered items of a scale that reach its ``count_from``."""
        counted = np.zeros(len(filled))
        for column, item in enumerate(self.items):
            if item.id in scale.items:
                keyed = _keyed(item, scale, filled[:, column])
                counted += (keyed >= scale.count_from) & ~missing[:, column]
        return counted


def _product(rows: NDArray[np.floating], columns: NDArray[np.floating]) -> NDArray[np.floating]:
    """Multiply matrices of shapes (rows, items) and (items, columns), strip by strip."""
    whole = len(rows) // _STRIP * _STRIP
    strips = rows[:whole].reshape(-1, _STRIP, rows.shape[1]) @ columns
    return np.concatenate([strips.reshape(whole, columns.shape[1]), rows[whole:] @ columns])


def _keyed(item: Item, scale: Scale, answers: NDArray[np.floating]) -> NDArray[np.floating]:
    turned = item.low + item.high - answers if item.id in scale.reversed_items else answers
    return turned + scale.recode


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
    ends = [_keyed(item, scale, end) for end in bounds]
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
