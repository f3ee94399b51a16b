"""The copy on the device goes when it should.

Signing out takes it, on whichever page; thirty days after it was made the next page does,
also without a net; and ten wrong tries do, however they are made. Until then the page
says how long it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from securebase.clinic.checkins.models import CheckIn
from tests import factories as make
from tests.journeys.test_bad_night import HELD, PIN, checkin, taken_along

if TYPE_CHECKING:
    from tests.chromium import Visitor

__all__ = ["checkin"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOTHING_HELD = "async () => (await indexedDB.databases()).length === 0"
TWO_AT_ONCE = "() => Promise.all([ownCopy.open('seven'), ownCopy.open('geese')])"


@pytest.fixture
def sam(visitor: Callable[..., Visitor], checkin: CheckIn) -> Visitor:
    """Return the window of somebody who made a copy."""
    one = visitor(make.the_account(checkin.patient), size="phone")
    taken_along(one)
    return one


def later(sam: Visitor, days: int) -> None:
    """Let the clock of the browser stand some days from now."""
    sam.page.clock.set_fixed_time(timezone.now() + timedelta(days=days))


def test_signing_out_takes_it(sam: Visitor) -> None:
    page = sam.go("/me/say/")
    assert page.evaluate(HELD) == ["own-copy"]

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/me/" not in url)

    page.wait_for_function(NOTHING_HELD)


def test_it_says_how_long_it_stays(sam: Visitor) -> None:
    last = timezone.localtime() + timedelta(days=30)

    sam.page.get_by_text(f"It stays here until {last.day} {last:%B}.").wait_for()


def test_after_thirty_days_the_next_page_takes_it(sam: Visitor) -> None:
    later(sam, 29)
    sam.go("/me/say/").wait_for_load_state("networkidle")
    assert sam.page.evaluate(HELD) == ["own-copy"]

    later(sam, 31)
    page = sam.go("/help-now")

    page.wait_for_function(NOTHING_HELD)


def test_after_thirty_days_it_does_not_open_without_a_net_either(sam: Visitor) -> None:
    sam.context.set_offline(True)
    later(sam, 31)
    page = sam.go("/own-copy")

    page.get_by_role("button", name="Make the copy").wait_for()
    page.wait_for_function(NOTHING_HELD)


def test_ten_wrong_tries_take_it(sam: Visitor) -> None:
    for left in range(9, 0, -1):
        page = sam.go("/own-copy")
        page.locator("#try").fill(f"guess {left}")
        page.get_by_role("button", name="Open").click()
        page.get_by_text(f"That was not it. {left} more tries.").wait_for()
    page.locator("#try").fill("the last guess")
    page.get_by_role("button", name="Open").click()

    page.get_by_text("The copy is gone from this device.").wait_for()
    page.wait_for_function(NOTHING_HELD)


def test_two_tries_at_once_count_as_two_and_the_pin_starts_anew(sam: Visitor) -> None:
    page = sam.go("/own-copy")
    page.locator("#try").wait_for()

    told = page.evaluate(TWO_AT_ONCE)

    assert sorted(one["left"] for one in told) == [8, 9]
    page.locator("#try").fill(PIN)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("The tide turns.").wait_for()
    again = sam.go("/own-copy")
    again.locator("#try").fill("grey ducks")
    again.get_by_role("button", name="Open").click()
    again.get_by_text("That was not it. 9 more tries.").wait_for()
