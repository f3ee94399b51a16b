"""Tables from outside: CSV as spreadsheets really write it, or refused whole.

Byte-order marks, UTF-16, semicolons or tabs, quotes and blank lines are understood. Anything
unclear is refused with its row (the header is row 1) and column, before it is used.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from securebase.science.errors import BadInput

SEPARATORS = (",", ";", "\t")
MOST_CELLS = 10_000
"""In one row; the longest instrument has a few hundred items."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Far enough from the ends of the calendar for every zone and every expected course."""


@dataclass(frozen=True, slots=True)
class Table:
    """Column names, and rows of as many cells, each with its row number in the file."""

    where: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    separator: str = ","

    def need(self, *names: str) -> None:
        """Refuse the table if a column is absent."""
        for name in names:
            if name not in self.columns:
                raise BadInput(
                    f"{self.where}: there is no column {name!r}; there are "
                    f"{', '.join(self.columns)}. Name the columns in the first row."
                )

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """Give row number and cell of one column."""
        self.need(name)
        at = self.columns.index(name)
        for number, cells in self.rows:
            yield number, cells[at].strip()


def read_table(raw: bytes, where: str) -> Table:
    r"""Read a table from the bytes of a file.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        What to call it in a refusal.

    Returns
    -------
    Table
        Cells as they stand, outer spaces kept.

    Raises
    ------
    BadInput
        If it is empty, not UTF-8, not rectangular, or two columns share a name.

    Examples
    --------
    >>> read_table(b"a;b\n1;2\n", "two.csv").rows
    ((2, ('1', '2')),)
    """
    text = decoded(raw, where)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in reader:
            check_width(cells, where, reader.line_num)
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, tuple(cells)))
    except csv.Error as error:
        raise BadInput(
            f"{where}, row {reader.line_num}: not readable as CSV ({error}). "
            "Save it again as CSV with quotes around cells that hold a separator."
        ) from None
    if not rows:
        raise BadInput(f"{where} is empty. Give a table with the column names in row 1.")
    columns = tuple(cell.strip() for cell in rows[0][1])
    _check_columns(columns, where)
    _check_rectangle(columns, rows[1:], where)
    return Table(where=where, columns=columns, rows=tuple(rows[1:]), separator=separator)


def number(cell: str, *, where: str, row: int, column: str) -> float | None:
    """Read a number, or None from a blank cell; a decimal comma is understood."""
    if not cell:
        return None
    try:
        value = float(cell.replace(",", ".") if cell.count(",") == 1 else cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in cell:
        raise BadInput(
            f"{where}, row {row}, column {column}: {cell!r} is not a number. "
            "Give a number, or leave the cell empty where there is none."
        )
    return value


def moment(cell: str, *, where: str, row: int, column: str) -> datetime:
    """Read an ISO date or date-time; without a zone it counts as UTC."""
    try:
        if "T" not in cell and " " not in cell:
            at = datetime.combine(date.fromisoformat(cell), time(), tzinfo=UTC)
        else:
            at = datetime.fromisoformat(cell)
    except ValueError:
        raise BadInput(
            f"{where}, row {row}, column {column}: {cell!r} is not a date. "
            "Give it as 2026-03-01 or 2026-03-01T18:30."
        ) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadInput(
            f"{where}, row {row}, column {column}: {cell!r} is not in the years "
            f"{FIRST_YEAR} to {LAST_YEAR}. Correct it."
        )
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def check_width(cells: Sequence[str], where: str, row: int) -> None:
    """Refuse a row of more cells than any table has: a broken file could fill the memory."""
    if len(cells) > MOST_CELLS:
        raise BadInput(
            f"{where}, row {row}: {len(cells):,} cells; {MOST_CELLS:,} are allowed in a row. "
            "Look for a separator that is repeated."
        )


def decoded(raw: bytes, where: str) -> str:
    """Return the text of a file, understanding byte-order marks of UTF-8 and UTF-16.

    Raises
    ------
    BadInput
        If it is empty, or in another encoding; names byte and row.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as fault:
        row = raw.count(b"\n", 0, fault.start) + 1
        raise BadInput(
            f"{where}, row {row}: not {'UTF-16' if wide else 'UTF-8'} text "
            f"(byte {fault.start + 1}). Save it again as CSV in UTF-8."
        ) from None
    if "\0" in text:
        raise BadInput(
            f"{where} holds zero bytes: it is no text, or UTF-16 without its mark. "
            "Save it again as CSV in UTF-8."
        )
    if not text.strip():
        raise BadInput(f"{where} is empty. Give a table with the column names in row 1.")
    return text


def _check_columns(columns: tuple[str, ...], where: str) -> None:
    for at, name in enumerate(columns, 1):
        if not name:
            raise BadInput(f"{where}, row 1: column {at} has no name. Give it one.")
        if columns.count(name) > 1:
            raise BadInput(f"{where}, row 1: column {name!r} comes twice. Rename one.")


def _check_rectangle(
    columns: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]], where: str
) -> None:
    for row, cells in rows:
        if len(cells) != len(columns):
            raise BadInput(
                f"{where}, row {row}: {len(cells)} cells, the first row names "
                f"{len(columns)} columns. Check separators and quotes in this row."
            )
