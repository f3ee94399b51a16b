"""Several boxes under one question.

An instrument may ask one thing with several boxes to tick. It is one question on one
page; each box is kept, ticked or not. With none ticked the question was not answered.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.at_once import ask_at_once
from securebase.clinic.measurement.models import Response
from securebase.pages.clinician.answers import sheets
from securebase.stories.device_copy import device_copy
from securebase.stories.hand_over import forms_to_hand_over
from securebase.stories.open_record import gather
from tests.factories import NOW, TODAY, a_clinician, a_patient, a_practice, send, the_account
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.clinic.checkins.models import CheckIn
    from securebase.people.accounts.models import User

BOXES = [f"lec-5.2{box}" for box in "abcdef"]
SEEN = {ref: int(ref == "lec-5.2b") for ref in BOXES}
EMPTY = dict.fromkeys(BOXES)
KEY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jo(db: None) -> User:
    a_practice()
    return a_clinician()


@pytest.fixture
def sam(jo: User) -> Patient:
    return a_patient(of=jo)


@pytest.fixture
def events(sam: Patient, jo: User) -> CheckIn:
    """Return the list of events, handed over in the room."""
    return ask_at_once(patient=sam, entry="lec-5", by=jo, at=NOW)


@pytest.fixture
def me(client: Client, sam: Patient) -> Client:
    client.force_login(the_account(sam))
    return client


@pytest.fixture
def desk(client: Client, jo: User) -> Client:
    return signed_in(jo, client)


def at(events: CheckIn, number: int) -> str:
    return reverse("me_question", kwargs={"pk": events.pk, "number": number})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def kept(events: CheckIn) -> dict[str, Any]:
    return dict(read_draft(checkin=events, by=the_account(events.patient))["answers"])


# As it is answered


def test_a_page_asks_one_event_with_its_six_boxes(me: Client, events: CheckIn) -> None:
    page = text(me.get(at(events, 2)))

    assert "Question 2 of 17" in page
    assert "Fire or explosion" in page
    assert page.count('type="checkbox"') == 6
    assert "Tick all that fit." in page


def test_how_to_answer_stands_open_on_the_first_page_and_folded_on_the_next(
    me: Client, events: CheckIn
) -> None:
    first, second = (text(me.get(at(events, number))) for number in (1, 2))

    assert "Listed below are a number" in first
    assert "How to answer" not in first
    assert re.search(r"How to answer.*</summary>.*Listed below are a number", second)


def test_each_box_is_kept_as_ticked_or_not(me: Client, events: CheckIn) -> None:
    led = me.post(at(events, 2), {"ticked": ["lec-5.2b"], "do": "continue"})
    again = text(me.get(at(events, 2)))

    assert led["Location"] == at(events, 3)
    assert kept(events) == SEEN
    assert re.findall(r'value="(lec-5\.2\w)"[^>]* checked', again) == ["lec-5.2b"]


@pytest.mark.parametrize("wish", [{}, {"do": "skip", "ticked": ["lec-5.2b"]}])
def test_with_none_ticked_or_skipped_it_leads_on_and_nothing_is_answered(
    wish: dict[str, Any], me: Client, events: CheckIn
) -> None:
    led = me.post(at(events, 2), wish)

    assert led["Location"] == at(events, 3)
    assert kept(events) == EMPTY


@pytest.mark.parametrize("wish", ["back", "stop"])
def test_what_was_ticked_stays_on_the_way_elsewhere(
    wish: str, me: Client, events: CheckIn
) -> None:
    me.post(at(events, 2), {"ticked": ["lec-5.2b"], "do": wish})

    assert kept(events) == SEEN


def test_a_page_left_untouched_is_not_passed(me: Client, events: CheckIn) -> None:
    me.post(at(events, 2), {"do": "back"})

    assert kept(events) == {}


def test_the_last_tick_taken_away_leaves_it_unanswered(me: Client, events: CheckIn) -> None:
    me.post(at(events, 2), {"ticked": ["lec-5.2b"]})
    me.post(at(events, 2), {"do": "back"})

    assert kept(events) == EMPTY


def test_a_box_of_another_question_is_asked_again(me: Client, events: CheckIn) -> None:
    again = me.post(at(events, 2), {"ticked": ["lec-5.3a"]})

    assert again.status_code == 422
    assert "Please choose one of these answers" in text(again)
    assert kept(events) == {}


def test_the_look_back_says_what_was_ticked_for_which_event(
    me: Client, events: CheckIn
) -> None:
    me.post(at(events, 2), {"ticked": ["lec-5.2b", "lec-5.2d"]})
    review = text(me.get(reverse("me_review", kwargs={"pk": events.pk})))

    assert review.count("answers-change") == 17
    assert re.search(r"Fire or explosion .{0,200}>Witnessed it Part of my job<", review)
    assert review.count("No answer") == 16


def test_sent_it_is_the_answers_of_the_boxes(me: Client, events: CheckIn) -> None:
    me.post(at(events, 2), {"ticked": ["lec-5.2b"]})
    me.post(reverse("me_send", kwargs={"pk": events.pk}))

    answers = Response.objects.get().answers
    assert [answers[f"2{box}"] for box in "abcdef"] == [0, 1, 0, 0, 0, 0]
    assert answers["1a"] is None


def test_the_copy_on_a_device_asks_it_as_one_question(sam: Patient, events: CheckIn) -> None:
    copy = device_copy(patient=sam, by=the_account(sam), at=NOW)["checkin"]["questions"]

    assert len(copy) == 17
    assert copy[1]["boxes"][1] == ["lec-5.2b", "Witnessed it"]


# As it is read and entered


def test_handed_over_it_counts_as_its_questions(sam: Patient, jo: User) -> None:
    offered = {one.entry: one for one in forms_to_hand_over(patient=sam, by=jo, at=NOW)}

    assert offered["lec-5"].questions == 17


def test_the_clinician_reads_what_was_ticked_in_words(sam: Patient, events: CheckIn) -> None:
    send(events, {**SEEN, "lec-5.2d": 1}, at=NOW)
    (answered,) = gather(sam, at=NOW).answered
    lines = {line.question: line.answer for line in sheets(answered, language="en")[0].lines}

    assert lines["Fire or explosion"] == "Witnessed it; Part of my job"
    assert lines["Severe human suffering"] == "skipped"


def test_a_paper_has_one_row_for_each_event(desk: Client, sam: Patient) -> None:
    page = text(desk.get(reverse("desk_entry", args=[sam.pk, "lec-5"])))

    assert page.count("data-boxes") == 17
    assert page.count('type="checkbox"') == 102
    assert "A question with none ticked counts as not answered." in page


def test_a_paper_is_looked_at_by_event_and_kept_by_box(desk: Client, sam: Patient) -> None:
    ticked = {"item-2b": "1", "key": KEY, "filled_on": f"{TODAY:%Y-%m-%d}"}
    address = reverse("desk_entry", args=[sam.pk, "lec-5"])
    look = text(desk.post(address, ticked | {"do": "look"}))
    desk.post(address, ticked | {"do": "keep"})

    assert "Not answered: 1, 3, 4, 5" in look
    assert re.search(r"Fire or explosion </dt> <dd> Witnessed it", look)
    answers = Response.objects.get().answers
    assert [answers[f"2{box}"] for box in "abcdef"] == [0, 1, 0, 0, 0, 0]
    assert answers["1a"] is None


def test_the_library_shows_the_page_as_it_is_put(desk: Client, sam: Patient) -> None:
    page = text(desk.get(reverse("desk_instrument", args=["lec-5"])))

    assert "17 questions, about 6 min" in page
    assert page.count("Several may be ticked") == 17
