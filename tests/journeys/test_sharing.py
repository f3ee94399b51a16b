"""Sharing with a partner, in the browser.

The patient chooses, looks at what will be seen and agrees; the partner sees exactly
that. When the patient stops, the page the partner still has open is gone at its next
request, and answers like one that never was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import propose_partner
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from tests.clinic.sharing import a_partner, shares
from tests.factories import a_checkin, a_clinician, a_patient, a_practice, send, the_account
from tests.journeys.test_every_page import faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def sam() -> Patient:
    """Return Sam, with three weeks of answers."""
    a_practice()
    clinician = a_clinician()
    TOTP.activate(clinician, generate_totp_secret())
    begin = timezone.now().replace(microsecond=0) - timedelta(weeks=3)
    sam = a_patient(of=clinician, at=begin)
    for week in range(3):
        at = begin + timedelta(weeks=week)
        send(a_checkin(sam, "phq-9", at=at), {f"phq-9.{n}": 1 for n in range(1, 10)}, at=at)
    return sam


@pytest.fixture
def lee(sam: Patient) -> User:
    partner = a_partner(sam, at=timezone.now())
    TOTP.activate(partner, generate_totp_secret())
    return partner


def share_the_course(page: Page) -> None:
    """Choose, look, agree."""
    page.get_by_role("link", name="Share something", exact=True).click()
    page.get_by_label(re.compile("Dr Lee Park")).check()
    page.get_by_label(re.compile("How I am doing over time")).check()
    page.get_by_label("To work on my care together").check()
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("heading", name="What they would see").wait_for()
    assert page.get_by_text("Nothing is shared yet").is_visible()
    page.get_by_role("button", name="I agree, share it").click()
    page.get_by_text("It is shared now").wait_for()


def test_what_is_stopped_is_gone_from_the_page_that_is_still_open(
    visitor: Callable[..., Visitor], sam: Patient, lee: User
) -> None:
    me, they = visitor(the_account(sam), size="phone"), visitor(lee)
    assert they.go("/with/").get_by_text("Nobody shares with you now").is_visible()
    share_the_course(me.go("/me/sharing/"))

    theirs = they.go("/with/")
    theirs.get_by_role("link", name="Sam Reed").click()
    assert theirs.get_by_role("heading", name="Course over time").is_visible()
    assert theirs.get_by_text("Purpose: To work on my care together").is_visible()
    assert theirs.get_by_role("heading", name="Schedule").count() == 0

    mine = me.go("/me/sharing/")
    mine.get_by_text("Stop all with this person").click()
    mine.get_by_role("button", name="Yes, stop all of it").click()
    mine.get_by_text("They can see nothing here any more").wait_for()

    answer = theirs.reload()
    assert answer
    assert answer.status == 404
    assert "Sam Reed" not in theirs.content()
    assert theirs.go_back() is None or "PHQ-9" not in theirs.content()


def test_the_pages_of_both_are_whole(
    visitor: Callable[..., Visitor], sam: Patient, lee: User
) -> None:
    account = the_account(sam)
    me, they = (visitor(one) for one in (account, lee))
    propose_partner(
        patient=sam, name="Ada Moss", email="a@example.org", profession="nurse", by=account,
        at=timezone.now(),
    )  # fmt: skip
    share_the_course(me.go("/me/sharing/"))
    me.page.get_by_role("link", name=re.compile("See what they see")).click()
    one = me.page.url.removeprefix(me.base)
    sharing = "/me/sharing/"

    pages = [sharing, f"{sharing}new/", f"{sharing}person/", f"{sharing}history/", one]
    mine = [fault for path in pages for fault in faults(me, path)]
    theirs = [f for path in ("/with/", f"/with/people/{sam.pk}/") for f in faults(they, path)]

    assert mine + theirs == []


def test_the_clinicians_pages_about_partners_are_whole(
    visitor: Callable[..., Visitor], sam: Patient, lee: User
) -> None:
    desk = visitor(sam.bonds.get().clinician)

    shares(sam, lee, Category.MEASURE, at=timezone.now())
    pages = [f"/desk/people/{sam.pk}/partners", f"/desk/people/{sam.pk}/partners/paper"]

    assert [fault for path in pages for fault in faults(desk, path)] == []
