"""What every answer says besides its words.

Every address of the table is asked, by somebody of each role and by nobody: each answer,
refusals too, tells the browser to run nothing of anybody else's, to guess no type, to sit
in no frame and to tell no other site where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from securebase.config.settings.base import CONTENT_SECURITY_POLICY
from tests import factories as make
from tests.house.plan import ROOT
from tests.matrix.cells import addresses
from tests.matrix.world import NOTHING, SAM, World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ASKING = ("nobody", "sam", "of record", "partner", "supervisor", "host")
OPEN = {
    "/": "the front door",
    "/account/confirm-email/": "says that a mail was sent",
    "/account/inactive/": "says that an account is closed",
    "/account/link/": "signing in by mail",
    "/account/login/": "signing in",
    "/account/password/reset/": "a forgotten passphrase",
    "/account/signup/": "says that people are invited",
    "/hand-back": "where a device goes back, with whom to call",
    "/healthz": "whether the program runs",
    "/help-now": "crisis help",
    "/lock/state": "whether a page is locked",
    "/manifest.webmanifest": "what a device installs",
    "/me/steady/": "exercises, for everybody",
    "/me/steady/<slug:slug>/": "one exercise",
    "/offline": "what works without a connection",
    "/own-copy": "a sealed copy on the device, opened there by its PIN",
    "/offline-worker.js": "what keeps crisis help at hand",
}
"""What is shown to somebody who is not signed in; all else sends them to the sign-in."""
STRICTER = {("/leave", "Referrer-Policy"): "no-referrer"}
"""Where somebody leads to a page of others, which learns nothing of where they were."""
SERVER = ROOT / "src/securebase/config/settings/server.py"
PERSONAL = ("/me/", "/desk/", "/with/", "/keep/", "/account/")

Answers = list[tuple[str, str, HttpResponse]]


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Answers:
    """Return who asked where and got what, over TLS as on a server."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(make.NOW, tick=False),
        override_settings(**ON_A_SERVER),
        transaction.atomic(),
    ):
        found = list(_ask_everywhere(a_world()))
        transaction.set_rollback(True)
    return found


ON_A_SERVER: dict[str, Any] = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
}


def _ask_everywhere(world: World) -> Iterator[tuple[str, str, HttpResponse]]:
    for who in ASKING:
        client, user = Client(), world.people[who]
        if user is not None:
            client.force_login(user)
        yield who, "/healthz", client.get("/healthz", secure=True)  # type: ignore[misc]
        arrived = {key: morsel.value for key, morsel in client.cookies.items()}
        for address in addresses():
            for whose in (SAM, NOTHING) if address.of else ("",):
                client.cookies = SimpleCookie(arrived)
                with transaction.atomic():
                    reply = client.get(address.filled(whose, world), secure=True)
                    transaction.set_rollback(True)
                yield who, address.path, reply  # type: ignore[misc]


def policy_of(reply: HttpResponse) -> dict[str, str]:
    """Return the content security policy of an answer by directive."""
    parts = reply.headers.get("Content-Security-Policy", "").split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


def test_every_answer_carries_every_header(answers: Answers) -> None:
    lacking = {
        (path, name): reply.headers.get(name)
        for _, path, reply in answers
        for name, value in ALWAYS.items()
        if reply.headers.get(name) not in (value, STRICTER.get((path, name), value))
    }

    assert lacking == {}
    assert len({path for _, path, _ in answers}) > 100


def test_every_answer_carries_the_whole_policy_and_nothing_looser(answers: Answers) -> None:
    written = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    expected = {name: " ".join(values) for name, values in written.items()}

    assert {path for _, path, reply in answers if policy_of(reply) != expected} == set()
    assert expected["default-src"] == "'none'"
    assert expected["frame-ancestors"] == expected["base-uri"] == "'none'"
    assert not re.search(r"unsafe|\*|https?:|data:", " ".join(expected.values()))


def test_every_answer_with_words_says_its_character_set(answers: Answers) -> None:
    silent = {
        (path, kind)
        for _, path, reply in answers
        if (kind := reply.headers.get("Content-Type", "")).startswith("text/")
        if "charset=utf-8" not in kind
    }

    assert silent == set()


def test_over_tls_every_answer_asks_for_a_year_of_it(answers: Answers) -> None:
    said = {reply.headers.get("Strict-Transport-Security") for _, _, reply in answers}

    assert said == {"max-age=31536000"}


def test_nothing_personal_may_be_kept_by_a_cache(answers: Answers) -> None:
    kept = {
        (who, path, reply.headers.get("Cache-Control"))
        for who, path, reply in answers
        if who != "nobody" and path.startswith(PERSONAL) and "/steady/" not in path
        if "no-store" not in reply.headers.get("Cache-Control", "")
    }

    assert kept == set()


def test_every_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(
    answers: Answers,
) -> None:
    sent = [morsel for _, _, reply in answers for morsel in reply.cookies.values()]
    cookies = [morsel for morsel in sent if morsel.value]
    loose = {
        morsel.key
        for morsel in cookies
        if not (morsel["secure"] and morsel["httponly"] and morsel["path"] == "/")
        or morsel["samesite"] not in {"Lax", "Strict"}
        or morsel["domain"]
    }

    assert loose == set()
    assert cookies


def test_somebody_who_is_not_signed_in_is_shown_only_what_is_open_to_all(
    answers: Answers,
) -> None:
    shown = {path for who, path, reply in answers if who == "nobody" and _shows(reply)}

    assert shown == set(OPEN)


def _shows(reply: HttpResponse) -> bool:
    return reply.status_code == 200


def test_an_answer_to_a_wrong_host_carries_them_too() -> None:
    reply: Any = Client().get("/", headers={"host": "evil.example"})

    assert reply.status_code == 400
    assert {name: reply.headers.get(name) for name in ALWAYS if name != "X-Frame-Options"} == {
        name: value for name, value in ALWAYS.items() if name != "X-Frame-Options"
    }
    assert policy_of(reply)["frame-ancestors"] == "'none'"


def test_a_server_is_set_up_as_it_was_asked_here() -> None:
    text = SERVER.read_text()

    assert [name for name in ON_A_SERVER if name not in text] == []
    assert '"__Host-session"' in text
    assert '"__Host-csrf"' in text
