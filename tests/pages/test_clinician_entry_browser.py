"""Entering a paper form in a real browser.

Twenty questions with one key for each, two more to look and to keep; what is no answer is
said at once; the same form works by Tab and Space where no script runs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.measurement.models import Response
from tests.factories import a_clinician, a_patient, a_practice, with_factor

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

PAPER = "23140" * 4
"""One key for each question of PCL-5, in order."""


@pytest.fixture
def clinician() -> User:
    a_practice()
    return with_factor(a_clinician())


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=timezone.now() - timedelta(days=9))


def at_item(page: Page) -> str:
    """Return the name of what has the focus."""
    return str(page.evaluate("document.activeElement.name"))


def test_twenty_questions_take_a_key_each_and_two_more(
    visitor: Any, clinician: User, sam: Patient
) -> None:
    page = visitor(clinician).go(reverse("desk_entry", args=[sam.pk, "pcl-5"]))
    for key in PAPER:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("PCL-5 kept.").wait_for()

    kept = Response.objects.get()
    assert len(PAPER) == len(kept.answers)
    assert [kept.answers[str(n)] for n in range(1, 21)] == [int(key) for key in PAPER]


def test_going_back_leaving_out_and_what_is_no_answer(
    visitor: Any, clinician: User, sam: Patient
) -> None:
    arrived = visitor(clinician)
    page = arrived.go(reverse("desk_entry", args=[sam.pk, "phq-9"]))
    focus = []
    for key in ["2", "n", "Space", "Backspace", "ArrowUp", "1", "7"]:
        page.keyboard.press(key)
        focus.append(at_item(page))

    said = page.get_by_role("status").filter(has_text="7 is no answer here").inner_text()
    assert focus == ["item-2", "item-3", "item-4", "item-3", "item-2", "item-3", "item-3"]
    assert "from 0 to 3" in said
    assert page.locator("[name=item-1]:checked").get_attribute("value") == "2"
    assert page.locator("[name=item-2]:checked").get_attribute("value") == "1"
    assert page.locator("[name=item-3]:checked").get_attribute("value") == "skip"
    assert "3 of 9" in page.locator("[data-count]").inner_text()
    assert arrived.violations() == []


def test_without_script_it_is_a_plain_form(
    chromium: Any, live_server: Any, visitor: Any, clinician: User, sam: Patient
) -> None:
    arrived = visitor(clinician)
    cookies = arrived.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(live_server.url + reverse("desk_entry", args=[sam.pk, "phq-9"]))
    page.locator("[name=item-1]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Look at it once more").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("PHQ-9 kept.").wait_for()
    context.close()

    assert Response.objects.get().answers["1"] == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_it_fits_the_screen(
    visitor: Any, clinician: User, sam: Patient, size: str, scheme: str
) -> None:
    arrived = visitor(clinician, size=size, scheme=scheme)
    page = arrived.go(reverse("desk_entry", args=[sam.pk, "phq-9"]))
    arrived.picture(f"entry-{size}-{scheme}")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it").wait_for()
    arrived.picture(f"entry-look-{size}-{scheme}")

    assert arrived.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
