"""Which nightly backups are kept: figures and rule of ``content/backups.toml``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from securebase.content import content_toml

FILE = "backups.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """For how many days, weeks and months the newest backup of each is kept."""

    daily: int
    weekly: int
    monthly: int


def rule_in_force() -> Rule:
    """Return the rule that the practice goes by."""
    return Rule(**_read()["keep"])


def late_after() -> timedelta:
    """Return the age at which the newest backup asks for a look."""
    return timedelta(hours=_read()["late"]["hours"])


def most_shown() -> int:
    """Return how many proofs the host's page shows."""
    return int(_read()["shown"]["proofs"])


def kept(days: Collection[date], rule: Rule) -> frozenset[date]:
    """Return the days whose backups are kept; the newest one always is.

    Weeks are those of the calendar, from Monday on. One backup may stand for its day, its
    week and its month at once.
    """
    spans: tuple[tuple[int, Callable[[date], tuple[int, ...]]], ...] = (
        (rule.daily, lambda day: (day.toordinal(),)),
        (rule.weekly, lambda day: day.isocalendar()[:2]),
        (rule.monthly, lambda day: (day.year, day.month)),
    )
    newest_first = sorted(set(days), reverse=True)
    found = set(newest_first[:1])
    for number, span in spans:
        newest_of: dict[tuple[int, ...], date] = {}
        for day in newest_first:
            newest_of.setdefault(span(day), day)
        found.update(list(newest_of.values())[:number])
    return frozenset(found)


@cache
def _read() -> dict[str, Any]:
    return content_toml(FILE)
