"""Components in a browser.

The little scripts do what they promise under the strict content policy, and every
component is free of the barriers that a machine can find. No server and no network:
the browser is handed rendered pages and the files that lie beside them.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string

from securebase.pages import shared
from securebase.pages.shared.style import halves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATIC = Path(shared.__file__).parent / "static"
HERE = "http://practice.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Any]:
    """Give a way to open pages; afterwards, nothing may have broken the policy."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def context(**options: Any) -> BrowserContext:
        made = chromium.new_context(**options)
        made.route("**/*", serve)
        made.on("console", lambda message: complaints.append(message.text))
        opened.append(made)
        return made

    yield context
    for made in opened:
        made.close()
    assert complaints == []


def serve(route: Route) -> None:
    """Answer a request of the browser from templates and files alone."""
    address = route.request.url.removeprefix(HERE)
    if route.request.method == "POST" or not route.request.url.startswith(HERE):
        route.fulfill(body="somewhere else", content_type="text/plain")
    elif address.startswith("/static/django_htmx/"):
        route.fulfill(body="", content_type="text/javascript")
    elif address.startswith("/static/"):
        file = STATIC / address.removeprefix("/static/")
        kind = mimetypes.guess_type(file.name)[0]
        route.fulfill(body=file.read_bytes(), content_type=kind)
    else:
        headers = {"content-security-policy": POLICY}
        route.fulfill(body=rendered(address, route), headers=headers, content_type="text/html")


def rendered(address: str, route: Route) -> str:
    """Return one of the two pages that the tests look at."""
    cookie = route.request.headers.get("cookie", "")
    cookies = dict(pair.split("=", 1) for pair in cookie.split("; ") if pair)
    words = {"request": SimpleNamespace(path=address, COOKIES=cookies), "practice": "P"}
    if address == "/me/":
        return render_to_string("shared/shell_me.html", words)
    return render_to_string("shared/style.html", words | {"halves": halves()})


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(HERE + address)
    return page


def test_leaving_leaves_nothing_to_come_back_to(visit: Any) -> None:
    page = opened(visit(), "/me/")
    before = page.evaluate("history.length")

    with page.expect_request("**/leave") as signed_out:
        page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("https://www.bbc.co.uk/**")

    assert signed_out.value.method == "POST"
    assert page.evaluate("history.length") == before


def test_shift_three_times_leaves_in_every_tab(visit: Any) -> None:
    context = visit()
    page, other = opened(context, "/me/"), opened(context, "/me/")

    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url("https://www.bbc.co.uk/**")
    other.wait_for_url("https://www.bbc.co.uk/**")


def test_shift_for_capital_letters_does_not_leave(visit: Any) -> None:
    page = opened(visit(), "/me/")

    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.keyboard.press("Shift")

    assert page.url == f"{HERE}/me/"
    assert page.locator("[data-leave-status]").inner_text() == "Shift, press 2 more to leave."


def test_arrow_keys_move_along_the_points_and_each_says_its_words(visit: Any) -> None:
    page = opened(visit(viewport={"width": 1280, "height": 900}), "/keep/style/")
    chart = page.locator(".chart").first

    chart.locator("g.point[tabindex='0']:visible").focus()
    page.keyboard.press("ArrowLeft")
    second_to_last = chart.locator(".chart-tip").inner_text()
    page.keyboard.press("Home")
    first = chart.locator(".chart-tip").inner_text()
    page.keyboard.press("Escape")

    assert "35, as expected" in second_to_last
    assert "58, as expected" in first
    assert chart.locator(".chart-tip").is_hidden()


def test_a_line_moves_its_number_and_claims_nothing_before(visit: Any) -> None:
    slider = opened(visit(), "/keep/style/").locator("[data-slider]").first
    number = slider.locator("[type=number]")
    untouched = number.input_value()

    slider.locator("[type=range]").fill("7")

    assert (untouched, number.input_value()) == ("", "7")


def test_a_chosen_theme_is_there_on_the_next_page(visit: Any) -> None:
    page = opened(visit(), "/keep/style/")

    page.locator("footer").get_by_label("Colours").select_option("dark")
    page.goto(f"{HERE}/me/")

    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_machine_finds_no_barrier_and_nothing_scrolls_sideways(
    visit: Any, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = opened(context, "/keep/style/")

    found = axe.run(page).response["violations"]

    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
