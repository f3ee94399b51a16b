"""Words, feelings, the plan and progress: what these pages say.

Easy to read, no praise and no blame, neutral titles, the way out and help on each; what
is promised is said before anything is sent; other people's words are not there.
"""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from securebase.clinic.care.emergency import Ground, begin_emergency
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.safety.actions import Lines, write_plan
from securebase.clinic.said import actions
from securebase.clinic.said.feelings import Named, choose_course, name_feeling
from securebase.clinic.said.models import Draft
from securebase.clinic.therapy.actions import plan_session
from securebase.people.accounts.visits import begin_visit
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    answer,
    send,
    the_account,
    with_factor,
)
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences
from tests.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = [
    "home", "say", "draft", "bring", "send", "sent", "answered", "plan", "plan change",
    "plan versions", "feelings", "feeling", "not yet", "progress", "progress choose",
]  # fmt: skip
TITLES = {"My page", "Say something", "My plan", "Feelings", "My progress"}
EMPTY = ["home", "say", "plan", "feelings", "progress"]


@pytest.fixture(autouse=True)
def at_half_past_nine() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        yield


@pytest.fixture(scope="module")
def sam(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Patient]:
    with standing(django_db_blocker, somebody) as sam:
        yield sam


@pytest.fixture(scope="module")
def pages(sam: Patient, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Return every page as it is sent to the browser when there is something on each."""
    half_past_nine = NOW + timedelta(minutes=30)
    with (
        time_machine.travel(half_past_nine, tick=False),
        standing(django_db_blocker, lambda: everything_said(sam)) as draft,
        django_db_blocker.unblock(),
    ):
        return {name: opened(Client(), name, sam, draft) for name in PAGES}


@pytest.fixture
def patient(sam: Patient, db: None) -> Patient:
    return Patient.objects.get(pk=sam.pk)


@pytest.fixture
def draft(patient: Patient) -> Draft:
    return everything_said(patient)


def somebody() -> Patient:
    """Return a patient of a practice, with nothing said yet."""
    a_practice()
    return a_patient(of=a_clinician("Dr Jo Marsh"))


def everything_said(patient: Patient) -> Draft:
    """Return a draft of a patient with something on every page."""
    by: dict[str, Any] = {"by": the_account(patient), "at": NOW}
    own = {"patient": patient} | by
    found = written(patient, "I fear the break.")
    actions.bring(draft=written(patient, "I need time."), whole=False, **by)
    sent = written(patient, "I fear the end.")
    seen = actions.Seen(sent.version)
    message = actions.send(draft=sent, seen=seen, wants_answer=True, **by)
    doctor = patient.bonds.get().clinician
    actions.answer(message=message, words="I am here on Monday.", by=doctor, at=NOW)
    unanswered = written(patient, "And one more.")
    seen = actions.Seen(unanswered.version)
    actions.send(draft=unanswered, seen=seen, wants_answer=True, **by)
    lines = Lines({"signs": ["No sleep"], "people": ["Mara 020 7946 0123"]})
    review = (NOW + timedelta(days=90)).date()
    write_plan(lines=lines, review_on=review, seen=0, **own)
    name_feeling(named=Named("tense", 6, ("chest",), ("safe",)), shown=True, **own)
    given: dict[str, int | str | None] = {f"phq-9.{n}": 1 for n in range(1, 10)}
    send(a_checkin(patient, "phq-9", at=NOW), given, at=NOW)
    choose_course(measures=["goals", "phq-9.total"], numbers=False, **own)
    return found


def written(patient: Patient, said: str) -> Draft:
    """Return a new draft with some words on it."""
    own: dict[str, Any] = {"by": the_account(patient), "at": NOW}
    begun = actions.begin_draft(patient=patient, about="fear", **own)
    seen = actions.Seen(begun.version)
    return actions.keep_draft(draft=begun, said=actions.Words("A fear", said), seen=seen, **own)


def opened(client: Client, name: str, patient: Patient, draft: Draft | None = None) -> str:
    """Return one of the pages as it is sent to the browser."""
    client.force_login(the_account(patient))
    of_draft = {"draft": "me_say_draft", "bring": "me_say_bring", "send": "me_say_send"}
    if name in of_draft and draft:
        address = reverse(of_draft[name], args=[draft.pk])
    elif name in {"sent", "answered"}:
        message = patient.messages.get(answer__isnull=name == "sent")
        address = reverse("me_say_sent", args=[message.pk])
    elif name == "feeling":
        address = reverse("me_feeling", args=["afraid"])
    elif name == "not yet":
        address = f"{reverse('me_feeling_not_yet')}?pleasant=-1&energy=1"
    else:
        address = reverse(f"me_{name.replace(' ', '_')}")
    return client.get(address).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_easily_and_neither_praises_nor_blames(
    pages: dict[str, str], name: str
) -> None:
    said = words(pages[name])
    most = 5 if name in {"feelings", "feeling", "not yet"} else 6

    assert grade(said) <= most
    assert [" ".join(s) for s in sentences(said) if len(s) > 20] == []
    assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_with_nothing_on_it_yet_reads_easily(
    client: Client, patient: Patient, name: str
) -> None:
    said = words(opened(client, name, patient))

    assert grade(said) <= 6


@pytest.mark.parametrize("name", PAGES)
def test_the_title_is_neutral_and_help_and_the_way_out_are_there(
    pages: dict[str, str], name: str
) -> None:
    html = pages[name]
    title = re.search(r"<title>(.*?)</title>", html, re.S)

    assert title
    assert title[1].strip() in {
        "My page",
        "Say something",
        "My plan",
        "Feelings",
        "My progress",
    }
    assert "data-leave" in html
    assert 'href="/help-now"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_at_most_70_kilobytes_and_20_of_script(
    pages: dict[str, str], name: str
) -> None:
    html = pages[name]
    parts = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    sizes = {part: compressed(part) for part in parts}
    script = sum(size for part, size in sizes.items() if part.endswith(".js"))

    assert script <= 20_000
    assert sum(sizes.values()) + len(gzip.compress(html.encode())) <= 70_000


def compressed(part: str) -> int:
    """Return how much of a static file goes over the line."""
    found = finders.find(part)
    assert isinstance(found, str), part
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


def test_the_first_page_opens_four_doors_and_says_who_reads_and_answers(
    client: Client, patient: Patient
) -> None:
    html = opened(client, "home", patient)
    doors = re.findall(r'class="door-words">\s*<strong>(.*?)</strong>', html)

    assert doors == ["Check in", "Steady myself", "Say something", "My plan and people"]
    assert "Dr Jo Marsh reads them by Monday 23 November, 18:00." in words(html)
    assert "An answer comes by Tuesday 24 November, 18:00" in words(html)


def test_the_first_page_says_what_others_changed_since_the_last_visit(
    client: Client, patient: Patient
) -> None:
    account, doctor = the_account(patient), patient.bonds.get().clinician
    begin_visit(account=account, agent="", at=NOW - timedelta(days=2))
    soon = NOW + timedelta(days=1)
    plan_session(patient=patient, clinician=doctor, starts_at=soon, by=doctor, at=NOW)

    said = words(opened(client, "home", patient))

    assert "Since you were last here. A session was planned." in said


def test_on_a_first_visit_nothing_is_said_to_have_changed(
    client: Client, patient: Patient
) -> None:
    assert "Since you were last here" not in opened(client, "home", patient)


def test_before_sending_it_says_who_reads_it_and_when_and_what_it_is_not_for(
    client: Client, draft: Draft
) -> None:
    said = words(opened(client, "send", draft.patient, draft))

    assert "Who reads it. Dr Jo Marsh. When. By Monday 23 November, 18:00." in said
    assert "Not for when it is urgent" in said
    assert "Help now" in said


def test_nothing_can_be_sent_while_nobody_is_named(client: Client, draft: Draft) -> None:
    Care.objects.filter(patient=draft.patient).update(until=NOW)

    html = opened(client, "send", draft.patient, draft)

    assert "Nobody is named to read it yet" in html
    assert "Send it" not in html


def test_a_promise_that_was_not_held_is_owned(client: Client, draft: Draft) -> None:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        said = words(opened(client, "sent", draft.patient))

    assert "That did not happen. We are sorry." in said


def test_another_patients_words_are_not_there(client: Client, draft: Draft) -> None:
    other = a_patient(of=a_clinician(), name="Alex Poe")
    client.force_login(the_account(other))

    replies = [
        client.get(reverse(name, args=[draft.pk]))
        for name in ("me_say_draft", "me_say_bring", "me_say_send", "me_say_sent")
    ]

    assert [reply.status_code for reply in replies] == [404] * 4


def test_progress_shows_words_and_no_score_unless_wanted(client: Client, draft: Draft) -> None:
    html = opened(client, "progress", draft.patient)

    assert "Low mood" in html
    assert "PHQ" not in html
    assert '<svg class="chart' not in html


def test_a_time_still_to_come_is_no_day_to_write_about(client: Client, draft: Draft) -> None:
    client.force_login(the_account(draft.patient))

    reply = client.post(reverse("me_progress"), {"day": "2027-01-01", "words": "Soon"})

    assert reply.status_code == 422
    assert "still to come" in reply.content.decode()


def test_after_a_marked_safety_question_the_own_plan_stands_with_the_numbers(
    client: Client, draft: Draft
) -> None:
    patient = draft.patient
    client.force_login(the_account(patient))
    marked = a_checkin(patient, "phq-9", at=NOW + timedelta(minutes=20))
    answer(marked, {"phq-9.9": 2}, at=NOW + timedelta(minutes=20))

    led = client.post(reverse("me_send", args=[marked.pk]))
    html = client.get(led["Location"]).content.decode()

    assert "Your own plan" in html
    assert 'href="tel:02079460123"' in html


def test_a_record_opened_in_an_emergency_shows_the_plan_first(
    client: Client, draft: Draft
) -> None:
    on_call, at = a_clinician("Dr Kit Lowe"), NOW + timedelta(minutes=20)
    with_factor(on_call)
    ground = Ground("danger", "Rang and said goodbye; nobody else is here.")
    emergency, _ = begin_emergency(patient=draft.patient, ground=ground, by=on_call, at=at)
    client.force_login(on_call)

    page = client.get(reverse("desk_emergency_record", args=[emergency.pk])).content.decode()

    assert page.index("Their own safety plan") < page.index("What asks for a look")
    assert 'href="tel:02079460123"' in page
