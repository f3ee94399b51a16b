"""Worked cases that travel with each instrument, and whether our scoring agrees.

``examples.csv`` has the columns ``case`` and ``basis``, one for each item answered, and
``expect.<key>`` for each thing the case states. A blank answer is a missing one, a blank
expectation is none, and ``unknown`` is the expectation that nothing can be known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from securebase.science.errors import ContentError
from securebase.science.library import folder_of
from securebase.science.scoring import score
from securebase.science.words import Instrument

FILE = "examples.csv"
_EXPECT = "expect."
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "unknown": None}

Expected = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Example:
    """One worked case: what was answered, what it must give, and who says so."""

    case: str
    basis: str
    answers: Mapping[str, int | None]
    expected: Mapping[str, Expected]


def examples(instrument: Instrument) -> tuple[Example, ...]:
    """Return the worked cases of one instrument of the library.

    Parameters
    ----------
    instrument : Instrument
        The definition.

    Returns
    -------
    tuple of Example
        In the order of its ``examples.csv``.

    Raises
    ------
    ContentError
        If the file is missing or a cell cannot be read.
    """
    path = f"{instrument.slug}/{FILE}"
    file = folder_of(instrument.slug).joinpath(FILE)
    if not file.is_file():
        raise ContentError(f"{path} is missing: add at least three worked cases.")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(_example(row, path) for row in rows)


def disagreements(instrument: Instrument) -> Iterator[str]:
    """Score every worked case and say where the scores are not the stated ones.

    Parameters
    ----------
    instrument : Instrument
        The definition.

    Yields
    ------
    str
        One sentence for each thing that differs; nothing if all agree.
    """
    for example in examples(instrument):
        got = score(instrument, example.answers).as_dict()
        for key, expected in example.expected.items():
            if key not in got or not _same(got[key], expected):
                yield (
                    f"{instrument.slug}, case {example.case}: {key} is "
                    f"{got.get(key, 'not a score')!r}, the worked case says {expected!r}."
                )


def _same(got: Expected, expected: Expected) -> bool:
    if isinstance(got, float) and isinstance(expected, float):
        return abs(got - expected) < 1e-6  # noqa: PLR2004
    return got == expected and (got is True) == (expected is True)


def _example(row: Mapping[str, str], path: str) -> Example:
    answers: dict[str, int | None] = {}
    expected: dict[str, Expected] = {}
    for column, cell in row.items():
        if column.startswith(_EXPECT):
            if cell:
                expected[column.removeprefix(_EXPECT)] = _expected(cell)
        elif column not in ("case", "basis"):
            try:
                answers[column] = int(cell) if cell else None
            except ValueError:
                raise ContentError(
                    f"{path}, case {row.get('case')}: item {column} is {cell!r}; it must "
                    "be a whole number, or blank if it was not answered."
                ) from None
    return Example(row["case"], row["basis"], answers, expected)


def _expected(cell: str) -> Expected:
    if cell in _WORDS:
        return _WORDS[cell]
    try:
        return float(cell)
    except ValueError:
        return cell
