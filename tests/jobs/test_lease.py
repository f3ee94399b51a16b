"""Duties.

A duty is done by one worker at a time. A worker that dies leaves a claim that lapses, so
the duty is done later by another; one that fails again and again is left with its trouble.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.jobs.lease import (
    BETWEEN,
    LEASE,
    MOST_ATTEMPTS,
    claimed,
    enter,
    put_back,
    settle,
)
from securebase.jobs.models import Duty
from securebase.jobs.outcome import Outcome
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_duty() -> None:
    for _ in range(2):
        enter(key="water 1", work="water", about={"plant": "fern"}, due_at=NOW)


def test_a_duty_entered_twice_is_one_duty() -> None:
    assert Duty.objects.get().about == {"plant": "fern"}


def test_it_waits_until_it_is_due() -> None:
    assert list(claimed(work="water", at=NOW - timedelta(seconds=1))) == []
    assert list(claimed(work="sweep", at=NOW)) == []
    assert len(list(claimed(work="water", at=NOW))) == 1


def test_two_workers_never_hold_the_same_duty() -> None:
    first, second = claimed(work="water", at=NOW), claimed(work="water", at=NOW)

    assert len([*first, *second]) == 1


def test_a_worker_that_comes_a_moment_late_gets_nothing() -> None:
    enter(key="water 2", work="water", about={}, due_at=NOW)
    slow = claimed(work="water", at=NOW)
    next(slow)

    quick = list(claimed(work="water", at=NOW))

    assert (len(quick), list(slow)) == (1, [])


def test_the_claim_of_a_worker_that_died_lapses() -> None:
    list(claimed(work="water", at=NOW))

    assert list(claimed(work="water", at=NOW + LEASE - timedelta(seconds=1))) == []
    assert len(list(claimed(work="water", at=NOW + LEASE))) == 1


def test_what_is_done_is_not_done_again() -> None:
    (duty,) = claimed(work="water", at=NOW)
    settle(duty, at=NOW, outcome=Outcome("watered"), worker="one")

    assert list(claimed(work="water", at=NOW + 100 * LEASE)) == []


def test_what_fails_comes_back_later_each_time_and_at_last_no_more() -> None:
    at, waits = NOW, []
    for _ in range(MOST_ATTEMPTS):
        (duty,) = claimed(work="water", at=at)
        put_back(duty, at=at, trouble=OSError("a host name that nobody should read"))
        waiting_until = Duty.objects.get().claimed_until
        assert waiting_until is not None
        waits.append((waiting_until - at) // BETWEEN)
        at = waiting_until

    assert waits == [1, 2, 3, 4, 5]
    assert list(claimed(work="water", at=at)) == []
    assert Duty.objects.get().trouble == "OSError"
