"""A real Chromium for the tests, and visitors who notice what must not happen.

A visitor is a window of its own. When it closes, the test fails if a page broke the
content security policy, asked another host for anything, or threw an error.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django.live_server_helper import LiveServer

from tests.doors import a_database_with_many_doors

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from securebase.people.accounts.models import User

PICTURES = Path(__file__).resolve().parent / ".output"
MANUAL = Path(__file__).resolve().parents[1] / "docs" / "images"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ASK_AXE = """async (which) => {
  const found = await axe.run({ resultTypes: ["violations"], ...which });
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""
"""Only what is wrong comes back: all that was looked at is a hundred times as much."""
SIZES = {"phone": (320, 720), "desk": (1440, 900)}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one Chromium for the whole run; without one the test says so."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        message = "no Chromium on this machine (Debian's package is called chromium)"
        (pytest.fail if os.environ.get("REQUIRE") == "all" else pytest.skip)(message)
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django takes any loop for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=QUIETLY)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """Serve the program from threads that share no connection, as in a practice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "is_in_memory_db", lambda _: False)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _each_window_has_a_door(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let two windows write at once, and the test beside them, without one transaction."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    with a_database_with_many_doors(request.getfixturevalue("tmp_path")):
        yield


class Visitor:
    """One person at one window of a live server."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context, self.base = context, base
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        context.on("request", self._look_at)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))

    def _look_at(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.trouble.append(f"asked another host: {request.url}")

    def _listen(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.trouble.append(message.text)

    def sign_in(self, user: User) -> Visitor:
        """Let this window belong to a person, as after a sign-in."""
        store = SessionStore()
        store["_auth_user_id"] = str(user.pk)
        store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        store["_auth_user_hash"] = user.get_session_auth_hash()
        store.save()
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": store.session_key or "",
                    "url": self.base,
                }
            ]
        )
        return self

    def go(self, path: str) -> Page:
        """Open an address of the program."""
        self.page.goto(self.base + path)
        return self.page

    def picture(self, name: str, *, whole: bool = True) -> Path:
        """Keep a picture of what is on the screen."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    def look(self, size: str, scheme: str) -> None:
        """Look at the page as it stands at another width, in another light."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    def violations(self, *rules: str) -> list[str]:
        """Return what axe finds wrong with the page as it stands, by these rules or by all."""
        if not self.page.evaluate("'axe' in window"):
            from axe_playwright_python.base import AXE_SCRIPT

            self.page.evaluate(AXE_SCRIPT)
        found: list[str] = self.page.evaluate(ASK_AXE, {"runOnly": rules} if rules else {})
        return found


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Return a maker of visitors, and fail if any page misbehaved for one of them."""
    made: list[Visitor] = []

    def arrive(
        user: User | None = None, *, size: str = "desk", scheme: str = "light"
    ) -> Visitor:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en-GB",
            reduced_motion="reduce",
        )
        one = Visitor(context, live_server.url)
        made.append(one)
        return one.sign_in(user) if user else one

    yield arrive
    for one in made:
        one.context.close()
    assert [trouble for one in made for trouble in one.trouble] == []
