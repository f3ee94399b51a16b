"""A check-in, as the patient goes through it.

Every page works without a script: each button keeps what was given and says where it
leads. What was said to be kept is there, whatever happens next.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    answer,
    the_account,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from securebase.clinic.care.models import Patient

LATER = NOW + timedelta(minutes=30)
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture(autouse=True)
def at_half_past_nine() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def patient(db: None) -> Patient:
    """Return a patient of a practice that is set up."""
    a_practice()
    return a_patient(of=a_clinician())


@pytest.fixture
def mood(patient: Patient) -> CheckIn:
    """Return an open check-in of nine questions, the last one about safety."""
    return a_checkin(patient, "phq-9")


@pytest.fixture
def session(patient: Patient) -> CheckIn:
    """Return an open check-in of four sliders, one choice and one free text."""
    return a_checkin(patient, "session-check-in")


@pytest.fixture
def me(client: Client, patient: Patient) -> Client:
    """Return a browser in which the patient is signed in."""
    client.force_login(the_account(patient))
    return client


def at(checkin: CheckIn, number: int) -> str:
    return reverse("me_question", kwargs={"pk": checkin.pk, "number": number})


def page(name: str, checkin: CheckIn) -> str:
    return reverse(f"me_{name}", kwargs={"pk": checkin.pk})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def draft(checkin: CheckIn) -> dict[str, Any]:
    return dict(read_draft(checkin=checkin, by=the_account(checkin.patient)))


# Before


def test_before_it_begins_it_says_how_many_how_long_who_reads_and_that_all_can_be_skipped(
    me: Client, mood: CheckIn
) -> None:
    before = text(me.get(reverse("me_checkin")))

    assert "9 questions" in before
    assert "About 2 minutes" in before
    assert "Dr Jo Marsh. If you send it now, by Monday 23 November, 18:00" in before
    assert "Skip what you like" in before
    assert "thoughts of death" in before
    assert at(mood, 1) in before


def test_with_none_open_it_says_when_the_next_one_comes(me: Client, mood: CheckIn) -> None:
    with time_machine.travel(mood.closes_at + timedelta(hours=1), tick=False):
        me.force_login(the_account(mood.patient))
        none = text(me.get(reverse("me_checkin")))

    assert "No check-in is open now" in none
    assert "Monday 30 November, 09:00" in none


# Answering


def test_nine_taps_and_send_are_a_whole_check_in_without_any_script(
    me: Client, mood: CheckIn
) -> None:
    reached = at(mood, 1)
    for number in range(1, 10):
        assert reached == at(mood, number)
        reached = me.post(reached, {"answer": "0"})["Location"]
    assert reached == page("review", mood)
    before = text(me.get(reverse("me_checkin")))
    reached = me.post(page("send", mood))["Location"]

    assert page("review", mood) in before
    assert reached == page("sent", mood)
    assert "Thank you" in text(me.get(reached))
    assert Response.objects.get().answers == {str(n): 0 for n in range(1, 10)}


def test_a_skipped_question_is_kept_as_skipped_and_leads_on(me: Client, mood: CheckIn) -> None:
    led = me.post(at(mood, 1), {"do": "skip"})

    assert led["Location"] == at(mood, 2)
    assert draft(mood)["answers"] == {"phq-9.1": None}


def test_back_leads_to_the_question_before_with_its_answer_marked(
    me: Client, mood: CheckIn
) -> None:
    me.post(at(mood, 1), {"answer": "2"})
    led = me.post(at(mood, 2), {"do": "back"})
    shown = text(me.get(led["Location"]))

    assert led["Location"] == at(mood, 1)
    assert re.search(r'value="2" type="submit" aria-current="true"', shown)
    assert draft(mood)["answers"] == {"phq-9.1": 2}


def test_stopped_it_goes_on_at_the_same_place_on_another_device(
    me: Client, mood: CheckIn, patient: Patient
) -> None:
    me.post(at(mood, 1), {"answer": "1"})
    led = me.post(at(mood, 2), {"do": "stop"})
    other = type(me)()
    other.force_login(the_account(patient))
    before = text(other.get(reverse("me_checkin")))

    assert led["Location"] == page("kept", mood)
    assert "Wednesday 25 November, 09:00" in text(me.get(led["Location"]))
    assert "1 answer kept" in before
    assert at(mood, 2) in before


def test_words_are_kept_by_continue_back_and_stop_alike(me: Client, session: CheckIn) -> None:
    for wish in ("continue", "back", "stop"):
        me.post(at(session, 6), {"answer": f"I was lost, {wish}", "do": wish})

        assert draft(session)["texts"] == {"session-check-in.matters": f"I was lost, {wish}"}


def test_an_empty_field_left_by_back_is_not_an_answer(me: Client, session: CheckIn) -> None:
    me.post(at(session, 6), {"answer": "", "do": "back"})

    assert draft(session)["texts"] == {}


def test_a_question_that_an_earlier_no_makes_needless_is_not_asked(
    me: Client, patient: Patient
) -> None:
    screen = a_checkin(patient, "pc-ptsd-5")
    led = me.post(at(screen, 1), {"answer": "0"})
    back = me.post(at(screen, 2), {"do": "back"})

    assert led["Location"] == page("review", screen)
    assert back["Location"] == at(screen, 1)
    assert text(me.get(led["Location"])).count("answers-change") == 1


@pytest.mark.parametrize("wrong", ["7", "-1", "two", "1e9", "\x00"])
def test_an_answer_that_is_none_of_the_choices_is_asked_again(
    me: Client, mood: CheckIn, wrong: str
) -> None:
    again = me.post(at(mood, 1), {"answer": wrong})

    assert again.status_code == 422
    assert "Please choose one of these answers" in text(again)
    assert draft(mood)["answers"] == {}


def test_words_that_are_too_long_come_back_in_the_field(me: Client, session: CheckIn) -> None:
    again = me.post(at(session, 6), {"answer": "so much " * 700})

    assert again.status_code == 422
    assert "Nothing you wrote is lost" in text(again)
    assert text(again).count("so much") == 700


def test_the_first_page_offers_to_go_on(me: Client, mood: CheckIn) -> None:
    assert "9 questions, about 2 minutes" in text(me.get(reverse("me_home")))
    me.post(at(mood, 1), {"answer": "1"})

    assert "Go on where you left off" in text(me.get(reverse("me_home")))


# Keeping


def test_words_are_kept_while_they_are_written_and_it_says_when(
    me: Client, session: CheckIn
) -> None:
    url = reverse("me_keep", kwargs={"pk": session.pk, "number": 6})
    said = me.post(url, {"answer": "I want to"})

    assert said.content == b"Kept 09:30"
    assert draft(session)["texts"] == {"session-check-in.matters": "I want to"}


def test_what_was_acknowledged_is_there_when_the_page_never_comes_back(
    me: Client, session: CheckIn
) -> None:
    url = reverse("me_keep", kwargs={"pk": session.pk, "number": 6})
    me.post(url, {"answer": "before the light went out"})

    assert "before the light went out" in text(me.get(at(session, 6)))


def test_two_devices_at_once_keep_both_answers(
    me: Client, session: CheckIn, patient: Patient
) -> None:
    other = type(me)()
    other.force_login(the_account(patient))
    me.get(at(session, 1))
    other.get(at(session, 6))
    me.post(at(session, 1), {"answer": "7"})
    other.post(at(session, 6), {"answer": "from my phone", "do": "stop"})

    assert draft(session)["answers"] == {"session-check-in.safe": 7}
    assert draft(session)["texts"] == {"session-check-in.matters": "from my phone"}


def test_keeping_in_a_closed_check_in_says_so(me: Client, session: CheckIn) -> None:
    url = reverse("me_keep", kwargs={"pk": session.pk, "number": 6})
    with time_machine.travel(session.closes_at, tick=False):
        me.force_login(the_account(session.patient))
        said = me.post(url, {"answer": "too late"})

    assert said.status_code == 409
    assert b"Not kept" in said.content


# Looking back and sending


def test_the_review_shows_answers_in_words_and_what_was_skipped(
    me: Client, mood: CheckIn
) -> None:
    answer(mood, {"phq-9.1": 1, "phq-9.2": None}, at=LATER)
    review = text(me.get(page("review", mood)))

    assert "Several days" in review
    assert review.count("No answer") == 8
    assert "Dr Jo Marsh will read it by Monday 23 November, 18:00" in review


def test_sending_twice_is_one_sending(me: Client, mood: CheckIn) -> None:
    answer(mood, {"phq-9.1": 1}, at=LATER)
    led = [me.post(page("send", mood))["Location"] for _ in range(2)]

    assert led == [page("sent", mood)] * 2
    assert Response.objects.count() == 1


def test_after_sending_it_says_who_reads_it_and_when_and_offers_one_exercise(
    me: Client, mood: CheckIn
) -> None:
    answer(mood, {"phq-9.1": 1, "phq-9.9": 0}, at=LATER)
    after = text(me.get(me.post(page("send", mood))["Location"]))

    assert "Dr Jo Marsh will read it by Monday 23 November, 18:00" in after
    assert after.count('href="/me/steady/') == 1
    assert "tel:" not in after


def test_a_marked_safety_item_shows_people_and_numbers_at_once(
    me: Client, mood: CheckIn
) -> None:
    answer(mood, {"phq-9.9": 1}, at=LATER)
    after = text(me.get(me.post(page("send", mood))["Location"]))

    assert "tel:" in after
    assert after.index("tel:") < after.index('href="/me/steady/')
    assert "risk" not in after.lower()


def test_the_first_page_leads_back_to_what_was_said_after_sending(
    me: Client, mood: CheckIn
) -> None:
    answer(mood, {"phq-9.9": 1}, at=LATER)
    me.post(page("send", mood))
    home = text(me.get(reverse("me_home")))

    assert f'<a href="{page("sent", mood)}">Monday 23 November, 09:30</a>' in home


# What cannot be answered


@pytest.mark.parametrize("name", ["kept", "review", "sent"])
def test_somebody_elses_check_in_is_the_same_404_as_none(
    client: Client, mood: CheckIn, name: str
) -> None:
    stranger = a_patient(of=a_clinician(), name="Kim Vale")
    client.force_login(the_account(stranger))

    assert client.get(page(name, mood)).status_code == 404
    assert client.get(at(mood, 1)).status_code == 404
    assert client.post(at(mood, 1), {"answer": "1"}).status_code == 404
    assert client.post(page("send", mood)).status_code == 404
    assert draft(mood)["answers"] == {}


def test_a_number_that_is_no_question_is_a_404(me: Client, mood: CheckIn) -> None:
    assert me.get(at(mood, 10)).status_code == 404
    assert me.get(at(mood, 0)).status_code == 404


def test_a_closed_check_in_is_said_calmly_and_gives_the_words_back(
    me: Client, session: CheckIn
) -> None:
    with time_machine.travel(session.closes_at, tick=False):
        me.force_login(the_account(session.patient))
        closed = me.post(at(session, 6), {"answer": f"still here {SCRIPT}"})

    assert closed.status_code == 409
    assert "Nothing happens because of it" in text(closed)
    assert "still here &lt;script&gt;" in text(closed)


def test_a_sent_check_in_leads_to_what_was_said_after_it(me: Client, mood: CheckIn) -> None:
    answer(mood, {"phq-9.1": 1}, at=LATER)
    me.post(page("send", mood))

    for url in (at(mood, 1), page("review", mood), page("kept", mood)):
        assert me.get(url)["Location"] == page("sent", mood)


def test_what_is_not_sent_yet_has_no_page_that_says_so(me: Client, mood: CheckIn) -> None:
    assert me.get(page("sent", mood))["Location"] == reverse("me_checkin")


def test_a_script_in_the_words_is_shown_as_text(me: Client, session: CheckIn) -> None:
    me.post(at(session, 6), {"answer": SCRIPT})
    pages = text(me.get(at(session, 6))) + text(me.get(page("review", session)))

    assert "alert(&#x27;x&#x27;)" in pages
    assert SCRIPT not in pages


def test_no_answer_stands_in_an_address_or_a_title(me: Client, session: CheckIn) -> None:
    led = me.post(at(session, 1), {"answer": "7"})
    title = re.search(r"<title>(.*?)</title>", text(me.get(led["Location"])))

    assert "7" not in led["Location"].removeprefix(f"/me/check-in/{session.pk}")
    assert title
    assert title[1].strip() == "Question 2 of 7"


def test_a_check_in_in_which_all_was_skipped_can_be_sent(me: Client, session: CheckIn) -> None:
    led = me.post(page("send", session))["Location"]

    assert led == page("sent", session)
    assert set(Response.objects.get().answers.values()) == {None}


def test_a_question_costs_the_same_few_queries_wherever_it_stands(
    me: Client, mood: CheckIn, django_assert_max_num_queries: Any
) -> None:
    me.get(at(mood, 1))  # the first request notes the visit, whatever page it asks for

    for number in (1, 9):
        with django_assert_max_num_queries(12):
            me.get(at(mood, number))
