"""A block of people's answers, a row for each item: what they come to on every scale.

Item by item and not person by person: then every step is one pass over numbers that lie
side by side, in the smallest kind of number that holds every sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.errors import AnswerOutOfRange
from securebase.science.reporting import codes_of
from securebase.science.words import Combine, Instrument, Item, Scale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.number]

MISSING = -1
"""How a plain array of whole numbers writes a missing answer, if -1 is no answer."""

_MOST_BY_BYTE = 255


@dataclass(frozen=True, slots=True)
class Sum:
    """How one scale that is not a sum of others comes from its items.

    ``terms`` are row and factor of each item. A missing item stands as -1 in the sum;
    ``lost`` says, for each amount that this and its own floor add, which rows add it.
    """

    scale: Scale
    terms: tuple[tuple[int, float], ...]
    lost: tuple[tuple[float, tuple[int, ...]], ...]
    weights: tuple[tuple[int, float], ...]
    """Row and weight of each item; none if each counts once."""
    constant: float
    whole: float
    """Sum of the weights."""
    most: float
    """No sum of answers is farther from 0."""

    @classmethod
    def of(cls, scale: Scale, items: tuple[Item, ...]) -> Sum:
        """Work out factors and amounts from a scale and the items that have a row."""
        place = {item.id: row for row, item in enumerate(items)}
        terms, lost, constant, most = [], dict[float, list[int]](), 0.0, 0.0
        each = scale.weights or (1.0,) * len(scale.items)
        rows = [place[item_id] for item_id in scale.items]
        for row, weight in zip(rows, each, strict=True):
            item = items[row]
            turned = item.id in scale.reversed_items
            factor = -weight if turned else weight
            amount = weight * ((item.low + item.high if turned else 0) + scale.recode)
            terms.append((row, factor))
            lost.setdefault(amount + factor * MISSING, []).append(row)
            constant += amount
            most += abs(weight) * max(abs(item.low), abs(item.high), -MISSING)
        return cls(
            scale=scale,
            terms=tuple(terms),
            lost=tuple((amount, tuple(which)) for amount, which in lost.items()),
            weights=tuple(zip(rows, each, strict=True)) if scale.weights else (),
            constant=constant,
            whole=float(sum(each)),
            most=most,
        )

    def total(self, block: Block) -> tuple[Floats, NDArray[np.integer]]:
        """Sum of what was answered, in raw points, and how many items are missing."""
        kind = block.columns.dtype
        summed = np.zeros(block.columns.shape[1], dtype=kind)
        for row, factor in self.terms:
            _add(summed, block.columns[row], factor)
        total = summed.astype(np.float64)
        total += self.constant
        absent: NDArray[np.integer] | None = None
        for amount, rows in self.lost:
            here = block.absent(rows)
            total -= amount * here
            absent = here if absent is None else absent + here
        return total, np.zeros(total.size, np.uint8) if absent is None else absent

    def share(self, block: Block, absent: NDArray[np.integer]) -> Floats:
        """How much weight the answered items have."""
        if not self.weights:
            return self.whole - absent.astype(np.float64)
        lost = np.zeros(absent.size)
        for row, weight in self.weights:
            lost += weight * block.missing[row]
        return self.whole - lost

    def score(self, block: Block) -> tuple[Floats, NDArray[np.integer]]:
        """Score of everybody in the block, NaN where not scorable; and missing items."""
        scale = self.scale
        total, absent = self.total(block)
        if scale.combine is Combine.COUNT:
            total = self._counted(block)
        share = self.share(block, absent)
        with np.errstate(invalid="ignore", divide="ignore"):
            if scale.combine is Combine.MEAN:
                value = total / share
            else:
                value = np.where(absent == 0, total, total * self.whole / share)
        most = len(scale.items) - scale.min_answered
        if absent.max(initial=0) > most:
            value[absent > most] = np.nan
        return value, absent

    def _counted(self, block: Block) -> Floats:
        """Count the answered items that reach ``count_from``."""
        counted = np.zeros(block.columns.shape[1])
        for row, _ in self.terms:
            turned = keyed(block.items[row], self.scale, block.columns[row].astype(np.float64))
            counted += (turned >= self.scale.count_from) & ~block.missing[row]
        return counted


@dataclass(frozen=True, slots=True)
class Block:
    """Answers of shape (items, rows), -1 where ``missing``."""

    items: tuple[Item, ...]
    columns: Numbers
    missing: Bools

    @classmethod
    def read(cls, items: tuple[Item, ...], rows: Numbers, masked: Bools | None) -> Block:
        """Turn rows of people into rows of items and see what is missing."""
        columns = np.ascontiguousarray(rows.T, dtype="i8" if rows.dtype.kind == "u" else None)
        if all(item.low > MISSING for item in items):
            missing = columns == MISSING
        else:
            missing = np.zeros(columns.shape, bool)
        if columns.dtype.kind == "f":
            missing |= np.isnan(columns)
        if masked is not None:
            missing |= masked.T
        if columns.dtype.kind == "f" or masked is not None:
            columns = np.where(missing, columns.dtype.type(MISSING), columns)
        block = cls(items, columns, missing)
        for row, item in enumerate(items):
            if item.asked_if is not None:
                block = block._skipped(row, item.asked_if)
        return block

    def _skipped(self, row: int, asked_if: str) -> Block:
        """Set an item to its floor where the item that opens it was answered "no"."""
        columns, missing = self.columns.copy(), self.missing
        for gate in (n for n, item in enumerate(self.items) if item.id == asked_if):
            shut = (columns[gate] == self.items[gate].low) & ~missing[gate]
            if self.items[row].safety:
                shut &= missing[row]
            columns[row, shut] = self.items[row].low
            missing[row, shut] = False
        return Block(self.items, columns, missing)

    def refuse_outside(self, instrument: Instrument, *, first_row: int) -> None:
        """Refuse the first answer that is not a whole number on its item's scale."""
        columns, kind = self.columns, self.columns.dtype
        low = np.array([[item.low] for item in self.items], dtype=kind)
        high = np.array([item.high for item in self.items], dtype=kind)
        inside = not ((columns < low) > self.missing).any()
        inside = inside and bool((columns.max(axis=1) <= high).all())
        coded = any(item.codes for item in self.items)
        whole = kind.kind != "f" or np.array_equal(columns, np.rint(columns))
        if inside and whole and not coded:
            return
        wrong = (columns < low) | (columns > high[:, None]) | (columns != np.rint(columns))
        for row, item in enumerate(self.items):
            if item.codes:
                wrong[row] |= ~np.isin(columns[row], item.codes)
        wrong &= ~self.missing
        if not wrong.any():
            return
        person, row = (int(n) for n in np.argwhere(wrong.T)[0])
        item = self.items[row]
        raise AnswerOutOfRange(
            f"{instrument.slug}, row {first_row + person}, item {item.id}: "
            f"{columns[row, person]:g} is not {codes_of(item)}. Correct it, or mark it as "
            "missing."
        )

    def of_kind(self, kind: np.dtype[np.number]) -> Block:
        """Write the answers in another kind of number."""
        return Block(self.items, self.columns.astype(kind, copy=False), self.missing)

    def absent(self, rows: tuple[int, ...]) -> NDArray[np.integer]:
        """Count the missing ones among some items, person by person."""
        marks = self.missing.view(np.uint8)
        kind = np.uint8 if len(self.items) <= _MOST_BY_BYTE else np.int64
        counted: NDArray[np.integer] = np.zeros(marks.shape[1], dtype=kind)
        for row in rows:
            np.add(counted, marks[row], out=counted)
        return counted


def kind_for(sums: tuple[Sum, ...]) -> np.dtype[np.number]:
    """Return the smallest kind of number that holds every sum of answers."""
    if any(one.weights for one in sums):
        return np.dtype(np.float64)
    most = int(max((one.most for one in sums), default=0))
    return np.min_scalar_type(-most - 1)


def keyed(item: Item, scale: Scale, answers: Numbers) -> Numbers:
    """Answers to one item as they count on a scale: reversed, recoded."""
    turned = item.low + item.high - answers if item.id in scale.reversed_items else answers
    return turned + scale.recode


def _add(summed: Numbers, column: Numbers, factor: float) -> None:
    """Add a multiple of a column, in place."""
    if factor == -1:
        np.subtract(summed, column, out=summed)
    else:
        np.add(summed, column if factor == 1 else factor * column, out=summed)
