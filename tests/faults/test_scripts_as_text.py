"""A script in what somebody wrote.

Whatever a patient writes, and whatever a name or a note holds, is shown as the words it
is: on every page that a clinician can reach by following links, and on the patient's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import resolve, reverse, reverse_lazy
from django.utils import timezone

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.therapy.actions import note_rupture
from securebase.science.library import instrument, instruments
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    answer,
    send,
    the_account,
)
from tests.faults.scripts import SCRIPTS, Page, one_line

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = pytest.mark.any_database

ASKS_AGAIN = reverse_lazy("account_reauthenticate")
"""What comes after it holds nothing that anybody wrote."""
LAST_WEEK = NOW - timedelta(weeks=1)
WRITTEN = {
    f"{one.slug}.{item.id}": one.slug
    for one in map(instrument, instruments())
    for item in one.items
    if item.kind == "text"
}
"""Every question that is answered in words, with the instrument that asks it."""
EACH = 4
"""How many of them one patient writes, where a patient's every page is read."""
MARKED: dict[str, int | str | None] = {f"phq-9.{n}": 3 for n in range(1, 10)}


def a_writer(words: str, *, of: User, at: datetime) -> tuple[Patient, CheckIn]:
    """Return a patient who has these words for everything, and what they have sent."""
    patient = a_patient(of=of, name=words, at=at)
    checkin = a_checkin(patient, "phq-9", *dict.fromkeys(WRITTEN.values()), at=at)
    send(checkin, MARKED | dict.fromkeys(WRITTEN, words), at=at)
    note_rupture(patient=patient, kind="withdrawal", note=words, by=of, at=at)
    for signal in Signal.objects.filter(patient=patient):
        act_on_signal(
            signal=signal, act="disagreed", by=of, at=at, reason_code="other", reason=words
        )
    suggestion = Suggestion.objects.filter(patient=patient).first()
    assert suggestion is not None
    decide(suggestion=suggestion, choice="no", by=of, at=at, reason_code="other", reason=words)
    return patient, checkin


@pytest.fixture
def still() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinician(db: None) -> User:
    """Return a clinician with a second factor."""
    a_practice()
    clinician = a_clinician()
    TOTP.activate(clinician, generate_totp_secret())
    return clinician


def desk_of(clinician: User) -> Client:
    """Return the clinician's browser."""
    client = Client()
    client.force_login(clinician)
    return client


def what_is_there(path: str) -> tuple[object, ...]:
    """Return whose page it is and which: one instrument stands there for every other."""
    address, _, asked = path.partition("?")
    found = resolve(address)
    whose = [value for value in found.kwargs.values() if not isinstance(value, str)]
    return (found.route, asked, *whose)


def crawl(client: Client, start: str) -> dict[str, Page]:
    """Return every page of the desk that links lead to."""
    seen: dict[str, Page] = {}
    known: set[tuple[object, ...]] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if not path.startswith("/desk/") or what_is_there(path) in known:
            continue
        known.add(what_is_there(path))
        reply = client.get(path)
        if reply.headers.get("Location", "").startswith(str(ASKS_AGAIN)):
            continue
        assert reply.status_code == 200, path
        seen[path] = Page(reply.content.decode())
        waiting += seen[path].links
    return seen


@pytest.mark.slow
@pytest.mark.usefixtures("still")
def test_no_page_of_the_desk_runs_what_was_written(clinician: User) -> None:
    writers = [SCRIPTS[first : first + EACH] for first in range(0, len(SCRIPTS), EACH)]
    for words in writers:
        a_writer("\n".join(words), of=clinician, at=LAST_WEEK)

    pages = crawl(desk_of(clinician), "/desk/")

    assert {path: page.faults for path, page in pages.items() if page.faults} == {}
    assert len(pages) > 15 * len(writers)


@pytest.mark.slow
@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("words", SCRIPTS)
def test_words_are_shown_as_they_were_written(clinician: User, words: str) -> None:
    patient, checkin = a_writer(words, of=clinician, at=LAST_WEEK)
    desk = desk_of(clinician)

    person = Page(desk.get(reverse("desk_person", args=[patient.pk])).content.decode())
    sent = Page(desk.get(reverse("desk_checkin", args=[checkin.pk])).content.decode())

    assert one_line(words) in person.words
    assert sent.words.count(one_line(words)) >= len(WRITTEN)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("words", SCRIPTS)
def test_the_patient_sees_their_own_words_as_words(clinician: User, words: str) -> None:
    patient = a_patient(of=clinician, name=words, at=LAST_WEEK)
    checkin = a_checkin(patient, *dict.fromkeys(WRITTEN.values()))
    answer(checkin, dict.fromkeys(WRITTEN, words), at=NOW)
    client = Client()
    client.force_login(the_account(patient))

    reviewed = Page(client.get(reverse("me_review", args=[checkin.pk])).content.decode())
    CheckIn.objects.filter(pk=checkin.pk).update(state=CheckIn.State.MISSED)
    late = reverse("me_question", kwargs={"pk": checkin.pk, "number": 1})
    given_back = Page(client.post(late, {"answer": words}).content.decode())

    assert one_line(words) in reviewed.words
    assert one_line(words) in given_back.words
    assert reviewed.faults + given_back.faults == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_runs_nothing_that_was_written(
    visitor: Callable[..., Visitor], clinician: User
) -> None:
    at = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    patient, checkin = a_writer("\n".join(SCRIPTS), of=clinician, at=at)
    window = visitor(clinician)
    paths = [*crawl(desk_of(clinician), "/desk/")]

    ran = {path: window.go(path).evaluate("window.__pwn") for path in paths}

    assert reverse("desk_person", args=[patient.pk]) in paths
    assert reverse("desk_checkin", args=[checkin.pk]) in paths
    assert {path: value for path, value in ran.items() if value is not None} == {}


def test_the_looking_finds_a_script_that_is_not_shown_as_text() -> None:
    missed = [
        words
        for words in SCRIPTS
        if "<" in words and not Page(f"<title>x</title><p>{words}</p>").faults
    ]

    assert missed == []
    assert Page("<p>&lt;script&gt;</p>").faults == []
