"""What the patient's pages promise, measured in a browser.

How many taps a check-in takes, how soon a page is covered on leaving,
how soon words are kept, and how soon an exercise opens on a browser started anew without
a connection. The taps are asked for here; the times are left in
``tests/.output/patient-figures.md``, because a busy machine says nothing about the pages.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from securebase.clinic.checkins.models import CheckIn
from tests.chromium import PICTURES, PROGRAMS, QUIETLY
from tests.factories import a_checkin, a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

    from securebase.clinic.care.models import Patient
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

FIGURES = PICTURES / "patient-figures.md"
NEUTRAL = "https://www.bbc.co.uk/weather**"
TIMES = 5
COVERED = """() => new Promise((done) => {
  const began = performance.now();
  document.querySelector("[data-leave]").click();
  const told = () => done([performance.now() - began, document.body.innerText.trim()]);
  requestAnimationFrame(() => setTimeout(told));
})"""
"""Milliseconds from the press to the end of the first frame after it, and what is seen."""
ON_DEVICE = "navigator.serviceWorker.ready.then(() => caches.match('/me/steady/long-sigh/'))"


@pytest.fixture
def sam() -> Patient:
    a_practice()
    return a_patient(of=a_clinician(), at=timezone.now() - timedelta(days=1))


def note(what: str, figure: str) -> None:
    """Add a figure to what people read."""
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    before = FIGURES.read_text("utf-8").splitlines() if FIGURES.exists() else []
    kept = [line for line in before if not line.startswith(f"| {what} |")]
    FIGURES.write_text("\n".join([*kept, f"| {what} | {figure} |"]) + "\n", "utf-8")


def held_in(waiting: list[Route]) -> Callable[[Route], None]:
    """Return what lets the neutral page wait, so that ours can be looked at."""

    def hold(route: Route) -> None:
        waiting.append(route)

    return hold


def spread(found: list[float], unit: str) -> str:
    """Return the middle of some times, and the least and the most."""
    middle = sorted(found)[len(found) // 2]
    return f"{middle:.0f} {unit} ({min(found):.0f} to {max(found):.0f}, {len(found)} times)"


def test_a_checkin_takes_one_tap_a_question_and_two_more(
    visitor: Callable[..., Visitor], sam: Patient
) -> None:
    asked = a_checkin(sam, "phq-9", at=timezone.now() - timedelta(minutes=5))
    page = visitor(the_account(sam), size="phone").go("/me/check-in/")
    taps = questions = 0
    while "/sent/" not in page.url:
        answers = page.locator("main form button.choice")
        way = answers.nth(1) if answers.count() else page.locator("main .button-large").first
        questions += bool(answers.count())
        way.click()
        page.wait_for_load_state()
        taps += 1
        assert taps < 20
    asked.refresh_from_db()

    assert asked.state == CheckIn.State.SUBMITTED
    assert taps <= questions + 2
    note(
        "a check-in, one tap to begin and one to send", f"{taps} taps for {questions} questions"
    )


@pytest.mark.parametrize("offline", [False, True])
def test_on_leaving_the_page_is_covered_with_the_next_frame(
    visitor: Callable[..., Visitor], sam: Patient, *, offline: bool
) -> None:
    found: list[float] = []
    for _ in range(TIMES):
        one = visitor(the_account(sam), size="phone")
        held: list[Route] = []
        one.context.route(NEUTRAL, held_in(held))
        page = one.go("/me/")
        one.context.set_offline(offline)
        milliseconds, says = page.evaluate(COVERED)
        found.append(milliseconds)
        assert says == "Loading."
        one.context.close()
        one.trouble.clear()

    note(f"covered on leaving, {'offline' if offline else 'online'}", spread(found, "ms"))


def test_words_are_kept_soon_after_the_last_letter(
    visitor: Callable[..., Visitor], sam: Patient
) -> None:
    asked = a_checkin(sam, "session-check-in", at=timezone.now() - timedelta(minutes=5))
    page = visitor(the_account(sam), size="phone").go(f"/me/check-in/{asked.pk}/6/")
    began = perf_counter()
    page.fill("textarea", "I wanted to stay")
    page.get_by_text(re.compile(r"^\s*Kept \d")).wait_for()

    note("words kept after the last letter", f"{(perf_counter() - began) * 1000:.0f} ms")


def test_an_exercise_opens_on_a_browser_started_anew_without_a_connection(
    chromium: Browser, live_server: Any, tmp_path: Path
) -> None:
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    found: list[float] = []
    for turn in range(TIMES + 1):
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=program, args=QUIETLY
        )
        page = context.pages[0]
        if turn == 0:
            page.goto(f"{live_server.url}/help-now")
            page.wait_for_function(ON_DEVICE)
        else:
            context.set_offline(True)
            began = perf_counter()
            page.goto(f"{live_server.url}/me/steady/long-sigh/")
            found.append((perf_counter() - began) * 1000)
            assert page.get_by_role("button", name="Start").is_visible()
        context.close()

    note("exercise opened offline, browser started anew", spread(found, "ms"))
