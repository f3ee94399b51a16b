"""When two people would meet next.

The same weekday and time as before, by the days agreed and else after a week. A time on the
wall stays the same when the clocks change, and a day that has gone by is moved on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import agree_interval, close_session, plan_session
from securebase.people.accounts.models import User
from securebase.stories.plan_next import Usual, usual_next
from tests import factories as make

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.fixture
def jo() -> User:
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    return make.a_patient(of=jo, at=MONDAY - timedelta(days=300))


def meet(sam: Patient, jo: User, *, at: datetime, minutes: int = 50) -> None:
    plan_session(patient=sam, clinician=jo, starts_at=at, minutes=minutes, by=jo, at=at)


def test_before_the_first_session_nothing_is_usual(sam: Patient) -> None:
    assert usual_next(sam, at=MONDAY) is None


@pytest.mark.parametrize(
    ("days_since", "day"),
    [
        # days   next
        (0,      date(2026, 11, 30)),
        (6,      date(2026, 11, 30)),
        (7,      date(2026, 12, 7)),
        (20,     date(2026, 12, 14)),
    ],
)  # fmt: skip
def test_it_is_the_same_weekday_and_time_after_a_week(
    sam: Patient, jo: User, days_since: int, day: date
) -> None:
    meet(sam, jo, at=MONDAY, minutes=80)

    found = usual_next(sam, at=MONDAY + timedelta(days=days_since))

    assert found == Usual(day, time(10, 30), 80)


def test_what_was_agreed_counts_and_so_does_a_session_that_is_planned(
    sam: Patient, jo: User
) -> None:
    agree_interval(patient=sam, days=14, by=jo, at=MONDAY)
    meet(sam, jo, at=MONDAY + timedelta(days=14))

    found = usual_next(sam, at=MONDAY)

    assert found is not None
    assert found.day == date(2026, 12, 21)


def test_a_cancelled_session_does_not_count(sam: Patient, jo: User) -> None:
    meet(sam, jo, at=MONDAY)
    other = plan_session(
        patient=sam, clinician=jo, starts_at=MONDAY + timedelta(days=2), by=jo, at=MONDAY
    )
    close_session(session=other, state="cancelled", by=jo, at=MONDAY)

    found = usual_next(sam, at=MONDAY)

    assert found is not None
    assert found.day == date(2026, 11, 30)


def test_the_time_on_the_wall_stays_when_the_clocks_change(sam: Patient, jo: User) -> None:
    before_the_change = datetime(2026, 10, 19, 9, 0, tzinfo=UTC)
    meet(sam, jo, at=before_the_change)

    found = usual_next(sam, at=before_the_change)

    assert found == Usual(date(2026, 10, 26), time(10, 0), 50)
