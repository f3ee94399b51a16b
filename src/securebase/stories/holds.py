"""How long what is kept, read from ``content/retention.toml``. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from securebase.content import content_toml

FILE = "retention.toml"
LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Term:
    """One kind of what is kept, for how many years, and where the figure is from."""

    says: str
    years: int
    source: str
    verified: bool

    def over(self, since: datetime) -> date:
        """Return the day on which the years are over."""
        day = since.date()
        if (day.month, day.day) == LEAP_DAY:
            return date(day.year + self.years, 3, 1)
        return day.replace(year=day.year + self.years)


@cache
def record_term() -> Term:
    """Return for how long a record is kept after the last contact."""
    told = _read()
    return _term(told["record"], told["source"])


@cache
def holds() -> Mapping[str, Term]:
    """Return what an erasure leaves, and for how long at least."""
    told = _read()
    return {name: _term(one, told["source"]) for name, one in told["hold"].items()}


def _term(one: Mapping[str, Any], sources: Mapping[str, Any]) -> Term:
    source = sources[one["source"]]
    return Term(one["says"], int(one["years"]), source["text"], bool(source["verified"]))


def _read() -> dict[str, Any]:
    return content_toml(FILE)
