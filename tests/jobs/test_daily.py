"""Duties of the day.

Each is done once a day by one worker, from its time on, in the day of the practice; a
receipt says when, by whom, what came of it and how long it took.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from securebase.jobs.daily import Daily, do_daily
from securebase.jobs.lease import BETWEEN, LEASE, MOST_ATTEMPTS
from securebase.jobs.models import Duty
from securebase.jobs.outcome import Outcome
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class Sweeping:
    """A duty that counts how often it was done, and stumbles as often as asked."""

    def __init__(self, *, stumbles: int = 0) -> None:
        self.done: list[datetime] = []
        self.stumbles = stumbles

    def __call__(self, *, at: datetime) -> Outcome:
        """Sweep, or stumble."""
        if self.stumbles:
            self.stumbles -= 1
            raise MemoryError("a name nobody should read")
        self.done.append(at)
        return Outcome("swept")


@pytest.fixture(autouse=True)
def _practice() -> None:
    make.a_practice()


def go(sweep: Sweeping, *, at: datetime, worker: str = "one") -> int:
    return do_daily(at=at, worker=worker, duties=[Daily("sweep", time(3, 0), sweep)])


def test_it_is_done_once_a_day_however_often_the_clock_turns() -> None:
    sweep = Sweeping()

    counts = [go(sweep, at=NOW + timedelta(hours=4 * turn)) for turn in range(12)]

    assert sum(counts) == len(sweep.done) == 3
    assert Duty.objects.count() == 3


def test_it_waits_for_its_time() -> None:
    sweep = Sweeping()

    assert go(sweep, at=NOW.replace(hour=2, minute=59)) == 0
    assert go(sweep, at=NOW.replace(hour=3, minute=0)) == 1


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
def test_it_is_done_once_on_the_days_when_clocks_change(day: datetime) -> None:
    sweep = Sweeping()
    duties = [Daily("sweep", time(1, 30), sweep)]

    for minutes in range(0, 20 * 60, 10):
        do_daily(at=day + timedelta(minutes=minutes), worker="one", duties=duties)

    assert len(sweep.done) == 1


def test_the_receipt_says_by_whom_and_what_came_of_it() -> None:
    go(Sweeping(), at=NOW, worker="worker 12")

    duty = Duty.objects.get()
    assert (duty.done_at, duty.worker) == (NOW, "worker 12")
    assert (duty.says, duty.well) == ("swept", True)
    assert duty.seconds is not None


def test_who_stumbles_tries_again_later_and_says_only_what_kind_of_trouble() -> None:
    sweep = Sweeping(stumbles=1)

    assert go(sweep, at=NOW) == 0
    assert go(sweep, at=NOW + timedelta(minutes=1)) == 0
    assert Duty.objects.get().trouble == "MemoryError"
    assert go(sweep, at=NOW + BETWEEN) == 1
    assert Duty.objects.get().trouble == ""


def test_who_stumbles_again_and_again_is_left_until_the_next_day() -> None:
    sweep = Sweeping(stumbles=MOST_ATTEMPTS)
    for turn in range(20):
        go(sweep, at=NOW + turn * BETWEEN * MOST_ATTEMPTS)
    assert sweep.done == []

    assert go(sweep, at=NOW + DAY) == 1


def test_a_worker_that_died_in_the_middle_is_followed_by_another() -> None:
    def die(*, at: datetime) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_daily(at=NOW, worker="one", duties=[Daily("sweep", time(3, 0), die)])
    sweep = Sweeping()

    assert go(sweep, at=NOW + LEASE - timedelta(seconds=1), worker="two") == 0
    assert go(sweep, at=NOW + LEASE, worker="two") == 1


def test_days_without_a_worker_are_not_made_up_for() -> None:
    sweep = Sweeping()
    go(sweep, at=NOW)

    assert go(sweep, at=NOW + 5 * DAY) == 1


def test_nothing_is_done_before_there_is_a_practice() -> None:
    from securebase.clinic.care.models import Practice

    Practice.objects.all().delete()

    assert go(Sweeping(), at=NOW) == 0
