"""After a session, and how often you meet.

A minute is enough: one word, and what was noticed if there is time. What is agreed on the
rhythm of sessions stands with the frame.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Signal
from securebase.clinic.therapy.actions import plan_session
from securebase.clinic.therapy.models import AgreedInterval, TherapySession
from securebase.people.accounts.models import User
from tests.factories import NOW, a_patient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = a_patient(of=clinician, at=NOW)
    open_episode(patient=patient, by=clinician, at=NOW)
    return patient


@pytest.fixture
def address(patient: Patient, clinician: User) -> str:
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )
    return reverse("desk_session_close", args=[session.pk])


def test_the_page_asks_four_things_and_needs_one(desk: Client, address: str) -> None:
    page = desk.get(address).content.decode()

    assert "One minute. Only the first answer is needed." in page
    for name in ("state", "tension", "distress", "processed"):
        assert f'name="{name}"' in page


def test_a_minute_is_kept(desk: Client, address: str) -> None:
    said = {"state": "held", "tension": "1", "distress": "2", "processed": "on"}

    response = desk.post(address, said)

    kept = TherapySession.objects.get()
    assert response.status_code == 302
    assert (kept.state, kept.tension, kept.distress, kept.processed) == ("held", 1, 2, True)


def test_one_word_is_enough(desk: Client, address: str) -> None:
    desk.post(address, {"state": "held"})

    kept = TherapySession.objects.get()
    assert (kept.state, kept.tension, kept.distress, kept.processed) == (
        "held",
        None,
        None,
        False,
    )


def test_what_is_worth_a_look_is_said_at_once(desk: Client, address: str) -> None:
    page = desk.post(address, {"state": "held", "distress": "8"}, follow=True).content.decode()

    assert "Something here is worth a look." in page
    assert Signal.objects.get().rule == "OVER.END"


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"state": "vanished"}, "Say whether it was held, missed or cancelled."),
        ({"state": "missed", "tension": "3"}, "has nothing to rate"),
        ({"state": "held", "distress": "11"}, "less than or equal to 10"),
    ],
)
def test_what_cannot_be_is_answered_beside_the_question(
    desk: Client, address: str, said: dict[str, str], because: str
) -> None:
    response = desk.post(address, said)

    assert response.status_code == 422
    assert because in response.content.decode()
    assert TherapySession.objects.get().state == "planned"


def test_the_agreed_interval_is_kept_and_shown(desk: Client, patient: Patient) -> None:
    frame = reverse("desk_frame", args=[patient.pk])

    desk.post(reverse("desk_interval", args=[patient.pk]), {"days": 14})

    assert AgreedInterval.objects.get().days == 14
    assert 'value="14"' in desk.get(frame).content.decode()


@pytest.mark.parametrize("days", ["0", "366", "often"])
def test_an_interval_that_is_none_is_not_kept(
    desk: Client, patient: Patient, days: str
) -> None:
    address = reverse("desk_interval", args=[patient.pk])

    page = desk.post(address, {"days": days}, follow=True).content.decode()

    assert "Not kept: give the days between sessions, 1 to 365." in page
    assert not AgreedInterval.objects.exists()


def test_why_explains_what_the_session_told(desk: Client, address: str) -> None:
    desk.post(address, {"state": "held", "distress": "8"})

    page = desk.get(reverse("desk_signal", args=[Signal.objects.get().pk])).content.decode()

    for part in (
        "Left the session in distress",
        "Distress at the end of the session",
        "distress at the end &gt;= 6",
        "8 &gt;= 6",
        "No nominal rate: it repeats what was said.",
        "how the evening and the night were",
    ):
        assert part in page
