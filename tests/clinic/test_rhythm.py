"""When check-ins come.

A rhythm is agreed in the patient's own wall time: 19:00 stays 19:00 when the clocks
change. A time that spring skips comes after the skip; one that autumn repeats comes once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.checkins.rhythm import asked_at, next_occurrence, numbered, occurrences

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def rhythm(starts_on: date, at_time: time, *weekdays: int, **terms: object) -> Rhythm:
    """Return a rhythm that is in no database."""
    start = {"every_weeks": 1, "time_zone": "Europe/London", "planned_at": LONG_AGO}
    agreed = {"instruments": [], "weekdays": list(weekdays), **start, **terms}
    return Rhythm(starts_on=starts_on, at_time=at_time, **agreed)


def in_utc(one: Rhythm, first: str, last: str) -> list[str]:
    """Return what comes between two moments, as UTC."""
    since, until = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first, last))
    return [f"{moment:%m-%d %H:%M}" for moment in occurrences(one, since=since, until=until)]


@pytest.mark.parametrize(
    ("starts_on", "at_time", "last", "in_universal_time"),
    [
        # the evening keeps its hour on the wall when the clocks change
        (date(2026, 3, 28),  time(19, 0),  "2026-03-30", ["03-28 19:00", "03-29 18:00"]),
        (date(2026, 10, 24), time(19, 0),  "2026-10-26", ["10-24 18:00", "10-25 19:00"]),
        # 01:30 is skipped on 29 March: it comes at 02:30 on the wall
        (date(2026, 3, 28),  time(1, 30),  "2026-03-29T12:00", ["03-28 01:30", "03-29 01:30"]),
        # 01:30 comes twice on 25 October: the first counts, and only the first
        (date(2026, 10, 24), time(1, 30),  "2026-10-25T12:00", ["10-24 00:30", "10-25 00:30"]),
        # 02:00, the end of the skip, is a time like any other
        (date(2026, 3, 28),  time(2, 0),   "2026-03-29T12:00", ["03-28 02:00", "03-29 01:00"]),
    ],
)  # fmt: skip
def test_it_keeps_wall_time_over_a_change_of_clocks(
    starts_on: date, at_time: time, last: str, in_universal_time: list[str]
) -> None:
    daily = rhythm(starts_on, at_time, *range(7))

    assert in_utc(daily, "2026-01-01", last) == in_universal_time


def test_it_comes_on_its_weekdays_from_its_first_day_on() -> None:
    twice = rhythm(date(2026, 11, 25), time(9, 0), 0, 3)

    assert in_utc(twice, "2026-11-01", "2026-12-04") == [
        "11-26 09:00",
        "11-30 09:00",
        "12-03 09:00",
    ]


def test_it_may_come_every_second_week() -> None:
    fortnightly = rhythm(date(2026, 11, 23), time(9, 0), 0, every_weeks=2)

    assert in_utc(fortnightly, "2026-11-01", "2026-12-22") == [
        "11-23 09:00",
        "12-07 09:00",
        "12-21 09:00",
    ]


def test_it_ends_with_its_last_day() -> None:
    ended = rhythm(date(2026, 11, 23), time(9, 0), *range(7), ends_on=date(2026, 11, 24))

    assert in_utc(ended, "2026-11-01", "2026-12-22") == ["11-23 09:00", "11-24 09:00"]
    assert next_occurrence(ended, after=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) is None


def test_both_ends_of_a_span_belong_to_it() -> None:
    weekly = rhythm(date(2026, 11, 23), time(9, 0), 0)

    assert in_utc(weekly, "2026-11-23T09:00", "2026-11-30T09:00") == [
        "11-23 09:00",
        "11-30 09:00",
    ]


def test_a_day_is_the_patients_day() -> None:
    auckland = rhythm(date(2026, 11, 23), time(8, 0), 0, time_zone="Pacific/Auckland")

    assert in_utc(auckland, "2026-11-01", "2026-11-30") == ["11-22 19:00", "11-29 19:00"]


def test_numbers_do_not_depend_on_where_one_begins_to_look() -> None:
    one = rhythm(date(2026, 11, 25), time(9, 0), 0, 2, 4, every_weeks=3)
    until = datetime(2027, 6, 1, tzinfo=UTC)

    whole = list(numbered(one, since=LONG_AGO, until=until))

    assert [number for number, _ in whole] == list(range(len(whole)))
    for number, moment in whole:
        assert next(numbered(one, since=moment, until=until)) == (number, moment)


def test_a_first_day_already_past_when_it_was_agreed_does_not_count() -> None:
    agreed_at_noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    weekly = rhythm(date(2026, 11, 23), time(9, 0), 0, planned_at=agreed_at_noon)

    first = next(numbered(weekly, since=agreed_at_noon, until=agreed_at_noon + timedelta(9)))

    assert first == (0, datetime(2026, 11, 30, 9, 0, tzinfo=UTC))


def test_the_next_one_is_after_now_not_now() -> None:
    weekly = rhythm(date(2026, 11, 23), time(9, 0), 0)
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    assert next_occurrence(weekly, after=now) == now + timedelta(weeks=1)


def test_the_next_one_may_be_far_off() -> None:
    spring = rhythm(date(2027, 4, 5), time(9, 0), 0, every_weeks=8)

    assert next_occurrence(spring, after=datetime(2026, 11, 23, tzinfo=UTC)) == datetime(
        2027, 4, 5, 8, 0, tzinfo=UTC
    )


def test_each_set_of_questions_comes_every_so_often_from_the_first_on() -> None:
    asked = [{"slug": "session-check-in", "every": 1}, {"slug": "phq-9", "every": 2}]
    one = rhythm(date(2026, 11, 23), time(9, 0), 0, instruments=asked)

    assert [asked_at(one, number) for number in range(3)] == [
        ["session-check-in", "phq-9"],
        ["session-check-in"],
        ["session-check-in", "phq-9"],
    ]
