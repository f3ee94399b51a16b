"""When a check-in was first read, taken from an old trail.

Until the tables knew it themselves, only the trail said when a check-in was read. What it
says is copied once: the first reading, never one of somebody else's, never one that is
older than the answers. It runs on both databases.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from tests import factories as make

take_from_the_trail = import_module(
    "securebase.clinic.checkins.migrations.0003_say_when_it_was_read"
).take_from_the_trail

HOUR = timedelta(hours=1)
SENT = make.NOW
BEFORE = [("checkins", "0002_draw_the_order_of_items")]
AFTER = [("checkins", "0003_say_when_it_was_read")]


@pytest.fixture
def jo(db: None) -> User:
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    return make.a_patient(of=jo)


def sent(patient: Patient, *, at: datetime) -> CheckIn:
    checkin = make.a_checkin(patient, "phq-9", at=at)
    make.send(checkin, {"phq-9.1": 1}, at=at)
    return checkin


def reads(checkin: CheckIn, by: User, *, at: datetime, verb: Verb = Verb.CHECKIN_READ) -> None:
    trail.record(verb, by=by, at=at, patient=checkin.patient_id, about=checkin)


def read_at(checkin: CheckIn) -> datetime | None:
    return CheckIn.objects.values_list("read_at", flat=True).get(pk=checkin.pk)


def test_the_first_reading_is_taken_and_only_of_what_was_read(jo: User, sam: Patient) -> None:
    read, unread = sent(sam, at=SENT), sent(sam, at=SENT + HOUR)
    for hours in (3, 2, 5):
        reads(read, jo, at=SENT + hours * HOUR)
    reads(unread, jo, at=SENT + 2 * HOUR, verb=Verb.CHECKIN_SUBMIT)

    take_from_the_trail(apps, None)

    assert (read_at(read), read_at(unread)) == (SENT + 2 * HOUR, None)


def test_a_reading_before_the_answers_came_is_none_of_them(jo: User, sam: Patient) -> None:
    checkin = sent(sam, at=SENT)
    reads(checkin, jo, at=SENT - HOUR)

    take_from_the_trail(apps, None)

    assert read_at(checkin) is None


def test_a_reading_of_what_is_there_no_more_is_passed_over(jo: User, sam: Patient) -> None:
    checkin = sent(sam, at=SENT)
    reads(CheckIn(patient=sam), jo, at=SENT + HOUR)

    take_from_the_trail(apps, None)

    assert read_at(checkin) is None


@pytest.mark.django_db(transaction=True)
def test_the_step_itself_fills_tables_that_hold_an_old_trail() -> None:
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    read, unread = (sent(make.a_patient(of=jo), at=SENT) for _ in range(2))
    reads(read, jo, at=SENT + HOUR)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)

    MigrationExecutor(connection).migrate(AFTER)

    MigrationExecutor(connection).migrate(
        MigrationExecutor(connection).loader.graph.leaf_nodes()
    )
    assert (read_at(read), read_at(unread)) == (SENT + HOUR, None)
