"""A check-in answered without a connection.

It comes in once, with the time at which it was answered, and only if that time fits the
check-in. One that was closed as missed meanwhile is opened for it; one that ended long ago
is not, and the device keeps the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from securebase.clinic.practice.models import AnsweredOffline
from securebase.people.audit.models import AuditEvent
from securebase.stories.send_offline import OfflineSheet, send_offline
from tests import factories as make

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LAST_NIGHT = make.NOW + 14 * HOUR
THIS_MORNING = make.NOW + 23 * HOUR


@pytest.fixture
def checkin() -> CheckIn:
    """Return a check-in that opened on Monday at nine, for two days."""
    make.a_practice()
    return make.a_checkin(make.a_patient(of=make.a_clinician()), "phq-9", at=make.NOW)


def a_sheet(
    answered_at: datetime = LAST_NIGHT, *, also: Mapping[str, int] | None = None
) -> OfflineSheet:
    given = {f"phq-9.{n}": 1 for n in range(1, 9)} | dict(also or {})
    return OfflineSheet(uuid4(), answered_at, given)


def send(checkin: CheckIn, sheet: OfflineSheet, *, at: datetime = THIS_MORNING) -> Any:
    by = make.the_account(checkin.patient)
    return send_offline(checkin=checkin, sheet=sheet, by=by, at=at)


def test_it_has_the_time_at_which_it_was_answered_and_is_marked(checkin: CheckIn) -> None:
    send(checkin, a_sheet())
    marked = AnsweredOffline.objects.get(checkin=checkin.pk)

    assert Response.objects.get().answered_at == LAST_NIGHT
    assert (marked.answered_at, marked.arrived_at) == (LAST_NIGHT, THIS_MORNING)


def test_the_trail_has_the_time_at_which_it_came_in(checkin: CheckIn) -> None:
    send(checkin, a_sheet())

    assert AuditEvent.objects.get(verb="checkins.checkin.submit").at == THIS_MORNING


def test_sent_twice_under_one_key_it_is_kept_once(checkin: CheckIn) -> None:
    sheet = a_sheet()
    first, second = send(checkin, sheet), send(checkin, sheet)

    assert first.checkin == second.checkin
    assert Response.objects.count() == AnsweredOffline.objects.count() == 1


def test_another_device_comes_too_late_and_is_told(checkin: CheckIn) -> None:
    send(checkin, a_sheet())

    with pytest.raises(PermissionDenied, match="was sent already"):
        send(checkin, a_sheet())


def test_answered_in_time_it_still_comes_in_after_it_was_closed(checkin: CheckIn) -> None:
    later = checkin.closes_at + HOUR
    close_missed(at=later)
    send(checkin, a_sheet(), at=later)
    checkin.refresh_from_db()

    assert checkin.state == CheckIn.State.SUBMITTED
    assert checkin.submitted_at == later


@pytest.mark.parametrize(
    ("answered_after", "arrives_after", "reason"),
    [
        # answered after        arrives after                    refused because
        (-HOUR, 23 * HOUR, "does not fit"),
        (24 * HOUR, 23 * HOUR, "does not fit"),
        (49 * HOUR, 50 * HOUR, "ended too long ago"),
        (14 * HOUR, timedelta(days=10), "ended too long ago"),
    ],
    ids=["before it opened", "in the future", "after it closed", "ten days on the device"],
)
def test_a_time_that_does_not_fit_is_refused_and_nothing_is_kept(
    checkin: CheckIn, answered_after: timedelta, arrives_after: timedelta, reason: str
) -> None:
    sheet = a_sheet(make.NOW + answered_after)

    with pytest.raises(PermissionDenied, match=reason):
        send(checkin, sheet, at=make.NOW + arrives_after)
    assert Response.objects.count() == 0


def test_a_clock_that_is_a_few_minutes_off_is_brought_to_now(checkin: CheckIn) -> None:
    send(checkin, a_sheet(THIS_MORNING + timedelta(minutes=5)))

    assert Response.objects.get().answered_at == THIS_MORNING


def test_a_marked_safety_question_asks_the_clinician_to_look(checkin: CheckIn) -> None:
    receipt = send(checkin, a_sheet(also={"phq-9.9": 1}))

    assert receipt.safety
    assert checkin.patient.signals.filter(tier="now").exists()


def test_nobody_else_sends_it(checkin: CheckIn) -> None:
    other = make.the_account(make.a_patient(of=make.a_clinician(), name="Alex"))

    with pytest.raises(PermissionDenied):
        send_offline(checkin=checkin, sheet=a_sheet(), by=other, at=THIS_MORNING)


# What a device sends


@pytest.fixture
def me(client: Client, checkin: CheckIn) -> Client:
    """Return the patient's browser."""
    client.force_login(make.the_account(checkin.patient))
    return client


def post(me: Client, checkin: CheckIn, body: Any) -> Any:
    path = reverse("me_kit_send", kwargs={"pk": checkin.pk})
    return me.post(path, body, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    [
        "no words",
        "[]",
        {"key": "x"},
        {"key": str(uuid4()), "answered_at": "2026-11-23T10:00", "given": {}},
        {"key": str(uuid4()), "answered_at": LAST_NIGHT.isoformat(), "given": [1]},
    ],
)
def test_what_cannot_be_read_is_refused_without_a_fault(
    me: Client, checkin: CheckIn, body: Any
) -> None:
    answer = post(me, checkin, body)

    assert answer.status_code == 422
    assert "still on the device" in answer.json()["says"]
