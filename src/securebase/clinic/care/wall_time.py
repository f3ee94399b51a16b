"""From a day and a time on the wall to a moment. Pure: no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return the moment, in UTC, when a clock in this zone shows that time on that day.

    A time that the clocks skip in spring becomes the same distance after the skip
    (01:30 becomes 02:30); a time that comes twice in autumn means the first.
    """
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def check_zone(zone: str) -> None:
    """Raise unless the name is a time zone this machine knows."""
    if zone not in available_timezones():
        raise ValidationError(
            f"{zone!r} is not a time zone. Choose one by place, such as Europe/London."
        )
