"""A bad night without a connection.

What was taken along opens with its PIN alone. A check-in answered there is sent once when
the net is back, with its own time. Leaving takes the copy from the device. A breath counts
in words where movement is not wanted, and what makes it worse leads back to the room.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.utils import timezone

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.practice.actions import keep_in_kit
from securebase.clinic.practice.entries import Kept
from securebase.clinic.practice.models import AnsweredOffline, SetAside
from tests import factories as make

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

PIN = "seven grey geese"
HELD = "async () => (await indexedDB.databases()).map((one) => one.name)"


@pytest.fixture
def checkin() -> CheckIn:
    """Return an open check-in of somebody whose kit holds words."""
    now = timezone.now().replace(microsecond=0)
    make.a_practice()
    patient = make.a_patient(of=make.a_clinician(), at=now - timedelta(days=1))
    by = make.the_account(patient)
    kept = Kept(kind="words", title="Sea wall", words="The tide turns.")
    keep_in_kit(patient=patient, kept=kept, by=by, at=now - timedelta(hours=1))
    return make.a_checkin(patient, "phq-9", at=now - timedelta(minutes=5))


def taken_along(sam: Visitor) -> Page:
    """Make the copy, with a net; wait until the open pages are on the device."""
    page = sam.go("/own-copy")
    page.locator("#pin").fill(PIN)
    page.locator("#again").fill(PIN)
    page.get_by_role("button", name="Make the copy").click()
    page.get_by_text("The tide turns.").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def test_the_kit_opens_without_a_net_and_the_check_in_is_sent_when_it_is_back(
    visitor: Callable[..., Visitor], checkin: CheckIn
) -> None:
    sam = visitor(make.the_account(checkin.patient), size="phone")
    page = taken_along(sam)
    sam.context.set_offline(True)
    begun = time.perf_counter()
    sam.go("/own-copy")
    page.locator("#try").wait_for()
    cold = time.perf_counter() - begun
    page.locator("#try").fill("seven grey ducks")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("That was not it.").wait_for()
    page.locator("#try").fill(PIN)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("The tide turns.").wait_for()
    page.get_by_role("button", name="Answer it here").click()
    for number in range(1, 10):
        page.get_by_text(f"Question {number} of").wait_for()
        page.get_by_role("button", name="Skip").click()
    page.get_by_text("Kept on this device.").wait_for()
    sam.picture("own-copy")
    assert sam.violations() == []

    sam.context.set_offline(False)
    page.get_by_text("Sent.").wait_for()
    checkin.refresh_from_db()
    assert checkin.state == CheckIn.State.SUBMITTED
    assert AnsweredOffline.objects.get().checkin == UUID(str(checkin.pk))
    print(f"cold open offline: {cold:.2f} s")  # noqa: T201 -- the figure of the docs


def test_leaving_takes_the_copy_from_the_device(
    visitor: Callable[..., Visitor], checkin: CheckIn
) -> None:
    sam = visitor(make.the_account(checkin.patient))
    page = taken_along(sam)
    assert page.evaluate(HELD) == ["own-copy"]
    sam.context.route("https://**", lambda route: route.abort())
    page.evaluate("document.querySelector('[data-leave]').dataset.to = '/help-now'")
    page.locator("[data-leave]").first.click()
    page.wait_for_url("**/help-now")

    assert page.evaluate(HELD) == []


def test_where_movement_is_not_wanted_a_breath_counts_in_words(
    visitor: Callable[..., Visitor], checkin: CheckIn
) -> None:
    sam = visitor(size="phone")
    sam.page.emulate_media(reduced_motion="reduce")
    page = sam.go("/me/steady/slow-breathing/")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("In, 1").wait_for()

    assert page.evaluate("document.querySelector('[data-shape]').getAnimations().length") == 0


def test_what_makes_it_worse_leads_back_to_the_room(
    visitor: Callable[..., Visitor], checkin: CheckIn
) -> None:
    sam = visitor(make.the_account(checkin.patient), size="phone")
    page = sam.go("/me/kit/do/slow-breathing/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="This makes it worse").click()
    page.get_by_role("heading", name="You stopped. That was right").wait_for()

    assert page.get_by_text("Find three blue things.").is_visible()
    assert SetAside.objects.get().exercise == "slow-breathing"
    assert sam.violations() == []
