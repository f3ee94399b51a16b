"""Files of answers as people really have them, read whole or refused whole.

Spreadsheets write byte-order marks, semicolons, tabs and UTF-16; all are understood.
What is not understood is refused with row and column before anything is written. Rows
are counted as a spreadsheet counts them, the header being row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.reporting import allowed, codes_of
from securebase.science.tables import SEPARATORS, check_width, decoded
from securebase.science.words import Instrument, Item

ABSENT = np.iinfo(np.int16).min
_ROWS_AT_ONCE = 20_000

Rows = Iterator[tuple[int, list[str]]]
"""Row numbers, counted from 1, and cells."""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of answers: its id columns as text and its answers as numbers."""

    id_names: tuple[str, ...]
    id_columns: tuple[list[str], ...]
    table: np.ma.MaskedArray[tuple[int, int], np.dtype[np.int16]]
    """Shape (rows, items), items in the definition's order, masked where missing."""


def read_answers(instrument: Instrument, raw: bytes, *, missing: str | None) -> AnswerFile:
    """Read a whole file of answers to one instrument.

    Parameters
    ----------
    instrument : Instrument
        The definition; its items name the answer columns, all others are id columns.
    raw : bytes
        The file.
    missing : str or None
        What also marks a missing answer, besides a blank cell.

    Returns
    -------
    AnswerFile
        Ids and answers, row by row as in the file.

    Raises
    ------
    BadInput
        If the file is empty, wrongly encoded or its columns are not usable.
    AnswerOutOfRange
        If a cell is not an answer of its item; names row and column.
    """
    text = decoded(raw, "The file")
    separator = _separator(instrument, text)
    rows = _records(text, separator)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    layout = _Layout.of(instrument, header)
    cells = [_Cells(item, missing) for item in instrument.items]
    return _filled(layout, cells, rows)


def _records(text: str, separator: str) -> Rows:
    """Give every row that is not blank through and through, in order."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader, 1):
            check_width(row, "The file", number)
            if any(row):
                yield number, row
    except csv.Error as fault:
        raise BadInput(
            f"Line {reader.line_num} cannot be read as CSV: {fault}. Look for a quote "
            "that is never closed."
        ) from None


def _separator(instrument: Instrument, text: str) -> str:
    """Return the separator by which the header names most items."""
    first = text.lstrip().splitlines()[0]
    names = {name for item in instrument.items for name in _names(instrument, item)}

    def found(separator: str) -> int:
        try:
            cells = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            return 0  # Said in words, with its line, when the rows are read.
        return sum(cell.strip() in names for cell in cells)

    return max(SEPARATORS, key=found)


def _names(instrument: Instrument, item: Item) -> tuple[str, str]:
    return item.id, f"{instrument.slug}.{item.id}"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column holds what."""

    width: int
    ids: tuple[tuple[int, str], ...]
    answers: tuple[tuple[int, int, str], ...]
    """Column of the file, place of the item, and the column's name."""

    @classmethod
    def of(cls, instrument: Instrument, header: list[str]) -> _Layout:
        _refuse_twice(header)
        places: dict[int, tuple[int, str]] = {}
        for place, item in enumerate(instrument.items):
            found = [name for name in _names(instrument, item) if name in header]
            if len(found) > 1:
                raise BadInput(
                    f"Columns {found[0]!r} and {found[1]!r} both hold item {item.id}; keep one."
                )
            if found:
                places[header.index(found[0])] = (place, found[0])
        _refuse_lacking(instrument, header, {place for place, _ in places.values()})
        return cls(
            width=len(header),
            ids=tuple((n, name) for n, name in enumerate(header) if n not in places),
            answers=tuple(
                (column, place, name)
                for column, (place, name) in places.items()
                if instrument.items[place].kind != "text"
            ),
        )


