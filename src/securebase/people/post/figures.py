"""The figures of the post, read once from ``content/post.toml``."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from securebase.content import content_toml
from securebase.people.post.wishes import is_within

FILE = "post.toml"


def morning_after(at: datetime, *, zone: str) -> datetime | None:
    """Return when the night ends in this zone; None if it is day there now."""
    told = _read()["night"]
    begins: time = told["begins"]
    ends: time = told["ends"]
    here = at.astimezone(ZoneInfo(zone))
    if ends <= here.time() < begins:
        return None
    day = here.date() + timedelta(days=int(here.time() >= begins))
    return datetime.combine(day, ends, ZoneInfo(zone)).astimezone(UTC)


def night() -> tuple[time, time]:
    """Return when the night begins and ends, on the wall clock."""
    told = _read()["night"]
    return told["begins"], told["ends"]


def is_night(told: time) -> bool:
    """Whether no letter goes at this time, but waits for the morning."""
    begins, ends = night()
    return is_within(told, begins, ends)


def longest_pause() -> timedelta:
    """Return for how long reminders may be paused at once."""
    return timedelta(days=_read()["pause"]["longest_days"])


def late_after() -> timedelta:
    """Return how long the worker may be silent before the host is told."""
    return timedelta(minutes=_read()["worker"]["late_minutes"])


def silent_after() -> timedelta:
    """Return after how long clinicians are told that nothing goes out."""
    return timedelta(minutes=_read()["worker"]["silent_minutes"])


@cache
def _read() -> dict[str, Any]:
    return content_toml(FILE)
