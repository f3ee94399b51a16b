"""The score of the demo: everything that happens, in order of time. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from securebase.clinic.care.wall_time import moment_of
from securebase.science.simulate.cohort import Occasion
from securebase.science.simulate.recipe import Course
from securebase.stories.demo.cast import EVENING, WORKDAYS, ZONE, Part

PHASES = ((8, "process"), (18, "integrate"))
"""From which week on the work of those who get better moves on."""
GETS_BETTER = (Course.IMPROVING, Course.FAST_GAINS, Course.RUPTURE_AND_REPAIR)
READING = time(17, 30)
UNREAD_HOURS = 40
"""What came in the last hours nobody has read yet."""
AHEAD = timedelta(days=6)
LENGTH = timedelta(minutes=50)


class Does(StrEnum):
    """What may happen."""

    WELCOME = "welcome"
    PLAN = "plan a session"
    HOLD = "hold a session"
    MISS = "miss a session"
    STRAIN = "note a rupture"
    REPAIR = "note a repair"
    PHASE = "move to another phase"
    ASK = "open check-ins"
    ANSWER = "answer a check-in"
    NIGHT = "notice silence"
    READ = "read what came"
    DESK = "decide on what was noticed"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens; ``part`` is None for what concerns everybody."""

    at: datetime
    does: Does
    part: Part | None = None
    occasion: Occasion | None = None
    starts_at: datetime | None = None
    """Of the session that is planned or ends."""
    phase: str = ""


def score_of(parts: Sequence[Part], *, now: datetime) -> list[Moment]:
    """Return every moment up to now, in order."""
    moments = [moment for part in parts for moment in _life(part, now)]
    begin = min(moment.at for moment in moments)
    moments += _days(begin, now)
    order = list(Does)
    done = [moment for moment in moments if moment.at <= now]
    return sorted(done, key=lambda moment: (moment.at, order.index(moment.does)))


def welcomed_at(part: Part) -> datetime:
    """Return when a person is welcomed: some days before the first check-in."""
    return moment_of(part.asked_day(0) - timedelta(days=3), time(10), ZONE)


def _life(part: Part, now: datetime) -> Iterator[Moment]:
    yield Moment(welcomed_at(part), Does.WELCOME, part)
    for occasion in part.occasions:
        yield from _week(part, occasion)
    yield from _coming(part, now)
    if part.person.course in GETS_BETTER:
        for week, phase in PHASES:
            at = moment_of(part.asked_day(week), time(17, 5), ZONE)
            yield Moment(at, Does.PHASE, part, phase=phase)


def _week(part: Part, occasion: Occasion) -> Iterator[Moment]:
    starts = moment_of(part.session_of(occasion.week), part.session_time, ZONE)
    ends = starts + LENGTH
    yield from _planned(part, starts)
    does = Does.HOLD if occasion.session_held else Does.MISS
    yield Moment(ends, does, part, occasion, starts_at=starts)
    if part.person.rupture is not None and occasion.session_held:
        first, last = part.person.rupture
        if occasion.week == min(first + 1, last):
            yield Moment(ends + timedelta(minutes=10), Does.STRAIN, part)
        if occasion.week == part.person.repaired:
            yield Moment(ends + timedelta(minutes=10), Does.REPAIR, part)
    due = moment_of(part.asked_day(occasion.week), EVENING, ZONE)
    yield Moment(due, Does.ASK)
    if occasion.answered_at is not None:
        delay = occasion.answered_at - occasion.due
        yield Moment(due + delay, Does.ANSWER, part, occasion)


def _planned(part: Part, starts: datetime) -> Iterator[Moment]:
    at = max(starts - AHEAD, welcomed_at(part) + timedelta(minutes=20))
    if at < starts:
        yield Moment(at, Does.PLAN, part, starts_at=starts)


def _coming(part: Part, now: datetime) -> Iterator[Moment]:
    """Plan what comes: the session of today for those on stage, the next for everybody."""
    if part.today_at is not None:
        starts = moment_of(now.date(), part.today_at, ZONE)
        yield Moment(now - timedelta(days=3), Does.PLAN, part, starts_at=starts)
    for days in range(1, 8):
        day = now.date() + timedelta(days=days)
        if day.weekday() == part.session_day:
            starts = moment_of(day, part.session_time, ZONE)
            yield Moment(min(now, starts - AHEAD), Does.PLAN, part, starts_at=starts)


def _days(begin: datetime, now: datetime) -> Iterator[Moment]:
    """Every night the clock, every working day the reading, every Friday the desk."""
    day = begin.date()
    while day <= now.date():
        yield Moment(moment_of(day, time(4), ZONE), Does.NIGHT)
        reading = moment_of(day, READING, ZONE)
        if day.weekday() < WORKDAYS and reading < now - timedelta(hours=UNREAD_HOURS):
            yield Moment(reading, Does.READ)
            if day.weekday() == WORKDAYS - 1:
                yield Moment(reading + timedelta(minutes=20), Does.DESK)
        day += timedelta(days=1)
