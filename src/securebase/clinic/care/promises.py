"""What is promised to a patient about when somebody reads. Pure: no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from securebase.clinic.care.models import Care
from securebase.clinic.care.wall_time import moment_of

EVERY_DAY = range(7)


def next_reading(care: Care, *, after: datetime, zone: str) -> datetime:
    """Return the next moment by which the clinician will have read what was sent.

    ``zone`` is the practice's time zone; the promise is wall time there. A bond without
    agreed days promises every day, as an empty week would promise nothing.
    """
    days = set(care.reading_days) or set(EVERY_DAY)
    today = after.astimezone(ZoneInfo(zone)).date()
    ahead = (today + timedelta(days=n) for n in range(len(EVERY_DAY) + 1))
    moments = (moment_of(day, care.reading_by, zone) for day in ahead if day.weekday() in days)
    return next(moment for moment in moments if moment > after)
