"""A patient's week.

A check-in comes when it was agreed, asks what was agreed, and waits. The patient answers
as much as they like, on any device, stops and comes back. Sending it is one act; not
answering it is no fault.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import keep_place, plan_rhythm, read_draft
from securebase.clinic.checkins.clock import close_missed, open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import can_answer
from securebase.clinic.checkins.queries import next_checkin, open_checkin
from securebase.clinic.checkins.questions import questions_of
from securebase.clinic.measurement.models import Score
from securebase.people.accounts.models import User
from securebase.stories.submit_checkin import submit_checkin
from tests import factories as make

MONDAY_MORNING = make.NOW
MONDAY_AT_SEVEN = MONDAY_MORNING + timedelta(hours=10)
TUESDAY = MONDAY_AT_SEVEN + timedelta(days=1)
THURSDAY = MONDAY_AT_SEVEN + timedelta(days=3)
A_WEEK = timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> Patient:
    """Return Sam, who agreed to a PHQ-9 on Mondays at seven in the evening."""
    make.a_practice()
    clinician = make.a_clinician()
    sam = make.a_patient(of=clinician)
    plan_rhythm(patient=sam, terms=make.terms("phq-9"), by=clinician, at=MONDAY_MORNING)
    return sam


@pytest.fixture
def user(sam: Patient) -> User:
    """Return the account Sam signs in with."""
    return make.the_account(sam)


@pytest.fixture
def checkin(sam: Patient) -> CheckIn:
    """Return the check-in of this Monday."""
    (checkin,) = open_due(at=MONDAY_AT_SEVEN)
    return checkin


def test_sam_can_see_when_the_next_one_comes(sam: Patient) -> None:
    assert next_checkin(sam, at=MONDAY_MORNING) == MONDAY_AT_SEVEN
    assert open_checkin(sam, at=MONDAY_MORNING) is None


def test_it_waits_from_monday_at_seven_for_two_days(user: User, checkin: CheckIn) -> None:
    assert not can_answer(user, checkin, at=MONDAY_AT_SEVEN - timedelta(minutes=1))
    assert can_answer(user, checkin, at=MONDAY_AT_SEVEN)
    assert can_answer(user, checkin, at=TUESDAY)
    assert not can_answer(user, checkin, at=THURSDAY)


def test_every_question_can_be_skipped(checkin: CheckIn) -> None:
    assert all(question.optional for question in questions_of(checkin))


def test_sam_stops_and_goes_on_the_next_day_on_another_device(
    user: User, checkin: CheckIn
) -> None:
    make.answer(checkin, {"phq-9.1": 2, "phq-9.2": None}, at=MONDAY_AT_SEVEN)
    keep_place(checkin=checkin, place=2, by=user, at=MONDAY_AT_SEVEN)

    found_on_tuesday = read_draft(checkin=CheckIn.objects.get(pk=checkin.pk), by=user)

    assert found_on_tuesday == {
        "answers": {"phq-9.1": 2, "phq-9.2": None},
        "texts": {},
        "place": 2,
        "times": dict.fromkeys(["phq-9.1", "phq-9.2"], MONDAY_AT_SEVEN.isoformat()),
    }


def test_sam_sends_it_half_answered_and_that_is_fine(user: User, checkin: CheckIn) -> None:
    make.answer(checkin, {"phq-9.1": 2, "phq-9.2": None}, at=TUESDAY)

    receipt = submit_checkin(checkin=checkin, key=uuid4(), by=user, at=TUESDAY)

    total = Score.objects.get(measure="phq-9.total")
    assert (total.value, total.state) == (None, "incomplete")
    assert receipt.read_by == TUESDAY.replace(hour=18) + timedelta(days=1)


def test_what_was_sent_cannot_be_answered_any_more(user: User, checkin: CheckIn) -> None:
    receipt = submit_checkin(checkin=checkin, key=uuid4(), by=user, at=TUESDAY)

    assert not can_answer(user, receipt.checkin, at=TUESDAY)


def test_one_that_nobody_answered_makes_room_for_the_next(
    sam: Patient, checkin: CheckIn
) -> None:
    close_missed(at=THURSDAY)
    (next_one,) = open_due(at=MONDAY_AT_SEVEN + A_WEEK)

    checkin.refresh_from_db()
    assert checkin.state == "missed"
    assert open_checkin(sam, at=MONDAY_AT_SEVEN + A_WEEK) == next_one
