"""The patient's pages in a browser.

Words are kept while they are written. Help and the exercises open without a connection
once any page was opened; a page of one's own does not, and says so calmly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.models import CheckIn
from tests.factories import a_checkin, a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

STORED = """async () => {
  const shelves = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const kept = await Promise.all(shelves.map((shelf) => shelf.keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""
"""Addresses of everything the worker keeps."""
WORDS = "session-check-in.matters"


@pytest.fixture
def session() -> CheckIn:
    """Return an open check-in whose sixth question asks for words."""
    now = timezone.now().replace(microsecond=0)
    a_practice()
    patient = a_patient(of=a_clinician(), at=now - timedelta(days=1))
    return a_checkin(patient, "session-check-in", at=now - timedelta(minutes=5))


def kept(checkin: CheckIn) -> str | None:
    return read_draft(checkin=checkin, by=the_account(checkin.patient))["texts"].get(WORDS)


KEPT = re.compile(r"^\s*Kept \d")
"""The words themselves: "not kept yet" says the opposite and would be found as well."""


def ready(page: Page) -> None:
    """Wait until the worker has put the open pages on the device."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_words_are_kept_within_three_seconds_and_it_says_so(
    visitor: Callable[..., Visitor], session: CheckIn
) -> None:
    sam = visitor(the_account(session.patient), size="phone")
    page = sam.go(f"/me/check-in/{session.pk}/6/")
    page.fill("textarea", "I wanted to stay")
    page.get_by_text(KEPT).wait_for(timeout=3000)

    assert kept(session) == "I wanted to stay"


def test_without_a_connection_the_words_stay_and_are_kept_when_it_is_back(
    visitor: Callable[..., Visitor], session: CheckIn
) -> None:
    sam = visitor(the_account(session.patient))
    page = sam.go(f"/me/check-in/{session.pk}/6/")
    sam.context.set_offline(True)
    page.fill("textarea", "written in a tunnel")
    page.get_by_text("no connection").wait_for(timeout=3000)
    sam.context.set_offline(False)
    page.locator("textarea").blur()
    page.get_by_text(KEPT).wait_for(timeout=8000)

    assert page.input_value("textarea") == "written in a tunnel"
    assert kept(session) == "written in a tunnel"


def test_a_check_in_of_seven_questions_is_ten_taps(
    visitor: Callable[..., Visitor], session: CheckIn
) -> None:
    sam = visitor(the_account(session.patient), size="phone")
    page = sam.go("/me/")
    taps = ["Check in", "Begin", *["7"] * 4, "Some", "Continue", "Mostly", "Send"]
    for tap in taps:
        page.locator("main").get_by_text(tap, exact=True).first.click()
        page.wait_for_load_state()

    assert page.url.endswith("/sent/")
    assert len(taps) == 10


def test_help_and_exercises_open_offline_and_nothing_of_ones_own_was_kept(
    visitor: Callable[..., Visitor], session: CheckIn
) -> None:
    sam = visitor(the_account(session.patient), size="phone")
    page = sam.go("/me/")
    ready(page)
    sam.context.set_offline(True)
    headings = {}
    for path in ("/help-now", "/me/steady/slow-breathing/", "/me/", "/me/check-in/"):
        headings[path] = sam.go(path).locator("h1").inner_text()
    stored = page.evaluate(STORED)

    assert headings == {
        "/help-now": "Help now",
        "/me/steady/slow-breathing/": "Slow breathing",
        "/me/": "No connection right now",
        "/me/check-in/": "No connection right now",
    }
    assert {path for path in stored if path.startswith("/me/")} > {"/me/steady/"}
    assert [p for p in stored if p.startswith("/me/") and not p.startswith("/me/steady/")] == []


def test_a_breath_starts_on_a_tap_and_stops_on_escape(
    visitor: Callable[..., Visitor], session: CheckIn
) -> None:
    page = visitor(size="phone").go("/me/steady/slow-breathing/")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("In, 1").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Let your breath do what it wants", exact=True).wait_for()

    assert page.get_by_role("button", name="Start").is_visible()
