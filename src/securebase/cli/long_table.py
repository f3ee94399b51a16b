"""Scores over time as a table: one row for each score, read whole or refused whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securebase.cli.measure import Measure
from securebase.science.errors import BadInput
from securebase.science.tables import Table, moment, number, read_table

COLUMNS = ("person", "at", "measure", "value")
SECONDS_PER_WEEK = 7 * 24 * 3600
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the table: whose score, when, of what, and how much."""

    row: int
    person: str
    at: str
    """As it stands in the file."""
    when: datetime
    """Where the file numbers its times: so many weeks after 1970 began."""
    measure: str
    value: float | None

    @property
    def week(self) -> float:
        """Weeks since any fixed day."""
        return self.when.timestamp() / SECONDS_PER_WEEK


def read_file(name: str) -> Table:
    """Read a file, or standard input for ``-``."""
    if name == "-":
        return read_table(sys.stdin.buffer.read(), "standard input")
    return read_table(Path(name).read_bytes(), name)


def read_scores(table: Table, *, numbered: bool = False) -> list[Told]:
    """Check every row before any is used.

    Parameters
    ----------
    table : Table
        With columns person, at, measure and value.
    numbered : bool
        Whether times may also be plain numbers, all of them.

    Returns
    -------
    list of Told
        In the order of the file.

    Raises
    ------
    BadInput
        If a cell is not usable, or a person has two scores of a measure at one time.
    """
    table.need(*COLUMNS)
    where = table.where
    columns = [list(table.column(name)) for name in COLUMNS]
    plain = numbered and all(_is_number(cell) for _, cell in columns[1])
    told = []
    for (row, person), (_, at), (_, measure), (_, value) in zip(*columns, strict=True):
        for name, cell in (("person", person), ("at", at), ("measure", measure)):
            if not cell:
                raise BadInput(f"{where}, row {row}, column {name}: empty. Fill it in.")
        score = number(value, where=where, row=row, column="value")
        when = (_numbered if plain else moment)(at, where=where, row=row, column="at")
        told.append(Told(row, person, at, when, measure, score))
    _check_twice(told, where)
    return told


def of_measure(told: Iterable[Told], measure: Measure, where: str) -> dict[str, list[Told]]:
    """Give the scores of one measure by person, in time, within the ends of its scale."""
    people: dict[str, list[Told]] = {}
    others = set()
    for one in told:
        if one.measure != measure.name:
            others.add(one.measure)
            continue
        measure.check(one.value, f"{where}, row {one.row}, column value")
        people.setdefault(one.person, []).append(one)
    if not people:
        raise BadInput(
            f"{where}: there is no score of {measure.name!r}; there are scores of "
            f"{', '.join(sorted(others)) or 'nothing'}. Name one of them."
        )
    for rows in people.values():
        rows.sort(key=lambda one: one.when)
    return people


def _numbered(cell: str, *, where: str, row: int, column: str) -> datetime:
    told = number(cell, where=where, row=row, column=column)
    try:
        return BEGIN + timedelta(weeks=told or 0.0)
    except OverflowError:
        raise BadInput(
            f"{where}, row {row}, column {column}: {cell!r} is too large. Count from 0."
        ) from None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _check_twice(told: Iterable[Told], where: str) -> None:
    seen: dict[tuple[str, str, datetime], int] = {}
    for one in told:
        key = (one.person, one.measure, one.when)
        if key in seen:
            raise BadInput(
                f"{where}, row {one.row}: the same person, measure and time as row "
                f"{seen[key]}. Keep one of them, or give the time of day."
            )
        seen[key] = one.row
