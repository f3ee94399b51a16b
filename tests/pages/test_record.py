"""Who has seen the record, on the pages.

The patient's pages say it in plain words and lead to a question; the clinician and the
host see the question and answer it. Each look leaves exactly one row.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.audit.anchors import drop_anchor
from securebase.people.audit.models import AuditEvent, Concern
from securebase.people.audit.verbs import WORDS, Verb
from securebase.stories.raise_concern import answer_concern
from tests.factories import (
    NOW,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    the_account,
    with_factor,
)
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences
from tests.trail_rows import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def three_hours_later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def sign_in(client: Client, user: User) -> None:
    """Let the client be somebody of the staff, who has a second factor."""
    with_factor(user)
    client.force_login(user)


@pytest.fixture
def jo() -> User:
    a_practice()
    return a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    sam = a_patient(of=jo, name="Sam Reed")
    note_read(patient=sam, by=jo, at=NOW)
    return sam


@pytest.fixture
def line(sam: Patient) -> str:
    event = AuditEvent.objects.get(verb=Verb.RECORD_READ)
    return reverse("me_unknown", args=[event.number])


@pytest.fixture
def concern(client: Client, sam: Patient, line: str) -> Concern:
    client.force_login(the_account(sam))
    client.post(line, {"words": "I was away that day."})
    return Concern.objects.get()


def test_the_first_page_leads_to_the_record(client: Client, sam: Patient) -> None:
    client.force_login(the_account(sam))

    assert reverse("me_record") in client.get("/me/").content.decode()
    assert reverse("me_seen") in client.get("/me/record/").content.decode()


def test_a_clinicians_look_is_on_the_patients_next_page(
    client: Client, jo: User, sam: Patient
) -> None:
    sign_in(client, jo)
    looked = ask(client, reverse("desk_person", args=[sam.pk]), of=sam)
    client.force_login(the_account(sam))

    said = words(client.get("/me/record/seen/").content.decode())

    assert [row.verb for row in looked.rows] == [Verb.RECORD_READ]
    assert "Dr Jo Marsh" in said
    assert "opened your record, 2 times" in said


@pytest.mark.parametrize("address", ["desk_person", "desk_seen"])
def test_a_look_at_a_record_leaves_exactly_one_row(
    client: Client, jo: User, sam: Patient, address: str
) -> None:
    sign_in(client, jo)

    assert len(ask(client, reverse(address, args=[sam.pk]), of=sam).rows) == 1


def test_a_patients_own_look_leaves_exactly_one_row(client: Client, sam: Patient) -> None:
    client.force_login(the_account(sam))

    assert len(ask(client, "/me/record/seen/", of=sam).rows) == 1


def test_names_are_shown_and_no_ids(client: Client, jo: User, sam: Patient) -> None:
    client.force_login(the_account(sam))

    said = words(client.get("/me/record/seen/").content.decode())

    assert str(jo.pk)[:8] not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", said)


@pytest.mark.parametrize("query", ["?page=x", "?days=no&who=%00", "?page=99999999999999999999"])
def test_an_address_that_makes_no_sense_is_answered_calmly(
    client: Client, sam: Patient, query: str
) -> None:
    client.force_login(the_account(sam))

    assert client.get(f"/me/record/seen/{query}").status_code == 200


def test_asking_says_by_when_and_who_reads_it(client: Client, sam: Patient, line: str) -> None:
    client.force_login(the_account(sam))

    said = words(client.get(line).content.decode())

    assert "Monday 30 November" in said
    assert "Dr Jo Marsh and those who run this practice" in said


def test_words_too_long_are_given_back(client: Client, sam: Patient, line: str) -> None:
    client.force_login(the_account(sam))

    answer = client.post(line, {"words": "x" * 2001})

    assert answer.status_code == 422
    assert "x" * 2001 in answer.content.decode()


def test_a_line_of_somebody_else_is_not_there(client: Client, jo: User, line: str) -> None:
    client.force_login(the_account(a_patient(of=jo)))

    assert client.get(line).status_code == 404
    assert client.post(line, {"words": ""}).status_code == 404
    assert not Concern.objects.exists()


def test_a_line_asked_about_leads_to_what_was_asked(
    client: Client, concern: Concern, line: str
) -> None:
    assert client.get(line)["Location"] == "/me/record/"
    assert "I was away that day." in client.get("/me/record/").content.decode()
    assert "asked about" in client.get("/me/record/seen/").content.decode()


def test_the_clinician_sees_it_on_today_and_answers(
    client: Client, jo: User, sam: Patient, concern: Concern
) -> None:
    sign_in(client, jo)
    address = reverse("desk_concern", args=[concern.pk])
    assert address in client.get("/desk/").content.decode()

    looked = ask(client, address, of=sam)
    client.post(address, {"words": "I wrote my note then."})

    assert len(looked.rows) == 1
    assert b"I was away that day." in looked.response.content
    assert address not in client.get("/desk/").content.decode()
    client.force_login(the_account(sam))
    assert "There is an answer for you" in client.get("/me/").content.decode()
    page = client.get("/me/record/").content.decode()
    assert "I wrote my note then." in page
    assert "Dr Jo Marsh" in page
    assert "There is an answer for you" not in client.get("/me/").content.decode()


def test_the_host_sees_initials_in_the_list_and_words_only_when_opened(
    client: Client, sam: Patient, concern: Concern
) -> None:
    sign_in(client, a_host())
    listed = client.get("/keep/concerns/").content.decode()
    assert "S.R." in listed
    assert "Sam Reed" not in listed
    assert "I was away" not in listed

    looked = ask(client, reverse("host_concern", args=[concern.pk]), of=sam)

    assert b"I was away that day." in looked.response.content
    assert [(row.verb, row.role) for row in looked.rows] == [(Verb.CONCERN_READ, "host")]


def test_an_empty_answer_is_not_sent(client: Client, jo: User, concern: Concern) -> None:
    sign_in(client, jo)

    answer = client.post(reverse("desk_concern", args=[concern.pk]), {"words": " "})

    assert answer.status_code == 422
    assert Concern.objects.get().answered_at is None


def test_an_answer_given_meanwhile_is_shown(client: Client, jo: User, concern: Concern) -> None:
    address = reverse("desk_concern", args=[concern.pk])
    sign_in(client, jo)
    client.post(address, {"words": "First."})

    answer = client.post(address, {"words": "Second."})

    assert answer.status_code == 422
    assert "First." in answer.content.decode()


def test_another_clinician_finds_neither_record_nor_question(
    client: Client, sam: Patient, concern: Concern
) -> None:
    sign_in(client, a_clinician())

    assert client.get(reverse("desk_seen", args=[sam.pk])).status_code == 404
    assert client.get(reverse("desk_concern", args=[concern.pk])).status_code == 404


def test_anchors_can_be_printed(client: Client, sam: Patient) -> None:
    anchor = drop_anchor(at=LATER)
    assert anchor is not None
    sign_in(client, a_host())

    page = client.get("/keep/anchors/").content.decode()

    assert f"{anchor.number}:{anchor.head}" in page


def test_before_the_first_anchor_the_page_says_so(client: Client, sam: Patient) -> None:
    sign_in(client, a_host())

    assert "No anchor yet" in client.get("/keep/anchors/").content.decode()


def test_the_person_page_asks_no_more_for_many_lines(
    client: Client, jo: User, sam: Patient
) -> None:
    sign_in(client, jo)
    address = reverse("desk_seen", args=[sam.pk])
    client.get(address)
    counted = []
    for times in (3, 30):
        for minute in range(times):
            note_read(patient=sam, by=jo, at=NOW + timedelta(minutes=minute))
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))

    assert counted[0] == counted[1]


PAGES = ["record", "seen", "own", "unknown", "asked", "answered", "nothing"]


def opened(name: str, client: Client, sam: Patient, line: str) -> str:
    """Return one of the pages as the patient reads it."""
    account = the_account(sam)
    client.force_login(account)
    if name in ("asked", "answered"):
        client.post(line, {"words": "I was not there."})
    if name == "answered":
        by = sam.bonds.get().clinician
        answer_concern(concern=Concern.objects.get(), words="It was me.", by=by, at=LATER)
    address = {
        "seen": "/me/record/seen/?days=0",
        "own": "/me/record/seen/?days=0&who=you",
        "unknown": line,
        "nothing": "/me/record/seen/?who=nobody",
    }.get(name, "/me/record/")
    return client.get(address).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_easily(client: Client, sam: Patient, line: str, name: str) -> None:
    said = words(opened(name, client, sam, line))

    assert grade(said) <= 6
    assert [" ".join(s) for s in sentences(said) if len(s) > 20] == []
    assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_ways_out_and_a_neutral_title(
    client: Client, sam: Patient, line: str, name: str
) -> None:
    html = opened(name, client, sam, line)
    title = re.search(r"<title>(.*?)</title>", html, re.S)

    assert "data-leave" in html
    assert 'href="/help-now"' in html
    assert html.count("<h1") == 1
    assert title
    assert title[1].strip() == "My page"


def test_the_words_of_all_acts_read_easily() -> None:
    said = " ".join(f"They {words}." for words in WORDS.values())

    assert grade(said) <= 6
    assert max(len(words.split()) for words in WORDS.values()) <= 12
