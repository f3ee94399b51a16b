"""Reminders.

One for each agreed time, to people who are in care and want it; of several that came
while the worker stood still, the last one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode
from securebase.jobs.tick import tick
from securebase.people.post.actions import choose_reminder_times, choose_reminders
from securebase.people.post.models import Letter
from securebase.people.post.wishes import Wishes
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

EVENING = NOW + timedelta(hours=10)


@pytest.fixture
def patient() -> Patient:
    """Return a patient who can sign in and agreed to every day at 19:00."""
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    account = make.the_account(patient)
    account.set_password("four quiet herons stand")
    account.save()
    open_episode(patient=patient, by=clinician, at=NOW)
    agree(patient, at=NOW)
    return patient


def agree(patient: Patient, *, at: datetime, begins: date | None = None) -> None:
    terms = Terms(
        weekdays=range(7),
        at_time=time(19, 0),
        instruments=[Asked(slug="phq-9", every=1)],
        starts_on=begins or at.date(),
    )
    plan_rhythm(patient=patient, terms=terms, by=patient.bonds.get().clinician, at=at)


def test_three_days_without_a_worker_come_to_one_reminder(patient: Patient) -> None:
    tick(at=EVENING + timedelta(days=3, hours=1))

    assert len(mail.outbox) == 1
    assert Letter.objects.filter(state=Letter.State.WITHDRAWN).count() == 3


def test_who_turned_reminders_off_gets_none_that_waits_already(patient: Patient) -> None:
    account = make.the_account(patient)
    choose_reminders(account=account, wanted=False, by=account, at=NOW)
    tick(at=EVENING)
    assert mail.outbox == []

    choose_reminders(account=account, wanted=True, by=account, at=EVENING)
    tick(at=EVENING + timedelta(days=1))

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("ended", ["the span of care", "the bond"])
def test_none_comes_after_the_end_of_care(patient: Patient, ended: str) -> None:
    if ended == "the bond":
        Care.objects.update(until=NOW + timedelta(hours=1))
    else:
        Episode.objects.update(closed_at=NOW + timedelta(hours=1))

    tick(at=EVENING)

    assert mail.outbox == []


def test_who_moves_to_another_zone_on_the_day_is_reminded_once_that_day(
    patient: Patient,
) -> None:
    tick(at=EVENING)
    patient.time_zone = "America/New_York"
    patient.save(update_fields=["time_zone"])
    agree(patient, at=EVENING + timedelta(hours=1))

    tick(at=EVENING + timedelta(hours=5))
    assert len(mail.outbox) == 1

    tick(at=EVENING + timedelta(days=1, hours=5))
    assert len(mail.outbox) == 2


def test_a_clock_set_back_two_hours_reminds_nobody_again(patient: Patient) -> None:
    tick(at=EVENING)
    for hours in (-2, -1, 0):
        tick(at=EVENING + timedelta(hours=hours))

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_days_when_clocks_change_have_one_reminder_each(
    patient: Patient, day: date
) -> None:
    Letter.objects.all().delete()
    morning = datetime.combine(day, time(0, 0), ZoneInfo("Europe/London")).astimezone(UTC)
    patient.rhythms.update(
        at_time=time(1, 30), starts_on=day, planned_at=morning - timedelta(days=1)
    )

    for half_hours in range(24):
        tick(at=morning + timedelta(minutes=30 * half_hours))

    assert len(mail.outbox) == 1


def wish(patient: Patient, wishes: Wishes) -> None:
    account = make.the_account(patient)
    choose_reminder_times(account=account, wishes=wishes, today=NOW.date(), by=account, at=NOW)


def test_it_comes_at_the_time_the_person_chose(patient: Patient) -> None:
    wish(patient, Wishes(at_time=time(20, 30)))

    tick(at=EVENING)
    assert mail.outbox == []

    tick(at=EVENING + timedelta(minutes=90))
    assert len(mail.outbox) == 1


def test_quiet_hours_are_quiet_and_the_night_stays_one(patient: Patient) -> None:
    wish(patient, Wishes(quiet_from=time(18), quiet_until=time(23)))

    tick(at=EVENING)
    tick(at=EVENING + timedelta(hours=4))
    assert mail.outbox == []

    tick(at=EVENING + timedelta(hours=13))
    assert len(mail.outbox) == 1


def test_none_comes_while_they_are_paused_and_then_by_themselves(patient: Patient) -> None:
    wish(patient, Wishes(paused_until=NOW.date()))

    tick(at=EVENING)
    assert mail.outbox == []

    tick(at=EVENING + timedelta(days=1))
    assert len(mail.outbox) == 1


def test_it_is_written_in_the_language_of_the_record(patient: Patient) -> None:
    Patient.objects.update(language="de")

    tick(at=EVENING)

    assert mail.outbox[0].subject == "Eine Erinnerung für Sie"