def _refuse_twice(header: list[str]) -> None:
    twice = [name for n, name in enumerate(header) if name in header[:n]]
    if twice:
        raise BadInput(f"Two columns are called {twice[0]!r}; name each column once.")


def _refuse_lacking(instrument: Instrument, header: list[str], found: set[int]) -> None:
    lacking = [
        item.id
        for place, item in enumerate(instrument.items)
        if item.scored and place not in found
    ]
    if lacking:
        raise BadInput(
            f"No column for item {', '.join(lacking)} of {instrument.slug}. The columns are "
            f"{', '.join(map(repr, header[:40]))}; an item's column is named 1 or "
            f"{instrument.slug}.1. If an item was not asked, add a blank column."
        )


class _Cells(dict[str, int]):
    """What each text in one item's column means; learned cell by cell."""

    def __init__(self, item: Item, missing: str | None) -> None:
        super().__init__({"": ABSENT})
        self.item = item
        if missing is not None and item.kind != "text":
            code = missing.strip()
            if self._within(code):
                raise BadInput(
                    f"--missing {code} is also an answer of item {item.id}, "
                    f"{codes_of(item)}; leave those cells blank instead."
                )
            self[code] = ABSENT

    def __missing__(self, cell: str) -> int:
        plain = cell.strip()
        if plain in self:
            value = self[plain]
        elif self._within(plain):
            value = int(float(plain))
        else:
            raise KeyError(cell)
        self[cell] = value
        return value

    def reads(self, cell: str) -> bool:
        """Whether a cell is an answer or a missing one."""
        return cell.strip() in self or self._within(cell.strip())

    def _within(self, text: str) -> bool:
        try:
            number = float(text)
        except ValueError:
            return False
        return number.is_integer() and allowed(self.item, int(number))


def _filled(layout: _Layout, cells: list[_Cells], rows: Rows) -> AnswerFile:
    id_columns: tuple[list[str], ...] = tuple([] for _ in layout.ids)
    known = [(column, cells[place]) for column, place, _ in layout.answers]
    blocks: list[NDArray[np.int16]] = []
    block: list[list[int]] = []
    for number, row in rows:
        if len(row) != layout.width:
            raise BadInput(
                f"Row {number} has {len(row)} cells, the header has {layout.width}. Look "
                "for a missing or extra separator."
            )
        try:
            block.append([meaning[row[column]] for column, meaning in known])
        except KeyError:
            raise _refusal(layout, cells, row, number) from None
        for (column, _), ids in zip(layout.ids, id_columns, strict=True):
            ids.append(row[column])
        if len(block) == _ROWS_AT_ONCE:
            blocks.append(np.array(block, dtype=np.int16))
            block = []
    blocks.append(np.array(block, dtype=np.int16).reshape(len(block), len(known)))
    return AnswerFile(
        tuple(name for _, name in layout.ids), id_columns, _table(layout, len(cells), blocks)
    )


def _table(
    layout: _Layout, items: int, blocks: list[NDArray[np.int16]]
) -> np.ma.MaskedArray[tuple[int, int], np.dtype[np.int16]]:
    found = np.concatenate(blocks)
    if not len(found):
        raise BadInput("The file has a header but no rows; there is nothing to score.")
    table = np.full((len(found), items), ABSENT, dtype=np.int16)
    table[:, [place for _, place, _ in layout.answers]] = found
    return np.ma.masked_array(table, mask=table == ABSENT)


def _refusal(
    layout: _Layout, cells: list[_Cells], row: list[str], number: int
) -> AnswerOutOfRange:
    """Return the refusal of the first cell of a row that is not an answer."""
    column, place, name = next(
        found for found in layout.answers if not cells[found[1]].reads(row[found[0]])
    )
    item = cells[place].item
    return AnswerOutOfRange(
        f"Row {number}, column {name!r}: {row[column][:40]!r} is not {codes_of(item)}. "
        "Correct it; leave the cell blank if it was not answered, or say --missing CODE "
        "if the file has a code for that."
    )
