"""When a person wants reminders: at which time, never in which hours, and not before when.

Pure: moments in, moments out. All times are those of the wall clock where the person
lives; a clock that is set forward or back moves none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody chose; nothing chosen means: as soon as it is ready."""

    at_time: time | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    paused_until: date | None = None
    """The last day without reminders."""

    def is_paused(self, at: datetime, *, zone: str) -> bool:
        """Whether none come on this day."""
        if self.paused_until is None:
            return False
        return at.astimezone(ZoneInfo(zone)).date() <= self.paused_until

    def wanted_at(self, opened: datetime, *, zone: str) -> datetime:
        """Return when a reminder is wanted of what opened at a moment."""
        if self.at_time is None:
            return opened
        here = opened.astimezone(ZoneInfo(zone))
        day = here.date() + (timedelta() if here.time() <= self.at_time else A_DAY)
        return datetime.combine(day, self.at_time, ZoneInfo(zone)).astimezone(UTC)

    def quiet_over(self, at: datetime, *, zone: str) -> datetime | None:
        """Return when the quiet hours end; None if it is not quiet now."""
        begins, ends = self.quiet_from, self.quiet_until
        here = at.astimezone(ZoneInfo(zone))
        if begins is None or ends is None or not is_within(here.time(), begins, ends):
            return None
        day = here.date() + (timedelta() if here.time() < ends else A_DAY)
        return datetime.combine(day, ends, ZoneInfo(zone)).astimezone(UTC)

    def not_before(self, *, opened: datetime, at: datetime, zone: str) -> datetime | None:
        """Return until when a reminder waits; None if it may go now."""
        wanted = self.wanted_at(opened, zone=zone)
        first = max(at, wanted)
        later = self.quiet_over(first, zone=zone) or first
        return later if later > at else None


def is_within(told: time, begins: time, ends: time) -> bool:
    """Whether a time lies in hours that may go over midnight."""
    if begins <= ends:
        return begins <= told < ends
    return told >= begins or told < ends
