"""Somebody comes in while the page is open.

One press, and nothing of it is left: not behind Back, not behind Forward, not in another
tab, not in the browser's memory. It works while the connection hangs, without one, and
without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.people.accounts.models import User
from tests.chromium import SIZES, Visitor
from tests.factories import a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NEUTRAL = "https://www.bbc.co.uk/weather"
HOME, RECORD, SHARING = "/me/", "/me/record/", "/me/sharing/"
OURS = ("Your record", "What I share", "Steady myself")


@pytest.fixture
def sam() -> User:
    """Return the account of a patient."""
    a_practice()
    return the_account(a_patient(of=a_clinician(), at=timezone.now()))


@pytest.fixture
def at_home(visitor: Callable[..., Visitor], sam: User) -> Iterator[Visitor]:
    """Return the patient's window; outside there is a neutral page and nothing else."""
    one = visitor(sam, size="phone")
    yield outside(one)
    one.context.close()
    one.trouble = [told for told in one.trouble if NEUTRAL not in told]


def outside(one: Visitor) -> Visitor:
    """Put a neutral page where the way out leads."""
    one.context.route(
        f"{NEUTRAL}**", lambda route: route.fulfill(body="Sunny.", content_type="text/html")
    )
    return one


def leave(page: Page) -> None:
    """Press the button and arrive outside."""
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(f"{NEUTRAL}**")


def shows_nothing(page: Page) -> bool:
    """Whether a page says nothing of what was open."""
    said = page.inner_text("body")
    return not any(words in said for words in OURS)


def test_behind_back_and_forward_there_is_nothing(at_home: Visitor) -> None:
    for path in (HOME, RECORD, SHARING):
        page = at_home.go(path)

    leave(page)
    places = [page.url]
    for _ in range(2):
        page.go_back()
        assert shows_nothing(page)
        places.append(page.url)
    page.go_forward()

    assert all(reverse("account_login") in place for place in places[1:])
    assert shows_nothing(page)


def test_the_other_tabs_go_too(at_home: Visitor) -> None:
    first, second = at_home.page, at_home.context.new_page()
    first.goto(at_home.base + HOME)
    second.goto(at_home.base + RECORD)

    leave(first)
    second.wait_for_url(f"{NEUTRAL}**")

    second.go_back()
    assert shows_nothing(second)


def test_nothing_is_left_in_the_memory_of_the_browser(at_home: Visitor) -> None:
    page = at_home.go(HOME)

    leave(page)
    page.goto(f"{at_home.base}/help-now")
    kept = page.evaluate(
        f"fetch('{HOME}', {{cache: 'force-cache'}}).then((answer) => answer.text())"
    )

    assert not any(words in kept for words in OURS)


def test_the_page_is_covered_before_anything_is_asked_of_a_network(at_home: Visitor) -> None:
    waiting: list[Route] = []
    at_home.context.route(f"{NEUTRAL}**", lambda route: waiting.append(route))  # noqa: PLW0108
    page = at_home.go(HOME)

    said = page.evaluate(
        "() => { document.querySelector('[data-leave]').click();"
        " return [document.body.innerText.trim(), document.title]; }"
    )

    assert said == ["Loading.", "Loading."]


def test_without_a_connection_the_page_is_gone_and_stays_gone(at_home: Visitor) -> None:
    page = at_home.go(HOME)

    at_home.context.set_offline(True)
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(lambda url: at_home.base not in url)
    at_home.context.set_offline(False)

    page = at_home.context.new_page()
    page.goto(at_home.base + HOME)
    assert reverse("account_login") in page.url


def test_without_scripts_the_link_does_it(
    chromium: Browser, live_server: Any, sam: User
) -> None:
    width, height = SIZES["phone"]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    )
    one = outside(Visitor(context, live_server.url).sign_in(sam))
    page = one.go(HOME)

    leave(page)
    page.go_back()

    assert reverse("account_login") in page.url
    context.close()


def test_shift_three_times_leaves_and_says_how_far_one_is(at_home: Visitor) -> None:
    page = at_home.go(HOME)

    page.keyboard.press("Shift")
    told = page.locator("[data-leave-status]").inner_text()
    dots = page.locator("[data-leave-dots]").inner_text()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")

    page.wait_for_url(f"{NEUTRAL}**")
    assert (told, dots) == ("Shift, press 2 more to leave.", "●○○")
