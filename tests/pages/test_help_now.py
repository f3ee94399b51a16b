"""Help now, and the exercises.

Anybody can open them: signed out, without a script, and after the first visit without a
connection. They hold nothing of anybody, so a copy of them tells nothing of anybody.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from securebase.clinic.care.models import Practice
from securebase.pages.shared import crisis as shown
from securebase.science import crisis
from securebase.science.crisis import CrisisContact, Way
from securebase.science.exercises import NEEDS, exercises
from tests.factories import NOW, a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def seen(url: str) -> str:
    return re.sub(r"\s+", " ", Client().get(url).content.decode())


def away(*asked: object) -> NoReturn:
    raise OperationalError("the server closed the connection unexpectedly")


# Help now


def test_help_now_opens_signed_out_and_has_numbers_to_tap() -> None:
    a_practice()
    page = seen("/help-now")

    assert 'href="tel:999"' in page
    assert 'href="tel:116123"' in page
    assert 'href="sms:85258"' in page


def test_it_shows_the_country_of_the_practice() -> None:
    practice = a_practice()
    Practice.objects.filter(pk=practice.pk).update(country="NZ")
    here, elsewhere = seen("/help-now").split("In another country")

    assert "1737" in here
    assert "Samaritans" not in here
    assert "United Kingdom" in elsewhere
    assert "116 123" in elsewhere


def test_it_opens_for_whoever_is_signed_in_while_the_database_is_away() -> None:
    client = Client()
    client.force_login(the_account(a_patient(of=a_clinician())))

    with connection.execute_wrapper(away):
        help_now, offline = client.get("/help-now"), client.get("/offline")

    assert 'href="tel:116123"' in help_now.content.decode()
    assert offline.status_code == 200


def test_before_the_practice_is_set_up_the_setting_decides(settings: Settings) -> None:
    settings.SECUREBASE_COUNTRY = "AU"

    assert "13 11 14" in seen("/help-now").split("In another country")[0]


def test_a_country_without_numbers_of_its_own_still_gets_a_way(
    settings: Settings,
) -> None:
    settings.SECUREBASE_COUNTRY = "CH"

    assert "findahelpline.com" in seen("/help-now").split("In another country")[0]


def test_numbers_nobody_tried_are_said_to_be_so() -> None:
    assert "Nobody has tried them lately" in seen("/help-now")


def test_numbers_tried_lately_say_when_and_need_no_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = CrisisContact(
        name="Listeners",
        way=Way.CALL,
        number="123",
        note="They listen.",
        countries=("GB",),
        source="Rung.",
        verified=True,
        verified_on=date(2026, 11, 1),
        expires_on=date(2100, 1, 1),
    )
    monkeypatch.setattr(shown, "contacts_in", lambda country: (tried,))
    page = seen("/help-now")

    assert "Tried 1 November 2026" in page
    assert crisis.crisis_page().check_notice not in page


def test_it_needs_no_script_and_asks_nothing_of_other_sites() -> None:
    page = seen("/help-now")
    asked = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)', page)

    assert all(url.startswith("/static/") for url in asked)
    assert "<form" not in page
    assert "hidden>" not in page.split("<main")[1].split("In another country")[0]


def test_it_may_be_kept_for_minutes_and_never_by_somebody_in_between() -> None:
    kept = Client().get("/help-now")["Cache-Control"]

    assert kept == "private, max-age=300"


@pytest.mark.parametrize("url", ["/help-now", "/offline", "/own-copy", "/me/steady/"])
def test_an_open_page_is_the_same_signed_in_and_out(url: str) -> None:
    a_practice()
    patient = a_patient(of=a_clinician(), name="Sam Reed")
    me = Client()
    me.force_login(the_account(patient))
    mine = re.sub(r'data-token="\w*"', "", me.get(url).content.decode())
    anybodys = re.sub(r'data-token="\w*"', "", Client().get(url).content.decode())

    assert mine == anybodys


def test_a_message_meant_for_one_person_is_not_on_an_open_page(client: Client) -> None:
    request = RequestFactory().get("/")
    request.session = client.session
    storage = FallbackStorage(request)
    storage.add(messages.INFO, "only for Sam")
    response = client.get("/offline")
    storage.update(response)
    client.cookies.update(response.cookies)

    for url in ("/help-now", "/offline", "/me/steady/", "/me/steady/look-around/"):
        assert "only for Sam" not in client.get(url).content.decode()


# Without a connection


def test_the_worker_comes_from_the_root_and_always_fresh() -> None:
    worker = Client().get("/offline-worker.js")

    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"


def test_the_worker_keeps_open_pages_only_and_asks_for_them_without_cookies() -> None:
    worker = seen("/offline-worker.js")
    pattern = re.search(r"const OPEN = /(.+?)/;", worker)
    assert pattern
    opened = re.compile(pattern[1].replace("\\/", "/"))
    personal = ["/me/", "/me/check-in/", "/me/check-in/1/2/", "/desk/", "/account/login/"]
    personal += ["/me/kit/", "/me/kit/copy/", "/me/kit/do/look-around/"]

    assert all(
        opened.match(url)
        for url in ("/help-now", "/offline", "/own-copy", "/me/steady/look-around/")
    )
    assert [url for url in personal if opened.match(url)] == []
    assert worker.count('credentials: "omit"') == worker.count("shelf.put(") == 1


def test_pages_of_a_person_are_never_stored() -> None:
    a_practice()
    me = Client()
    me.force_login(the_account(a_patient(of=a_clinician(), at=NOW - timedelta(days=1))))

    assert me.get(reverse("me_home"))["Cache-Control"] == "no-store"


# Steady myself


def test_the_exercises_stand_under_what_a_person_may_feel() -> None:
    page = seen("/me/steady/")

    assert [need for need in NEEDS.values() if need.replace("'", "&#x27;") not in page] == []
    assert page.index("I am too far away") < page.index("Push and walk")


@pytest.mark.parametrize("slug", [one.slug for one in exercises()])
def test_an_exercise_shows_its_steps_when_to_stop_and_another_way(slug: str) -> None:
    exercise = {one.slug: one for one in exercises()}[slug]
    page = seen(reverse("me_exercise", kwargs={"slug": slug}))

    assert page.count("<li>") == len(exercise.steps) + len(exercise.stop_if)
    assert "This makes it worse" in page
    for other in (exercise.worse, exercise.instead):
        assert reverse("me_exercise", kwargs={"slug": other}) in page


def test_an_exercise_that_does_not_exist_is_a_404() -> None:
    assert Client().get("/me/steady/fly-away/").status_code == 404


@pytest.mark.parametrize("slug", [one.slug for one in exercises()])
def test_an_exercise_leads_only_on_a_tap_and_is_silent_until_asked(slug: str) -> None:
    page = seen(reverse("me_exercise", kwargs={"slug": slug}))

    assert re.search(r"data-lead\b[^>]*\bhidden", page)
    assert "autoplay" not in page
    assert page.count("patient/sound.js") == ("data-sound aria-pressed" in page)


def test_what_makes_it_worse_leads_back_to_the_room() -> None:
    page = seen("/me/steady/slow-breathing/")
    worse = page.partition("This makes it worse")[0].rpartition("href=")[2]

    assert "/me/steady/look-around/" in worse


# Installed


def test_installed_it_has_a_neutral_name_and_opens_where_anybody_may_be() -> None:
    told = Client().get("/manifest.webmanifest").json()

    assert told["name"] == told["short_name"] == "Notes"
    assert Client().get(told["start_url"]).status_code == 200
    assert "manifest.webmanifest" in seen("/me/steady/")


def test_the_page_of_the_copy_holds_nothing_and_says_what_it_cannot_do() -> None:
    page = seen("/own-copy")

    assert "may guess a short PIN" in page
    assert "It goes after 30 days, when you leave or sign out." in page
    assert 'data-rounds="600000"' in page
