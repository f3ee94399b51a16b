"""Everything at once.

A double tap, two devices, two workers: on a database with real connections, what happens
at the same moment comes out as if one had been first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import keep_answers, read_draft
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.models import Signal
from securebase.clinic.measurement.models import Response
from securebase.people.accounts.actions import accept_invitation, invite
from securebase.people.audit.trail import breaks
from securebase.stories.submit_checkin import Receipt, submit_checkin
from tests import factories as make
from tests.doors import a_database_with_many_doors

NOW = make.NOW


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with a_database_with_many_doors(tmp_path):
        yield


@pytest.fixture
def patient(_real_database: None) -> Patient:
    """Return a patient in a practice with signals on."""
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things in threads that start together; return results or refusals."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return act()
        except PermissionDenied as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_double_tap_sends_once(patient: Patient) -> None:
    checkin, key, by = make.a_checkin(patient), uuid4(), make.the_account(patient)
    make.answer(checkin, {"phq-9.9": 1}, at=NOW)

    receipts = at_once(*[lambda: submit_checkin(checkin=checkin, key=key, by=by, at=NOW)] * 4)

    assert all(receipt == receipts[0] for receipt in receipts)
    assert isinstance(receipts[0], Receipt)
    assert Response.objects.count() == 1
    assert sorted(Signal.objects.values_list("rule", flat=True)) == ["DATA.GAPS", "SAFE1"]
    assert list(breaks()) == []


def test_of_two_devices_one_sends(patient: Patient) -> None:
    checkin, by = make.a_checkin(patient), make.the_account(patient)
    make.answer(checkin, {"phq-9.1": 1}, at=NOW)

    outcomes = at_once(
        *[lambda: submit_checkin(checkin=checkin, key=uuid4(), by=by, at=NOW)] * 3
    )

    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert sum("sent already" in str(outcome) for outcome in outcomes) == 2
    assert Response.objects.count() == 1


def test_answers_given_at_once_are_all_kept(patient: Patient) -> None:
    checkin, by = make.a_checkin(patient), make.the_account(patient)

    def keeping(number: int) -> Callable[[], Any]:
        return lambda: keep_answers(
            checkin=checkin, given={f"phq-9.{number}": 1}, by=by, at=NOW
        )

    at_once(*[keeping(number) for number in range(1, 5)])

    assert len(read_draft(checkin=checkin, by=by)["answers"]) == 4


def test_two_workers_open_a_check_in_once(patient: Patient) -> None:
    make.a_checkin(patient)
    CheckIn.objects.all().delete()

    at_once(*[lambda: open_due(at=NOW)] * 3)

    assert CheckIn.objects.count() == 1


def test_a_link_used_twice_at_once_opens_once(patient: Patient) -> None:
    account = make.the_account(patient)
    _, token = invite(account=account, by=make.a_host(), at=NOW)

    outcomes = at_once(
        *[lambda: accept_invitation(token=token, password="four quiet herons", at=NOW)] * 3
    )

    assert sum(isinstance(outcome, PermissionDenied) for outcome in outcomes) == 2
