"""Doors.

Every address says whom it is for; a view without an audience is closed to all. It also
says what of a person it opens, or that it opens nothing of anybody; from that the matrix
of authorisation is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from securebase.pages.shared.access import Audience, audience_of, policy_of
from securebase.people.access.table import the_table

FIRST_SEGMENT = {
    "me/": {Audience.PATIENT},
    "desk/": {Audience.CLINICIAN},
    "desk/supervision/": {Audience.CLINICIAN, Audience.SUPERVISOR},
    "keep/": {Audience.HOST},
    "with/": {Audience.PARTNER, Audience.SUPPORTER},
}
OPEN_UNDER_A_DOOR = ("me/steady/",)
"""Help that must be reachable signed out: it holds nothing personal."""


def door_of(path: str) -> str:
    """Return the closest door above an address; empty if there is none."""
    return max((door for door in FIRST_SEGMENT if path.startswith(door)), key=len, default="")


def addresses(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every address with its view."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def test_every_address_says_whom_it_is_for() -> None:
    silent = [
        p for p, view in addresses(get_resolver().url_patterns) if audience_of(view) is None
    ]

    assert silent == []


@pytest.mark.parametrize(("segment", "audiences"), FIRST_SEGMENT.items())
def test_the_first_segment_of_an_address_is_its_audience(
    segment: str, audiences: set[Audience]
) -> None:
    wrong = {
        path: audience_of(view)
        for path, view in addresses(get_resolver().url_patterns)
        if door_of(path) == segment and not path.startswith(OPEN_UNDER_A_DOOR)
        if audience_of(view) not in audiences
    }

    assert wrong == {}


BROUGHT = {
    "account/login/": "signing in",
    "account/logout/": "signing out",
    "account/signup/": "closed by our adapter: people are invited",
    "account/inactive/": "says that an account is closed",
    "account/reauthenticate/": "asks for the passphrase once more",
    "account/email/": "shadowed by a door kept shut",
    "account/confirm-email/": "says that a mail was sent",
    "account/^confirm-email/": "confirms an address by a signed key",
    "account/password/change/": "one's own passphrase",
    "account/password/set/": "one's own passphrase",
    "account/password/reset/": "shadowed by our own page",
    "account/^password/reset/key/": "shadowed by our own page",
    "account/login/code/": "one's own sign-in",
    "account/2fa/": "one's own second factor",
}
"""What the account library brings, and why it needs no tag of ours: nothing there is about
a patient, and each view checks for itself who is signed in."""


def test_every_address_says_what_it_opens() -> None:
    untagged = []
    for path, view in addresses(get_resolver().url_patterns):
        policy = policy_of(view)
        if policy is None or not (policy.category or policy.impersonal):
            untagged.append(path)

    assert [path for path in untagged if not path.startswith(tuple(BROUGHT))] == []


def test_an_address_opens_something_of_a_person_or_nothing() -> None:
    both = [
        path
        for path, view in addresses(get_resolver().url_patterns)
        if (policy := policy_of(view)) and policy.category and policy.impersonal
    ]

    assert both == []


def test_an_id_in_an_address_is_that_of_a_known_model() -> None:
    for path, view in addresses(get_resolver().url_patterns):
        policy = policy_of(view)
        if policy and policy.of:
            assert apps.get_model(policy.of), path
        elif policy and policy.category:
            assert "<uuid:" not in path, f"{path}: say of which model the id is"


def test_each_address_opens_what_the_table_could_open_to_whom_it_is_for() -> None:
    rows = the_table().rows
    impossible = []
    for path, view in addresses(get_resolver().url_patterns):
        policy = policy_of(view)
        if policy is None or policy.category is None:
            continue
        opened = [
            may
            for row in rows
            if row.role == policy.audience.value
            for may in row.may
            if policy.category in may.categories and policy.action in may.actions
        ]
        if not opened:
            impossible.append(path)

    assert impossible == []
