"""What a clinician and a patient agree about check-ins, checked before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

WEEK = range(7)
ONCE = 0
"""In the place of "every n-th": asked in the first check-in only."""
MOST_HOURS = 7 * 24
MOST_WEEKS = 8


class Asked(TypedDict):
    """One entry of a rhythm: asked by every n-th check-in from the first on, or ONCE.

    ``slug`` is an instrument, or an instrument about one person: ``ecr-rs@k1``.
    """

    slug: str
    every: int
    cautioned: NotRequired[bool]
    """True once the clinician confirmed what its definition asks to be careful about."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When check-ins come and what they ask. Times are the patient's wall time."""

    weekdays: Sequence[int]
    """Monday 0 to Sunday 6."""
    at_time: time
    instruments: Sequence[Asked]
    starts_on: date
    every_weeks: int = 1
    open_hours: int = 48


def check_terms(terms: Terms, *, zone: str, at: datetime) -> None:
    """Raise unless the terms can be kept: ValidationError says which one cannot."""
    today = at.astimezone(ZoneInfo(zone)).date()
    problems = {
        "weekdays": not terms.weekdays or not set(terms.weekdays) <= set(WEEK),
        "instruments": not _asks_something_at_once(terms.instruments),
        "starts_on": terms.starts_on < today,
        "every_weeks": not 1 <= terms.every_weeks <= MOST_WEEKS,
        "open_hours": not 1 <= terms.open_hours <= MOST_HOURS,
    }
    wrong = {name: ValidationError(ALLOWED[name]) for name, bad in problems.items() if bad}
    if wrong:
        raise ValidationError(wrong)


ALLOWED = {
    "weekdays": "Choose at least one weekday.",
    "instruments": "Choose at least one set of questions for every check-in, each set once.",
    "starts_on": "The first day is in the past. Choose today or a later day.",
    "every_weeks": f"Choose every 1 to {MOST_WEEKS} weeks.",
    "open_hours": f"Choose 1 to {MOST_HOURS} hours.",
}


def _asks_something_at_once(instruments: Sequence[Asked]) -> bool:
    slugs = [one["slug"] for one in instruments]
    turns = [one["every"] for one in instruments]
    return len(set(slugs)) == len(slugs) and 1 in turns and min(turns) >= ONCE
