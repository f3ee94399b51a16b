"""What the patient's pages say, and what they weigh.

Plain words and short sentences, no exclamation, no praise and no blame, nothing red; the
way out and the way to help on every page, in the same place; light enough for an old phone.
"""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from functools import cache
from html import unescape

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from securebase.clinic.checkins.models import CheckIn
from securebase.science.exercises import exercises
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    answer,
    the_account,
)
from tests.reading import grade, sentences
from tests.standing import standing

pytestmark = pytest.mark.any_database

EXERCISES = [f"exercise {one.slug}" for one in exercises()]
PAGES = [
    "home", "before", "welcome back", "question", "words", "kept", "review", "closed",
    "sent", "sent with safety", "none", "about",
    "together", "between us", "reminders", "discreet", "first time", "steady",
    "help", "offline", *EXERCISES,
]  # fmt: skip
BLOCKS = ("p", "li", "dt", "dd", "h1", "h2", "h3", "button", "div", "strong", "summary")
UNSAID = (
    "!", "well done", "great job", "good job", "proud", "must", "should have", "failed",
    "overdue", "late", "forgot", "error", "invalid", "risk", "score", "PHQ", "client",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Return every page as it is sent to the browser, each opened as if it were the first."""
    found = {}
    half_past_nine = NOW + timedelta(minutes=30)
    with (
        time_machine.travel(half_past_nine, tick=False),
        standing(django_db_blocker, a_session) as session,
    ):
        for name in PAGES:
            with django_db_blocker.unblock(), transaction.atomic():
                found[name] = opened(name, Client(), CheckIn.objects.get(pk=session.pk))
                transaction.set_rollback(True)
    return found


def a_session() -> CheckIn:
    """Return an open check-in in our own words, of a patient of a practice set up."""
    a_practice()
    return a_checkin(a_patient(of=a_clinician()), "session-check-in")


BREAK = re.compile(rf"</?(?:{'|'.join(BLOCKS)})\b[^>]*>")


def words(html: str) -> str:
    """Return what a page's main part says; the end of a block ends a sentence."""
    main = html[html.index("<main") : html.index("</main>")]
    blocks = (re.sub(r"<[^>]+>|\s+", " ", block).strip() for block in BREAK.split(main))
    said = (block if block[-1] in ".?:" else f"{block}." for block in blocks if block)
    return re.sub(r"\s+", " ", unescape(" ".join(said)))


def opened(name: str, client: Client, session: CheckIn) -> str:
    """Return one of the patient's pages as it is sent to the browser."""
    patient = session.patient
    client.force_login(the_account(patient))
    if name == "welcome back":
        answer(session, {"session-check-in.safe": 4}, at=NOW)
    if name.startswith("sent"):
        return _sent(client, patient_checkin=session, safety="safety" in name)
    if name in {"closed", "none"}:
        return _after_its_end(name, client, session)
    return client.get(_address(name, session)).content.decode()


def _address(name: str, session: CheckIn) -> str:
    here = {"pk": session.pk}
    if name.startswith("exercise"):
        return reverse("me_exercise", kwargs={"slug": name.removeprefix("exercise ")})
    return {
        "home": reverse("me_home"),
        "before": reverse("me_checkin"),
        "welcome back": reverse("me_checkin"),
        "question": reverse("me_question", kwargs={**here, "number": 2}),
        "words": reverse("me_question", kwargs={**here, "number": 6}),
        "kept": reverse("me_kept", kwargs=here),
        "review": reverse("me_review", kwargs=here),
        "about": reverse("me_about"),
        "together": reverse("me_together"),
        "between us": reverse("me_between"),
        "reminders": reverse("me_reminders"),
        "discreet": reverse("me_discreet"),
        "first time": reverse("me_discreet_first"),
        "steady": reverse("me_steady"),
        "help": reverse("help_now"),
        "offline": reverse("offline"),
    }[name]


def _sent(client: Client, *, patient_checkin: CheckIn, safety: bool) -> str:
    checkin = patient_checkin
    if safety:
        other = a_patient(of=a_clinician())
        client.force_login(the_account(other))
        checkin = a_checkin(other, "phq-9")
        answer(checkin, {"phq-9.9": 2}, at=NOW)
    led = client.post(reverse("me_send", kwargs={"pk": checkin.pk}))
    return client.get(led["Location"]).content.decode()


def _after_its_end(name: str, client: Client, session: CheckIn) -> str:
    with time_machine.travel(session.closes_at, tick=False):
        client.force_login(the_account(session.patient))
        url = _address("review" if name == "closed" else "before", session)
        return client.get(url).content.decode()


LIST_OF_COUNTRIES = re.compile(r"In another country\..*(?=This page works)", re.S)
"""Names of countries and their numbers: looked up, not read."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_easily(pages: dict[str, str], name: str) -> None:
    said = LIST_OF_COUNTRIES.sub("", words(pages[name]))

    assert grade(said) <= 6
    assert [" ".join(s) for s in sentences(said) if len(s) > 20] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_neither_praises_nor_blames_nor_shouts(pages: dict[str, str], name: str) -> None:
    said = words(pages[name])

    assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []


@pytest.mark.parametrize("name", PAGES)
def test_leaving_and_help_are_on_every_page_and_the_title_is_neutral(
    pages: dict[str, str], name: str
) -> None:
    html = pages[name]
    title = re.search(r"<title>(.*?)</title>", html, re.S)

    assert "data-leave" in html
    assert 'href="/help-now"' in html or name == "help"
    assert html.count("<h1") == 1
    assert "not watched round the clock" in html
    assert title
    assert title[1].strip() in {
        "My page", "Check-in", "Question 2 of 7", "Question 6 of 7", "Steady myself",
        "Help now", "No connection",
    }  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_at_most_70_kilobytes_and_20_of_script(
    pages: dict[str, str], name: str
) -> None:
    html = pages[name]
    parts = re.findall(r'(?:href|src)="/static/([^"#]+)', html)
    sizes = {part: _compressed(part) for part in set(parts)}
    script = sum(size for part, size in sizes.items() if part.endswith(".js"))

    assert script <= 20_000
    assert sum(sizes.values()) + len(gzip.compress(html.encode())) <= 70_000


def test_the_script_that_keeps_words_is_small() -> None:
    assert _compressed("patient/keep.js") <= 3_000


@pytest.mark.parametrize("sheet", ["patient/patient.css", "public/css/help.css"])
def test_the_patients_own_styles_name_no_color(sheet: str) -> None:
    found = finders.find(sheet)

    assert isinstance(found, str)
    with open(found) as file:
        assert re.findall(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl|\bred\b", file.read()) == []


@cache
def _compressed(part: str) -> int:
    found = finders.find(part)
    assert isinstance(found, str), part
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))
