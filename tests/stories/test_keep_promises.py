"""Promises that are kept by what is done.

A check-in is to be read by the day and hour agreed, and counts among the promises of the
clinician of record. A plan for a break keeps the promise of one.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from securebase.clinic.bridge.actions import Over
from securebase.clinic.bridge.words import BREAK, Parts, Span
from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.promising import promise
from securebase.people.accounts.models import User
from securebase.stories.keep_promises import promises_tallied
from securebase.stories.open_record import read_checkin
from securebase.stories.open_today import open_today
from securebase.stories.plan_break import plan_break
from tests.factories import NOW, a_checkin, a_patient

pytestmark = pytest.mark.django_db

A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - 40 * A_WEEK)


def a_sent_checkin(patient: Patient, weeks_ago: int) -> CheckIn:
    then = NOW - weeks_ago * A_WEEK
    checkin = a_checkin(patient, "phq-9", at=then)
    CheckIn.objects.filter(pk=checkin.pk).update(
        state=CheckIn.State.SUBMITTED, submitted_at=then, submission=checkin.pk
    )
    checkin.refresh_from_db()
    return checkin


def test_check_ins_count_by_whether_they_were_read_when_promised(
    clinician: User, patient: Patient
) -> None:
    in_time, late, _ = (a_sent_checkin(patient, weeks) for weeks in (3, 2, 1))

    read_checkin(checkin=in_time, by=clinician, at=NOW - 3 * A_WEEK)
    read_checkin(checkin=late, by=clinician, at=NOW - A_DAY)

    tally = promises_tallied(user=clinician, at=NOW)
    assert (tally.in_time, tally.late, tally.open, tally.due) == (1, 1, 1, 3)


def test_the_first_reading_is_the_one_that_counts(clinician: User, patient: Patient) -> None:
    checkin = a_sent_checkin(patient, 3)

    for then in (NOW - 2 * A_WEEK, NOW - A_WEEK):
        read_checkin(checkin=checkin, by=clinician, at=then)

    assert CheckIn.objects.get().read_at == NOW - 2 * A_WEEK


def test_what_nobody_read_waits_on_today_however_long_ago_it_came(
    clinician: User, patient: Patient
) -> None:
    checkin = a_sent_checkin(patient, 9)

    (waiting,) = open_today(user=clinician, at=NOW).promises

    assert waiting.checkin == checkin


def test_a_plan_for_a_break_keeps_the_promise_of_one(clinician: User, patient: Patient) -> None:
    promise(
        patient=patient,
        kind="plan",
        text="A plan for May.",
        due_at=NOW + A_WEEK,
        by=clinician,
        at=NOW - A_DAY,
    )

    plan_break(
        patient=patient,
        span=Span(BREAK, date(2027, 5, 3), date(2027, 5, 14)),
        parts=Parts(expect="No session on Tuesdays."),
        over=Over(),
        by=clinician,
        at=NOW,
    )

    assert Promise.objects.get().kept_at == NOW
