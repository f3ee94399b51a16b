"""Cohorts for tests: rows of every table, with known outcomes, as Parquet or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from securebase.science.cohort.form import the_form
from securebase.stories.cohort.parquet import write_tables

Floats = NDArray[np.float64]
Rows = dict[str, list[tuple[Any, ...]]]
PHQ, WAI = "phq-9.total", "wai-sr.total"
RELIABLE, LINE = 6.0, 9.0
TYPES = {"text": "text", "int": "bigint", "float": "double precision", "bool": "boolean"}


def empty() -> Rows:
    """Return an export that holds nobody, of the form in use."""
    rows: Rows = {name: [] for name in the_form().tables}
    rows["about"] = [(the_form().number, "test", 5)]
    rows["measures"] = [
        (PHQ, "lower", RELIABLE, LINE, True),
        (WAI, "higher", 10.0, None, None),
        ("note.total", "neither", None, None, None),
    ]
    return rows


def with_courses(courses: Floats, *, weeks: Floats | None = None) -> Rows:
    """Return an export of people whose PHQ-9 ran like this; NaN is no score.

    Parameters
    ----------
    courses : ndarray of shape (people, times)
        Scores in raw points.
    weeks : ndarray of shape (people, times), optional
        Whole weeks; one a time by default.
    """
    rows = empty()
    times = np.arange(courses.shape[1]) + np.zeros_like(courses) if weeks is None else weeks
    for number, (course, at) in enumerate(zip(courses, times, strict=True)):
        person = f"{number:04x}"
        rows["people"].append((person, "in_care", "stabilize", "en", "under 12 weeks"))
        for position, (value, week) in enumerate(zip(course, at, strict=True), start=1):
            known = None if np.isnan(value) else float(value)
            state = "incomplete" if known is None else "scored"
            rows["scores"].append((person, PHQ, position, int(week), known, state))
    return rows


def as_parquet(rows: Mapping[str, list[tuple[Any, ...]]], folder: Path) -> str:
    """Write an export and return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder, rows, the_form())
    return str(folder)


def into_postgres(connection: Any, rows: Mapping[str, list[tuple[Any, ...]]]) -> None:
    """Load an export into an empty schema of a database, on the search path."""
    for name, columns in the_form().tables.items():
        typed = ", ".join(f'"{one.name}" {TYPES[one.kind]}' for one in columns)
        connection.execute(f'CREATE TABLE "{name}" ({typed})')
        with connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            for row in rows[name]:
                copy.write_row(row)
