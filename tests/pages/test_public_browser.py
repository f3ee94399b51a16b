"""Coming in, in a real browser.

Set-up, authenticator app, recovery codes and passkey work under the strict policy, on a
phone as at a desk, in light and in dark.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.people.accounts.actions import invite, make_account
from securebase.people.accounts.models import Role, User
from securebase.stories.set_up_link import offer_link
from securebase.stories.set_up_practice import Founder, Place, set_up_practice

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import Settings

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORDS = "river lantern quiet meadow"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def own_data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def host() -> User:
    """Return the first person of a practice that is set up."""
    place, founder = Place("Harbour Practice"), Founder("ada@example.org", "Ada Marsh", WORDS)
    return set_up_practice(place=place, founder=founder, at=timezone.now())[1]


def code_now(secret: str) -> str:
    """Return the six figures an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def with_device(page: Page) -> Page:
    """Give the browser a device that can hold passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def sign_in(page: Page) -> None:
    """Write address and passphrase as one does."""
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_from_the_set_up_link_to_the_practice_and_back_in_with_a_code(
    visitor: Callable[..., Visitor],
) -> None:
    token = offer_link()
    assert token is not None
    someone = visitor()
    page = someone.go(reverse("set_up", args=[token]))
    assert someone.violations() == []

    page.get_by_label("Name of the practice").fill("Harbour Practice")
    page.get_by_label("Your name").fill("Ada Marsh")
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_label("Choose a passphrase").fill(WORDS)
    page.get_by_role("button", name="Make the practice").click()
    page.get_by_role("link", name="Set up an app").click()
    assert someone.violations() == []
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert someone.violations() == []
    recovery = page.locator(".codes li").first.inner_text()
    page.context.clear_cookies()

    page = someone.go("/account/login/")
    sign_in(page)
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/desk/")


def test_a_passkey_is_added_and_opens_the_account_by_itself(
    visitor: Callable[..., Visitor], host: User
) -> None:
    someone = visitor()
    page = with_device(someone.go("/account/login/"))
    sign_in(page)
    page.wait_for_url("**/account/2fa/**")
    someone.go("/account/2fa/webauthn/add/")
    if page.get_by_role("heading", name="Please show once more").count():
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    someone.go("/account/2fa/webauthn/")
    page.get_by_text("Opens the account by itself").wait_for()
    assert someone.violations() == []
    page.context.clear_cookies()

    someone.go("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")


def test_where_a_passkey_cannot_work_the_page_says_so(
    visitor: Callable[..., Visitor], live_server: Any, host: User
) -> None:
    someone = visitor()
    # A passkey belongs to a name, and a number is none.
    someone.base = live_server.url.replace("localhost", "127.0.0.1")
    page = someone.go("/account/login/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("Passkeys work only at an address with a name").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_every_public_page_is_whole_and_readable(
    visitor: Callable[..., Visitor], host: User, size: str, scheme: str
) -> None:
    account = make_account(
        email="noor@example.org",
        name="Noor Vale",
        roles=[Role.PATIENT],
        by=host,
        at=timezone.now(),
    )
    _, token = invite(account=account, by=host, at=timezone.now())
    someone = visitor(size=size, scheme=scheme)

    for name, path in {
        "front-door": "/",
        "sign-in": "/account/login/",
        "new-passphrase": "/account/password/reset/",
        "welcome": reverse("welcome", args=[token]),
        "link-over": "/welcome/used/",
    }.items():
        page = someone.go(path)
        someone.picture(f"public-{name}-{size}-{scheme}")

        assert someone.violations() == [], path
        wide = page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
        assert wide, f"{path} scrolls sideways"
