"""Several boxes under one question, in a real browser.

They are ticked by keyboard as by thumb, on the page, on the copy that works without a
connection, and where a paper form is entered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.at_once import ask_at_once
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from tests.factories import a_clinician, a_patient, a_practice, the_account, with_factor

if TYPE_CHECKING:
    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

WITNESSED = [0, 1, 0, 0, 0, 0]


@pytest.fixture
def jo() -> User:
    a_practice()
    return with_factor(a_clinician())


@pytest.fixture
def events(jo: User) -> CheckIn:
    """Return an open list of events."""
    now = timezone.now().replace(microsecond=0)
    patient = a_patient(of=jo, at=now - timedelta(days=1))
    return ask_at_once(patient=patient, entry="lec-5", by=jo, at=now - timedelta(minutes=5))


def test_boxes_are_ticked_by_keyboard_on_a_small_screen(
    visitor: Callable[..., Visitor], events: CheckIn
) -> None:
    sam = visitor(the_account(events.patient), size="phone")
    page = sam.go(reverse("me_question", kwargs={"pk": events.pk, "number": 2}))
    page.get_by_label("Happened to me").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    sam.picture("tick-boxes")
    wrong = sam.violations()
    heights = page.evaluate(
        "[...document.querySelectorAll('label.choice')].map((one) => one.offsetHeight)"
    )
    page.keyboard.press("Enter")
    page.get_by_text("Question 3 of 17").wait_for()

    assert wrong == []
    assert min(heights) >= 44
    kept = read_draft(checkin=events, by=the_account(events.patient))["answers"]
    assert [kept[f"lec-5.2{box}"] for box in "abcdef"] == WITNESSED


def test_on_the_copy_they_are_kept_in_the_same_way(
    visitor: Callable[..., Visitor], events: CheckIn
) -> None:
    sam = visitor(the_account(events.patient))
    page = sam.go("/own-copy")
    page.locator("#pin").fill("seven grey geese")
    page.locator("#again").fill("seven grey geese")
    page.get_by_role("button", name="Make the copy").click()
    page.get_by_role("button", name="Answer it here").click()
    page.get_by_role("button", name="Skip").click()
    page.get_by_label("Witnessed it").check()
    wrong = sam.violations()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Question 3 of 17").wait_for()
    page.get_by_role("button", name="Go on").click()
    for number in range(4, 18):
        page.get_by_text(f"Question {number} of 17").wait_for()
        page.get_by_role("button", name="Skip").click()
    page.get_by_text("Sent.").wait_for()

    assert wrong == []
    answers = Response.objects.get().answers
    assert [answers[f"2{box}"] for box in "abcdef"] == WITNESSED
    assert {answers[f"{event}{box}"] for event in (1, 3) for box in "abcdef"} == {None}


def test_a_paper_is_ticked_by_number_and_left_by_arrow(
    visitor: Callable[..., Visitor], jo: User, events: CheckIn
) -> None:
    desk = visitor(jo)
    page = desk.go(reverse("desk_entry", args=[events.patient.pk, "lec-5"]))
    for key in ["n", "2", "4", "4", "ArrowDown", "Space", "Space"]:
        page.keyboard.press(key)
    desk.picture("tick-boxes-paper")
    counted = page.locator("[data-count]").inner_text()
    wrong = desk.violations()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("LEC-5 kept.").wait_for()

    assert counted == "1 of 17 entered"
    assert wrong == []
    answers = Response.objects.get().answers
    assert [answers[f"2{box}"] for box in "abcdef"] == WITNESSED
    assert answers["3a"] is None
