"""The lock in a real browser.

The page is covered when its person is away; behind the cover the words stay as they were
typed. A sign-in ended from another browser is over at the next step, and the words of
that step come back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.checkins.questions import questions_of
from securebase.people.accounts.models import Role, User, Visit
from securebase.people.accounts.visits import end_visits
from tests.factories import (
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    the_account,
    with_factor,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORDS = "four quiet herons stand"
LETTER = "I was angry after we met."
HOUR = timedelta(hours=1)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def jo() -> User:
    """Return a clinician with a passphrase and a second factor."""
    a_practice()
    return with_passphrase(a_clinician())


def with_passphrase(user: User) -> User:
    """Give an account a passphrase and, as its role asks, a second factor."""
    user.set_password(WORDS)
    user.save()
    if not user.holds(Role.PATIENT):
        with_factor(user)
    return user


def hours_pass() -> None:
    """Let every visit lie where it was left, hours ago."""
    for visit in Visit.objects.all():
        Visit.objects.filter(pk=visit.pk).update(
            seen_at=visit.seen_at - 2 * HOUR, began_at=visit.began_at - 2 * HOUR
        )


def come_back(page: Page) -> None:
    """Look at the page again, as after another tab."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_behind_the_lock_words_stay_as_they_were_typed(
    visitor: Callable[..., Visitor], jo: User
) -> None:
    patient = a_patient(of=jo, name="Sam Reed")
    someone = visitor(jo)
    page = someone.go(reverse("desk_person", args=[patient.pk]))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    note = page.locator("textarea").first
    note.fill(LETTER)
    hours_pass()

    come_back(page)
    page.get_by_role("heading", name="Willow House").wait_for()
    assert page.title() == "Willow House"
    assert not page.get_by_text("Sam Reed").first.is_visible()
    someone.picture("lock-cover")
    assert someone.violations() == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").get_by_label("Passphrase").fill("wrong")
    page.get_by_role("button", name="Unlock", exact=True).click()
    page.get_by_text("That is not the passphrase").wait_for()
    page.get_by_role("dialog").get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Unlock", exact=True).click()
    page.get_by_role("dialog").wait_for(state="hidden")

    assert note.input_value() == LETTER
    assert page.title() != "Willow House"


def test_a_sign_in_ended_elsewhere_is_over_and_its_words_come_back(
    visitor: Callable[..., Visitor], jo: User
) -> None:
    patient = a_patient(of=jo)
    sam = with_passphrase(the_account(patient))
    checkin = a_checkin(patient, "session-check-in", at=timezone.now().replace(second=0))
    kinds = [question.kind for question in questions_of(checkin)]
    place = {"pk": checkin.pk, "number": kinds.index("text") + 1}
    someone = visitor(sam, size="phone")
    page = someone.go(reverse("me_question", kwargs=place))
    here = Visit.objects.get(account=sam)
    end_visits(account=sam, by=sam, at=timezone.now(), only=here.pk)

    with page.expect_response("**/keep/"):  # kept by itself, before the button asks as well
        page.locator("[name=answer]").fill(LETTER)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/account/login/**")
    page.get_by_label("E-mail address").fill(sam.email)
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="We kept what you wrote").wait_for()
    someone.picture("kept-phone")

    assert someone.violations() == []
    assert page.get_by_label("Your answer").input_value() == LETTER


def test_a_passkey_opens_a_locked_page(visitor: Callable[..., Visitor]) -> None:
    patient = a_patient(of=with_passphrase(a_clinician()))
    sam = with_passphrase(the_account(patient))
    someone = visitor()
    page = someone.go("/account/login/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.get_by_label("E-mail address").fill(sam.email)
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/me/")
    someone.go("/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    someone.go("/me/")
    page.get_by_role("button", name="Lock").click()
    page.get_by_text("This page is locked").wait_for()
    assert someone.violations() == []

    page.get_by_role("button", name="Unlock with a passkey").click()

    page.wait_for_url("**/me/")
