"""Two scores of each person, from either form of table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from securebase.cli.long_table import Told, of_measure, read_file, read_scores
from securebase.cli.measure import Measure
from securebase.science.errors import BadInput
from securebase.science.gains import Floats
from securebase.science.tables import Table, moment, number

DAY = 10
"""Letters of a date without its time: 2026-03-01."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scores before and after, NaN where there is none, and all in between if known."""

    people: tuple[str, ...]
    before: Floats
    after: Floats
    between: tuple[tuple[Told, ...], ...] | None = None


def read_pairs(file: str, measure: Measure, *, before: str | None, after: str | None) -> Pairs:
    """Read a wide table (person, before, after) or a long one (person, at, measure, value).

    Raises
    ------
    BadInput
        If the table is neither, or the two times do not go with it.
    """
    table = read_file(file)
    if {"at", "value"} <= set(table.columns):
        return _of_long(table, measure, before, after)
    if before is not None or after is not None:
        raise BadInput(
            "--before and --after go with the long table (person, at, measure, value); "
            f"{table.where} has the columns {', '.join(table.columns)}. Leave them out."
        )
    return _of_wide(table, measure)


def _of_wide(table: Table, measure: Measure) -> Pairs:
    table.need("person", "before", "after")
    people: dict[str, int] = {}
    for row, person in table.column("person"):
        if not person:
            raise BadInput(f"{table.where}, row {row}, column person: empty. Fill it in.")
        if person in people:
            raise BadInput(
                f"{table.where}, row {row}: the same person as row {people[person]}. "
                "Keep one of them."
            )
        people[person] = row
    if not people:
        raise BadInput(f"{table.where} holds nobody. Give at least one person's scores.")
    return Pairs(
        tuple(people), _column(table, measure, "before"), _column(table, measure, "after")
    )


def _column(table: Table, measure: Measure, name: str) -> Floats:
    scores = []
    for row, cell in table.column(name):
        score = number(cell, where=table.where, row=row, column=name)
        measure.check(score, f"{table.where}, row {row}, column {name}")
        scores.append(np.nan if score is None else score)
    return np.array(scores, dtype=np.float64)


def _of_long(table: Table, measure: Measure, before: str | None, after: str | None) -> Pairs:
    if before is None or after is None:
        raise BadInput(
            f"{table.where} is a long table. Say with --before AT and --after AT which of "
            "its times are compared."
        )
    people = of_measure(read_scores(table, numbered=True), measure, table.where)
    ends = [
        [_at(rows, asked, table.where) for rows in people.values()] for asked in (before, after)
    ]
    for option, asked, found in zip(("before", "after"), (before, after), ends, strict=True):
        if not any(found):
            times = sorted({one.at for rows in people.values() for one in rows})
            raise BadInput(
                f"--{option} {asked}: nobody has a row at that time. There are rows at "
                f"{', '.join(times[:12])}{' ...' if times[12:] else ''}. Name one of them."
            )
    first, last = ends
    return Pairs(
        tuple(people),
        _values(first),
        _values(last),
        tuple(_between(*three) for three in zip(people.values(), first, last, strict=True)),
    )


def _at(rows: list[Told], asked: str, where: str) -> Told | None:
    """Find the row at a time: as it is written, or on that day."""
    found = [one for one in rows if one.at == asked]
    if not found and len(asked) == DAY:
        found = [one for one in rows if one.at[:DAY] == asked]
    if not found:
        when = _moment(asked)
        found = [one for one in rows if one.when == when]
    if len(found) > 1:
        raise BadInput(
            f"{where}, row {found[1].row}: the same person has another score on {asked} in "
            f"row {found[0].row}. Give the time of day too."
        )
    return found[0] if found else None


def _moment(told: str) -> datetime | None:
    """Read a date or date-time; None where it is neither."""
    try:
        return moment(told, where="", row=0, column="at")
    except BadInput:
        return None


def _values(rows: list[Told | None]) -> Floats:
    return np.array(
        [np.nan if one is None or one.value is None else one.value for one in rows],
        dtype=np.float64,
    )


def _between(rows: list[Told], first: Told | None, last: Told | None) -> tuple[Told, ...]:
    """Give the rows from the first to the last, or to the end for who dropped out."""
    if first is None:
        return ()
    return tuple(
        one
        for one in rows
        if one.when >= first.when and (last is None or one.when <= last.when)
    )
