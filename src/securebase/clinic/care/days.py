"""From a first and a last day, both counted, to moments. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from securebase.clinic.care.wall_time import moment_of


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row on the wall of one place."""

    first: date
    last: date
    zone: str

    @property
    def until(self) -> datetime:
        """The moment at which the last day is over."""
        return moment_of(self.last + timedelta(days=1), time(0), self.zone)

    def since(self, *, at: datetime) -> datetime:
        """Return when they begin: with the first day, or now if that has begun."""
        return max(at, moment_of(self.first, time(0), self.zone))

    def check(self, *, most: timedelta, at: datetime) -> None:
        """Raise unless they are in order, not past, and not longer than ``most``."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        if self.first < today:
            raise ValidationError(
                {"first": f"The first day, {self.first}, is past. Choose today or later."}
            )
        if self.last < self.first:
            problem = f"The last day, {self.last}, is before the first, {self.first}."
            raise ValidationError({"last": f"{problem} Choose a later one."})
        length = self.last - self.first + timedelta(days=1)
        if length > most:
            raise ValidationError(
                {"last": f"These are {length.days} days; at most {most.days} are allowed."}
            )


def last_day(until: datetime, zone: str) -> date:
    """Return the last whole or partial day before a moment."""
    return (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
