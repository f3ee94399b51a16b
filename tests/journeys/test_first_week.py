"""A patient's first week.

On Monday a link opens the account, and the first page tells what was promised. In the
nights that follow there is a breath, a feeling with a name, and a need that is kept. On
Thursday the agreed check-in comes with one mail that says nothing; it is begun, kept and
finished a day later. On Saturday the first page says what has changed, the record says
who has looked, and leaving leaves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import mail

from securebase.clinic.care.actions import note_read
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.clinic.practice.models import Doing
from securebase.clinic.said.models import Draft, Message
from securebase.clinic.therapy.actions import plan_session
from securebase.jobs.tick import tick
from securebase.people.accounts.models import User
from securebase.stories.welcome_patient import Welcome, welcome_patient
from tests.factories import a_clinician, a_practice
from tests.journeys.test_the_loop import PASSPHRASE, come_back

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
NEED = "That nobody hurries me."
THURSDAY = 3
"""The weekday of the check-in, Monday being 0."""


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def clinician(clock: Any) -> User:
    a_practice()
    return a_clinician("Dr Jo Marsh")


@pytest.fixture
def welcome(clinician: User) -> Welcome:
    """Return an invitation, with a check-in agreed for Thursdays at 19:00."""
    welcome = welcome_patient(
        name="Sam Reed", pronouns="they", email="sam@example.org", by=clinician, at=MONDAY
    )
    terms = Terms(
        weekdays=[THURSDAY],
        at_time=time(19, 0),
        instruments=[Asked(slug="session-check-in", every=1)],
        starts_on=MONDAY.date(),
    )
    plan_rhythm(patient=welcome.patient, terms=terms, by=clinician, at=MONDAY)
    return welcome


def looks_right(me: Visitor, name: str) -> None:
    """Keep a picture of the page; axe finds nothing on it."""
    me.picture(f"first-week-{name}")
    assert me.violations() == []


def first_look(me: Visitor, welcome: Welcome) -> None:
    """Monday: open the link, choose a passphrase, read how to leave, and see what comes."""
    page = me.go("/" + welcome.link.split("/", 3)[3])
    page.get_by_text("Dr Jo Marsh invites you").wait_for()
    page.locator("#id_password").fill(PASSPHRASE)
    page.get_by_role("button", name="Open my account").click()
    page.get_by_role("heading", name="Before you start").wait_for()
    page.get_by_role("link", name="Go on").click()
    for door in ("Check in", "Steady myself", "Say something", "My plan and people"):
        assert page.get_by_role("link", name=door).is_visible()
    for promised in ("Thursday 10 September, 19:00", "Dr Jo Marsh reads", "Nothing is planned"):
        assert page.get_by_text(promised).first.is_visible()
    looks_right(me, "monday")


def a_breath(page: Page) -> None:
    """Tuesday night: a breath, with how it was before and after."""
    page.get_by_role("link", name="Steady myself").click()
    page.get_by_role("link", name="Slow breathing").first.click()
    page.get_by_text("Say how it is before").click()
    page.get_by_label("How strong is it before?").last.fill("7")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_label("How strong is it now?").last.fill("5")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Before 7, now 5.").wait_for()
    page.get_by_text("This is early and may change.").wait_for()


def a_need(page: Page) -> None:
    """Wednesday: a need is written down and kept for oneself."""
    page.get_by_role("link", name="Say something").click()
    page.get_by_role("button", name="Something I need").click()
    page.get_by_label("What you want to say").fill(NEED)
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text("Kept for you alone").wait_for()


def half_a_check_in(page: Page) -> None:
    """Thursday: two answers, then stop and keep."""
    page.get_by_role("link", name="Check in").click()
    page.get_by_role("link", name="Begin").click()
    for _ in range(2):
        page.locator('button[name="answer"][value="7"]').click()
    page.get_by_role("button", name="Stop and keep").click()
    page.get_by_role("heading", level=1).wait_for()


def the_other_half(page: Page) -> None:
    """Friday: go on where it was left, skip the rest, and send."""
    page.get_by_text("Go on where you left off").wait_for()
    page.get_by_role("link", name="Check in").click()
    page.locator("main .button-large").first.click()
    page.get_by_text("Question 3 of").wait_for()
    while "/review/" not in page.url:
        page.get_by_role("button", name="Skip").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Dr Jo Marsh").first.wait_for()


def test_the_first_week(
    visitor: Callable[..., Visitor], clinician: User, welcome: Welcome, clock: Any
) -> None:
    me = visitor(size="phone")
    first_look(me, welcome)
    mail.outbox.clear()

    clock.move_to(MONDAY + timedelta(days=1, hours=13))
    a_breath(come_back(me))
    looks_right(me, "tuesday")
    clock.move_to(MONDAY + timedelta(days=2, hours=11))
    a_need(come_back(me))
    clock.move_to(MONDAY + timedelta(days=3, hours=10))
    tick(at=datetime.now(UTC))
    half_a_check_in(come_back(me))
    clock.move_to(MONDAY + timedelta(days=4, hours=7))
    the_other_half(come_back(me))
    looks_right(me, "friday")

    at = MONDAY + timedelta(days=4, hours=12)
    note_read(patient=welcome.patient, by=clinician, at=at)
    meeting = MONDAY + timedelta(days=8)
    plan_session(
        patient=welcome.patient, clinician=clinician, starts_at=meeting, by=clinician, at=at
    )
    clock.move_to(MONDAY + timedelta(days=5, hours=3))
    page = come_back(me)
    page.get_by_text("A session was planned.").wait_for()
    assert page.get_by_text("Tuesday 15 September, 10:00").is_visible()
    looks_right(me, "saturday")
    page.get_by_role("link", name="Your record").click()
    page.get_by_role("link", name="Who has seen it").click()
    page.get_by_text("Dr Jo Marsh").last.wait_for()

    me.context.route("https://**", lambda route: route.abort())
    page.evaluate("document.querySelector('[data-leave]').dataset.to = '/help-now'")
    page.locator("[data-leave]").first.click()
    page.wait_for_url("**/help-now")
    assert "/account/login" in me.go("/me/").url
    kept_as_it_was(welcome)


def kept_as_it_was(welcome: Welcome) -> None:
    """Look at what the week left: one of each, nothing sent that was kept, one mute mail."""
    assert CheckIn.objects.get(patient=welcome.patient).state == CheckIn.State.SUBMITTED
    assert (Draft.objects.get().words, Message.objects.count()) == (NEED, 0)
    assert Doing.objects.get().after == 5
    assert [letter.to for letter in mail.outbox] == [["sam@example.org"]]
    said = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    assert not [word for word in ("check-in", "therap", "marsh", "feel") if word in said]
