"""The loop.

A patient is invited and answers over several weeks; the working relationship strains;
Today says so with its reasons; the clinician decides what to do, and the signal closes.
Everything is done in a real browser, as the two of them would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from securebase.clinic.episodes.models import Signal
from securebase.jobs.tick import tick

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGIN = datetime(2026, 9, 7, 8, 50, tzinfo=UTC)
"""A Monday morning, ten weeks before the last page of this story."""
EVENING = timedelta(hours=11)
USUAL = (8, 8, 8, 7, 0)
"""Felt safe, understood, agreed, could say; and no tension."""
STRAINED = (4, 2, 3, 3, 3)
PASSPHRASE = "four calm birds at dusk"


def invite(desk: Visitor, name: str) -> str:
    """Let the clinician invite somebody; return the path of the link."""
    page = desk.go("/desk/people/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill("sam@example.org")
    page.get_by_label("Planned sessions").fill("16")
    page.get_by_role("button", name="Make the record and the link").click()
    link = page.get_by_label(re.compile("shown here once")).input_value()
    return "/" + link.split("/", 3)[3]


def agree_on_mondays(page: Page) -> None:
    """Plan a session check-in every Monday at 19:00, from the page after the invitation."""
    page.get_by_role("link", name="Plan check-ins").click()
    page.get_by_label("Monday").check()
    page.get_by_label("Time", exact=True).fill("19:00")
    page.get_by_label("Open for how many hours").fill("48")
    page.get_by_label("First day").fill("2026-09-07")
    for picker in page.locator(".asked select").all():
        picker.select_option("")
    page.get_by_label(re.compile("session check-in", re.I)).select_option("1")
    page.get_by_role("button", name="Agree on this").click()


def come_back(me: Visitor) -> Page:
    """Open the first page, through the lock or the sign-in if they stand before it."""
    page = me.go("/me/")
    if "/lock" in page.url:
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
    if "/account/login" in page.url:
        page.get_by_label("E-mail").fill("sam@example.org")
        page.get_by_label(re.compile("passphrase|password", re.I)).fill(PASSPHRASE)
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/me/")
    return page


def answer(me: Visitor, values: tuple[int, ...], *, heard: str) -> Page:
    """Answer a check-in to its end, one tap a question, and send it."""
    page = come_back(me)
    page.get_by_role("link", name="Check in").click()
    page.get_by_role("link", name="Begin").click()
    for value in values:
        page.locator(f'button[name="answer"][value="{value}"]').click()
    page.get_by_role("textbox").fill(heard)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="Send").click()
    return page


def test_a_strain_is_noticed_explained_and_answered(
    visitor: Callable[..., Visitor], clinician: User, clock: Any
) -> None:
    desk = visitor(clinician)
    link = invite(desk, "Sam Reed")
    agree_on_mondays(desk.page)

    me = visitor(size="phone")
    page = me.go(link)
    for field in page.locator('input[type="password"]').all():
        field.fill(PASSPHRASE)
    page.get_by_role("button").filter(has_not_text="Leave").last.click()
    page.wait_for_url("**/me/discreet/first/")

    for week in range(7):
        clock.move_to(BEGIN + timedelta(weeks=week) + EVENING)
        tick(at=datetime.now(UTC))
        strained = week == 6
        page = answer(
            me,
            STRAINED if strained else USUAL,
            heard="I do not know if you heard me." if strained else "",
        )
        page.get_by_text(re.compile("thank", re.I)).first.wait_for()

    clock.move_to(BEGIN + timedelta(weeks=7))
    page = desk.sign_in(clinician).go("/desk/")
    row = page.get_by_role("list").locator(".signal").filter(has_text="S.R.").first
    assert (
        "lower than usual" in row.inner_text().lower() or "tension" in row.inner_text().lower()
    )
    assert "try:" in row.inner_text().lower()

    row.get_by_role("link", name=re.compile("Why")).click()
    page.get_by_text("How often it is wrong").wait_for()
    page.get_by_text("Not looked at:").wait_for()

    card = page.locator("#may-help article").first
    card.get_by_role("button", name="Accept").click()
    page.get_by_text(re.compile("accepted", re.I)).first.wait_for()

    page.get_by_text("Close this signal").click()
    page.get_by_label("We talked about it").check()
    page.get_by_role("button", name="Close it").click()
    page.get_by_text(re.compile("closed", re.I)).first.wait_for()

    states = set(Signal.objects.filter(kind="RUP").values_list("state", flat=True))
    assert "closed" in states
    page = desk.go("/desk/")
    assert page.get_by_role("heading", level=1).inner_text() == "Today"
