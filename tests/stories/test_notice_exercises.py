"""An exercise that made it worse.

Two doings with more distress after than before are worth a word, and only where the
person lets those who treat them see which exercises help.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from securebase.clinic.episodes.models import Signal
from securebase.clinic.practice.actions import keep_doing, share_help
from securebase.clinic.practice.entries import Done
from securebase.science.exercises import exercise
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    send,
    the_account,
)

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient

pytestmark = pytest.mark.django_db

LOW = {str(n): 1 for n in range(1, 9)} | {"9": 0}


@pytest.fixture
def sam() -> Patient:
    a_practice()
    return a_patient(of=a_clinician(), at=NOW - timedelta(days=60))


def did(patient: Patient, *days_ago: int, after: int | None = 8) -> None:
    """Let the patient do one exercise on some days, with distress 5 before."""
    for days in days_ago:
        done = Done(key=uuid4(), exercise="five-senses", before=5, after=after)
        at = NOW - timedelta(days=days)
        keep_doing(patient=patient, done=done, by=the_account(patient), at=at)


def noticed(patient: Patient) -> list[str]:
    """Return what is noticed after a check-in: exercises, by name."""
    send(a_checkin(patient, "phq-9", at=NOW), {f"phq-9.{n}": v for n, v in LOW.items()}, at=NOW)
    return [one.data["name"] for one in Signal.objects.filter(rule="SKILL.WORSE")]


def test_two_rises_are_told_by_the_name_of_the_exercise(sam: Patient) -> None:
    share_help(patient=sam, wanted=True, by=the_account(sam), at=NOW - timedelta(days=20))
    did(sam, 3, 9)

    assert noticed(sam) == [exercise("five-senses").title]


def test_nothing_is_told_that_is_not_shared(sam: Patient) -> None:
    did(sam, 3, 9)

    assert noticed(sam) == []


@pytest.mark.parametrize(
    ("days", "after"), [((3,), 8), ((3, 30), 8), ((3, 9), 6), ((3, 9), None)]
)
def test_one_rise_an_old_one_a_small_one_and_one_not_rated_are_not_told(
    sam: Patient, days: tuple[int, ...], after: int | None
) -> None:
    share_help(patient=sam, wanted=True, by=the_account(sam), at=NOW - timedelta(days=20))
    did(sam, *days, after=after)

    assert noticed(sam) == []
