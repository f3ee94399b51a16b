"""In which language somebody reads.

What was chosen on the device comes first, then what the record says, then what the
browser asks for. Those who work here read English.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from securebase.clinic.care.models import Patient
from tests import factories as make

pytestmark = pytest.mark.django_db

GERMAN, ENGLISH = 'lang="de"', 'lang="en-GB"'
HELP, HOME = "/help-now", "/me/"


@pytest.fixture(autouse=True)
def in_the_morning() -> Iterator[None]:
    with time_machine.travel(make.NOW + timedelta(minutes=30), tick=False):
        yield


@pytest.fixture
def sam() -> Patient:
    """Return a patient whose record says German."""
    make.a_practice()
    sam = make.a_patient(of=make.a_clinician())
    Patient.objects.filter(pk=sam.pk).update(language="de")
    return sam


@pytest.fixture
def me(client: Client, sam: Patient) -> Client:
    """Return the patient's browser, which asks for English."""
    client.force_login(make.the_account(sam))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def head(client: Client, path: str, **more: str) -> str:
    """Return the beginning of a page, where it says its language."""
    return client.get(path, headers=more).content.decode()[:200]


def test_a_visitor_reads_what_the_browser_asks_for(client: Client) -> None:
    assert GERMAN in head(client, HELP, accept_language="de-AT,de;q=0.9")
    assert ENGLISH in head(client, HELP, accept_language="en-US")
    assert ENGLISH in head(client, HELP, accept_language="pt")


def test_a_link_on_the_page_changes_it_and_the_device_remembers(client: Client) -> None:
    page = client.get(HELP).content.decode()
    assert 'href="?language=de"' in page

    assert GERMAN in head(client, f"{HELP}?language=de")
    assert GERMAN in head(client, "/me/steady/")
    assert ENGLISH in head(client, f"{HELP}?language=en-gb")
    assert ENGLISH in head(client, HELP)


def test_a_language_we_do_not_speak_changes_nothing(client: Client) -> None:
    assert ENGLISH in head(client, f"{HELP}?language=tlh")
    assert "language" not in client.cookies


def test_the_rest_of_an_address_stays_when_the_language_changes(client: Client) -> None:
    page = client.get("/account/login/?next=/me/").content.decode()

    assert "?next=%2Fme%2F&amp;language=de" in page


def test_a_patient_reads_the_language_of_the_record(me: Client) -> None:
    page = me.get(HOME).content.decode()

    assert GERMAN in page
    assert "Halt finden" in page
    assert "Steady myself" not in page


def test_what_is_chosen_on_the_device_comes_before_the_record(me: Client) -> None:
    assert ENGLISH in head(me, f"{HOME}?language=en-gb")
    assert ENGLISH in head(me, HOME)


def test_days_and_times_are_said_the_german_way(me: Client, sam: Patient) -> None:
    checkin = make.a_checkin(sam, "session-check-in")

    page = me.get("/me/check-in/").content.decode()

    assert f"{checkin.closes_at:%H:%M}" in page
    assert "Mittwoch, 25. November" in page


def test_an_instrument_of_ours_is_asked_in_german(me: Client, sam: Patient) -> None:
    checkin = make.a_checkin(sam, "session-check-in")

    page = me.get(f"/me/check-in/{checkin.pk}/1/").content.decode()

    assert "Ich habe mich in der Sitzung sicher gefühlt." in page


def test_an_instrument_without_a_licensed_translation_stays_as_it_is(
    me: Client, sam: Patient
) -> None:
    checkin = make.a_checkin(sam, "phq-9")

    page = me.get(f"/me/check-in/{checkin.pk}/1/").content.decode()

    assert "Little interest or pleasure in doing things" in page
    assert "Überspringen" in page


def test_a_refusal_is_said_in_german_too(me: Client) -> None:
    answer = me.post("/me/reminders/", {"at_time": "03:00"})

    assert "Nachts kommt keine E-Mail." in answer.content.decode()


def test_those_who_work_here_read_english(client: Client, sam: Patient) -> None:
    jo = sam.bonds.get(part="of_record").clinician
    make.with_factor(jo)
    client.force_login(jo)
    client.cookies["language"] = "de"

    page = client.get("/desk/people/", headers={"Accept-Language": "de"}).content.decode()

    assert ENGLISH in page[:200]
    assert "?language=de" not in page


def test_a_cache_knows_that_pages_differ_by_language(client: Client) -> None:
    assert "Accept-Language" in client.get(HELP)["Vary"]
    assert client.get(HELP)["Content-Language"] == "en-GB"
