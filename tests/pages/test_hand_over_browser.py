"""Handing the device over, in a real browser.

What was on the screen before must not come back: not the desk by the back button while
the patient answers, and no answer after the device was handed back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.checkins.models import CheckIn
from tests.factories import a_clinician, a_patient, a_practice, with_factor

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

BACK = 8
SECRETS = ("Sam Reed", "What changed since we met", "Nearly every day")


@pytest.fixture
def clinician() -> User:
    a_practice()
    return with_factor(a_clinician())


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=timezone.now() - timedelta(days=9))


def handed(page: Page) -> None:
    """Hand the device over from the person page, for one form."""
    page.get_by_text("More in this record").click()
    page.get_by_role("link", name="Hand over this device").click()
    page.get_by_label("PHQ-9 (9 questions").check()
    page.get_by_role("button", name="Hand it over").click()
    page.get_by_role("heading", name="This form is for you").wait_for()


def back_through(page: Page) -> str:
    """Press the back button again and again; return all that was to be read."""
    read = ""
    for _ in range(BACK):
        page.go_back()
        read += page.inner_text("body")
    return read


def test_back_shows_the_patient_no_desk_and_nobody_an_answer(
    visitor: Any, clinician: User, sam: Patient
) -> None:
    arrived = visitor(clinician)
    page = arrived.go(reverse("desk_person", args=[sam.pk]))
    handed(page)
    before = back_through(page)
    arrived.go(reverse("me_hand_over"))
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Nearly every day").click()
    page.get_by_text("Question 2 of 9").wait_for()
    checkin = CheckIn.objects.get()
    arrived.go(reverse("me_review", args=[checkin.pk]))
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Please hand the device back.").wait_for()
    after = back_through(page)

    assert not any(secret in before for secret in SECRETS[:2])
    assert not any(secret in after for secret in SECRETS)
    assert "Little interest" not in after


def test_a_browser_that_was_killed_opens_nothing_but_the_form(
    visitor: Any, clinician: User, sam: Patient
) -> None:
    arrived = visitor(clinician)
    handed(arrived.go(reverse("desk_person", args=[sam.pk])))
    arrived.page.close()
    again = arrived.context.new_page()

    again.goto(arrived.base + reverse("desk_person", args=[sam.pk]))

    assert again.get_by_role("heading", name="This form is for you").is_visible()


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_it_is_calm_to_look_at_and_fits(
    visitor: Any, clinician: User, sam: Patient, size: str, scheme: str
) -> None:
    arrived = visitor(clinician, size=size, scheme=scheme)
    page = arrived.go(reverse("desk_hand_over", args=[sam.pk]))
    troubles = arrived.violations()
    arrived.picture(f"hand-over-{size}")
    page.get_by_label("PHQ-9 (9 questions").check()
    page.get_by_role("button", name="Hand it over").click()
    page.get_by_role("link", name="Begin").wait_for()
    troubles += arrived.violations()
    arrived.picture(f"handed-over-{size}")
    page.get_by_role("link", name="Not now").click()
    page.get_by_text("Please hand the device back.").wait_for()
    troubles += arrived.violations()
    arrived.picture(f"hand-back-{size}")

    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
