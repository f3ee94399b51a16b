"""Who is in the demo, what becomes of them, and when they meet. Pure: no database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from securebase.content import content_text
from securebase.science.simulate.cohort import InventedPatient, Occasion, simulate
from securebase.science.simulate.recipe import Course
from securebase.science.words import Answers

ZONE = "Europe/London"
LENGTHS = (16, 20, 24, 28, 18)
"""Weeks of care by turn, so that the practice does not begin on one day for everybody."""
SLOTS = tuple(time(hour) for hour in (9, 10, 11, 12, 14, 15, 16))
WORKDAYS = 5
EVENING = time(19, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One invented person with a place in the week.

    ``hint`` is what the front door says of them; ``asked_on`` the weekday of their
    check-in; ``waits`` whether the last one is left open for whoever tries the demo.
    """

    person: InventedPatient
    first_day: date
    occasions: tuple[Occasion, ...]
    session_day: int
    session_time: time
    asked_on: int
    hint: str = ""
    waits: bool = False
    today_at: time | None = None

    def asked_day(self, week: int) -> date:
        """Return the day of the check-in of a week of their care."""
        return self.first_day + timedelta(weeks=week, days=self.asked_on)

    def session_of(self, week: int) -> date:
        """Return the day of the session before that check-in."""
        back = (self.asked_on - self.session_day) % 7
        return self.asked_day(week) - timedelta(days=back)


@cache
def told() -> Mapping[str, Any]:
    """Return names and words of the demo, read from content."""
    text = content_text("demo.toml")
    return tomllib.loads(text)


def cast(patients: int, seed: int, *, now: datetime) -> list[Part]:
    """Return everybody of the demo; the last week of each is the week of ``now``."""
    monday = now.date() - timedelta(days=now.weekday())
    cohorts = {
        weeks: simulate(patients, seed, start=monday - timedelta(weeks=weeks - 1), weeks=weeks)
        for weeks in LENGTHS
    }
    parts = []
    for number in range(patients):
        weeks = LENGTHS[number % len(LENGTHS)]
        day = number // len(SLOTS) % WORKDAYS
        parts.append(
            Part(
                person=cohorts[weeks].patients[number],
                first_day=monday - timedelta(weeks=weeks - 1),
                occasions=cohorts[weeks].patients[number].occasions,
                session_day=day,
                session_time=SLOTS[number % len(SLOTS)],
                asked_on=day,
            )
        )
    return _staged(parts, now=now)


def _staged(parts: Sequence[Part], *, now: datetime) -> list[Part]:
    """See to it that something of each kind waits today, whatever the seed."""
    stage: dict[int, Part] = {}
    for course, direction in (
        (Course.STUCK, _marks_a_safety_question),
        (Course.WORSENING, _gets_worse),
        (Course.IMPROVING, _strained_lately),
        (Course.DRIFTING_AWAY, _falls_silent),
        (Course.FAST_GAINS, _is_asked_now),
        (Course.RUPTURE_AND_REPAIR, _is_asked_now),
    ):
        place = next(
            (
                n
                for n, part in enumerate(parts)
                if part.person.course is course and n not in stage
            ),
            None,
        )
        if place is not None:
            stage[place] = direction(parts[place], now)
    return [stage.get(n, part) for n, part in enumerate(parts)]


def _marks_a_safety_question(part: Part, now: datetime) -> Part:
    part = _asked(part, now, days_ago=1)
    last = _last(part, now)
    answers = {**last.answers, "phq-9": {**last.answers.get("phq-9", {}), "9": 1}}
    kept = _ending(part, replace(last, answers=answers, answered_at=_soon(last)))
    return replace(kept, today_at=time(14, 0))


def _gets_worse(part: Part, now: datetime) -> Part:
    part = _asked(part, now, days_ago=1)
    return replace(_ending(part, _with_answer(_last(part, now), part)), today_at=time(10, 30))


def _strained_lately(part: Part, now: datetime) -> Part:
    part = _asked(part, now, days_ago=2)
    last = _with_answer(_last(part, now), part)
    strained: Answers = {"safe": 4, "understood": 3, "agreed": 5, "said": 3, "tension": 3}
    answers = {**last.answers, "session-check-in": strained}
    return replace(_ending(part, replace(last, answers=answers)), today_at=time(9, 0))


def _falls_silent(part: Part, now: datetime) -> Part:
    part = _asked(part, now, days_ago=4)
    last = _last(part, now)
    gone = [
        replace(last, week=w, answered_at=None, answers={}) for w in (last.week - 1, last.week)
    ]
    before = tuple(one for one in part.occasions if one.week < last.week - 1)
    return replace(part, occasions=(*before, *gone))


def _is_asked_now(part: Part, now: datetime) -> Part:
    part = _asked(part, now, days_ago=1)
    last = replace(_last(part, now), answered_at=None, answers={})
    return replace(_ending(part, last), waits=True, hint="a check-in waits")


def _asked(part: Part, now: datetime, *, days_ago: int) -> Part:
    """Move the person's week so that the last check-in came so many days ago."""
    day = now.date() - timedelta(days=days_ago)
    session = day.weekday() if day.weekday() < WORKDAYS else WORKDAYS - 1
    monday = part.first_day - timedelta(days=part.first_day.weekday())
    back = 1 if day.weekday() > now.weekday() else 0
    return replace(
        part,
        first_day=monday - timedelta(weeks=back),
        asked_on=day.weekday(),
        session_day=session,
    )


def _last(part: Part, now: datetime) -> Occasion:
    """Return the latest week that asked something, put into the week before now."""
    first = part.first_day + timedelta(days=part.asked_on)
    week = (now.date() - timedelta(days=1) - first).days // 7
    before = [one for one in part.occasions if one.week <= week]
    return replace(before[-1] if before else part.occasions[0], week=week)


def _with_answer(last: Occasion, part: Part) -> Occasion:
    """Return an occasion that was answered: their own, or as the last one was."""
    if last.answered_at is not None:
        return replace(last, answered_at=_soon(last))
    before = [one for one in part.occasions if one.answers and one.week < last.week]
    answers = before[-1].answers if before else last.answers
    return replace(last, answers=answers, answered_at=_soon(last))


def _soon(occasion: Occasion) -> datetime:
    return occasion.due + timedelta(minutes=40)


def _ending(part: Part, last: Occasion) -> Part:
    """Return the part with its last occasion changed, and nothing after it."""
    before = tuple(one for one in part.occasions if one.week < last.week)
    return replace(part, occasions=(*before, last))
