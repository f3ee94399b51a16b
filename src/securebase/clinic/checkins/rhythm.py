"""When the check-ins of a rhythm come, and what each asks. Pure: no database.

Times are wall time in the rhythm's own zone, so 19:00 stays 19:00 when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from securebase.clinic.care.wall_time import moment_of
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.checkins.terms import ONCE


def occurrences(rhythm: Rhythm, *, since: datetime, until: datetime) -> list[datetime]:
    """Return when check-ins come from ``since`` up to and with ``until``, in order."""
    return [moment for _, moment in numbered(rhythm, since=since, until=until)]


def numbered(
    rhythm: Rhythm, *, since: datetime, until: datetime
) -> Iterator[tuple[int, datetime]]:
    """Yield each check-in with its number, the first one of the rhythm being 0."""
    skipped, end = _before_it_was_planned(rhythm), rhythm.ends_on
    days = takewhile(lambda one: end is None or one[1] <= end, _days(rhythm, since))
    moments = ((n, moment_of(day, rhythm.at_time, rhythm.time_zone)) for n, day in days)
    for number, moment in takewhile(lambda one: one[1] <= until, moments):
        if number >= skipped and moment >= since:
            yield number - skipped, moment


def next_occurrence(rhythm: Rhythm, *, after: datetime) -> datetime | None:
    """Return when the next check-in comes; None once the rhythm has ended."""
    start = max(after, moment_of(rhythm.starts_on, rhythm.at_time, rhythm.time_zone))
    horizon = start + timedelta(weeks=rhythm.every_weeks + 1, days=1)
    coming = occurrences(rhythm, since=after, until=horizon)
    return next((moment for moment in coming if moment > after), None)


def asked_at(rhythm: Rhythm, number: int) -> list[str]:
    """Return the slugs asked by the check-in of this number, in the agreed order."""
    return [one["slug"] for one in rhythm.instruments if _has_turn(one["every"], number)]


def _has_turn(every: int, number: int) -> bool:
    return number == 0 if every == ONCE else number % every == 0


def _days(rhythm: Rhythm, since: datetime) -> Iterator[tuple[int, date]]:
    """Yield numbered days of the rhythm without end, from shortly before ``since``."""
    weekdays = sorted(rhythm.weekdays)
    monday = rhythm.starts_on - timedelta(days=rhythm.starts_on.weekday())
    lost = sum(weekday < rhythm.starts_on.weekday() for weekday in weekdays)
    local = since.astimezone(ZoneInfo(rhythm.time_zone)).date()
    turn = max(0, (local - monday).days // 7 // rhythm.every_weeks)
    while True:
        week = monday + timedelta(weeks=turn * rhythm.every_weeks)
        for place, weekday in enumerate(weekdays):
            number = turn * len(weekdays) + place - lost
            if number >= 0:
                yield number, week + timedelta(days=weekday)
        turn += 1


def _before_it_was_planned(rhythm: Rhythm) -> int:
    """Return 1 if the first day's time was already past when the rhythm was agreed."""
    _, first = next(_days(rhythm, datetime(1970, 1, 1, tzinfo=UTC)))
    return int(moment_of(first, rhythm.at_time, rhythm.time_zone) < rhythm.planned_at)
