"""Who reads, when, and what happens if the time runs out while somebody writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.care.models import Care
from securebase.clinic.checkins.models import CheckIn
from securebase.pages.patient import question
from securebase.pages.patient.moments import days_in_words
from tests.factories import NOW, a_checkin, a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client


@pytest.fixture(autouse=True)
def at_half_past_nine() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        yield


@pytest.fixture
def session(client: Client, db: None) -> CheckIn:
    """Return an open check-in of the patient who is signed in."""
    a_practice()
    checkin = a_checkin(a_patient(of=a_clinician()), "session-check-in")
    client.force_login(the_account(checkin.patient))
    return checkin


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "every day"),
        ([0, 1, 2, 3, 4, 5, 6], "every day"),
        ([0, 1, 2, 3, 4], "on weekdays"),
        ([1], "every Tuesday"),
        ([3, 0], "every Monday and Thursday"),
        ([0, 2, 4], "every Monday, Wednesday and Friday"),
    ],
)
def test_reading_days_are_said_as_one_says_them(days: list[int], words: str) -> None:
    assert days_in_words(days) == words


def test_while_nobody_is_named_no_reading_is_promised(client: Client, session: CheckIn) -> None:
    Care.objects.filter(patient=session.patient).update(until=NOW + timedelta(minutes=1))
    home = client.get(reverse("me_home")).content.decode()
    client.post(reverse("me_send", kwargs={"pk": session.pk}))
    after = client.get(reverse("me_sent", kwargs={"pk": session.pk})).content.decode()

    assert "Nobody is named yet" in home
    assert "waits for your practice to read it" in after


def test_days_later_the_receipt_no_longer_promises_what_is_past(
    client: Client, session: CheckIn
) -> None:
    client.post(reverse("me_send", kwargs={"pk": session.pk}))
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        client.logout()
        client.force_login(the_account(session.patient))
        after = client.get(reverse("me_sent", kwargs={"pk": session.pk})).content.decode()

    assert "It was sent Monday 23 November, 09:30" in after
    assert "will read it" not in after


def test_sending_after_the_end_is_said_calmly(client: Client, session: CheckIn) -> None:
    with time_machine.travel(session.closes_at, tick=False):
        client.force_login(the_account(session.patient))
        said = client.post(reverse("me_send", kwargs={"pk": session.pk}))
        page = client.get(reverse("me_kept", kwargs={"pk": session.pk}))

    assert (said.status_code, page.status_code) == (409, 409)
    assert "This check-in is closed" in said.content.decode()


def test_a_check_in_sent_elsewhere_meanwhile_gives_the_words_back(
    client: Client, session: CheckIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(reverse("me_send", kwargs={"pk": session.pk}))
    monkeypatch.setattr(question, "can_answer", lambda user, checkin, at: True)
    url = reverse("me_question", kwargs={"pk": session.pk, "number": 6})
    said = client.post(url, {"answer": "one more thing"})

    assert said.status_code == 409
    assert "one more thing" in said.content.decode()
    assert "This check-in is sent" in said.content.decode()


def test_keeping_words_that_are_too_long_says_so_in_words(
    client: Client, session: CheckIn
) -> None:
    url = reverse("me_keep", kwargs={"pk": session.pk, "number": 6})
    said = client.post(url, {"answer": "so much " * 700})

    assert said.status_code == 422
    assert said["Content-Type"].startswith("text/plain")
    assert b"Nothing you wrote is lost" in said.content
