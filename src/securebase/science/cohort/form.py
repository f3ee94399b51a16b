"""What an export of everybody holds, as ``content/cohort.toml`` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.errors import ContentError

FILE = "cohort.toml"
KINDS = ("text", "int", "float", "bool")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its kind (text, int, float, bool) and what it means."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Form:
    """The tables of an export, and from how many people on something is said.

    ``alike`` names the columns that somebody from outside could know, in the order in which
    they are given up; ``bands`` gives the words for a time in care from that week on.
    """

    number: int
    least_people: int
    least_alike: int
    alike: tuple[str, ...]
    bands: tuple[tuple[int, str], ...]
    tables: Mapping[str, tuple[Column, ...]]
    words: Mapping[str, str]

    def names(self, table: str) -> tuple[str, ...]:
        """Return the names of the columns of one table, in order."""
        return tuple(column.name for column in self.tables[table])

    def band(self, weeks: int) -> str:
        """Return the words for so many weeks in care; below zero counts as none."""
        return next(words for least, words in reversed(self.bands) if max(weeks, 0) >= least)


@cache
def the_form() -> Form:
    """Return the form of this release.

    Raises
    ------
    ContentError
        If the file names a kind of column that there is not.
    """
    told = content_toml(FILE)
    return Form(
        number=told["format"],
        least_people=told["small"]["least_people"],
        least_alike=told["small"]["least_alike"],
        alike=tuple(told["alike"]["columns"]),
        bands=tuple((least, words) for least, words in told["time_in_care"]["bands"]),
        tables={name: _columns(name, table) for name, table in told["table"].items()},
        words={name: table["words"] for name, table in told["table"].items()},
    )


def _columns(name: str, table: Mapping[str, Any]) -> tuple[Column, ...]:
    columns = tuple(Column(key, *said) for key, said in table["columns"].items())
    for column in columns:
        if column.kind not in KINDS:
            raise ContentError(
                f"{FILE}: {name}.{column.name} is of kind {column.kind!r}; "
                f"use one of {', '.join(KINDS)}."
            )
    return columns
