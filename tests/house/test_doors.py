"""Doors.

Every address says whom it is for; a view without an audience is closed to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from securebase.pages.shared.access import Audience, audience_of

FIRST_SEGMENT = {
    "me/": {Audience.PATIENT},
    "desk/": {Audience.CLINICIAN},
    "desk/supervision/": {Audience.CLINICIAN, Audience.SUPERVISOR},
    "keep/": {Audience.HOST},
    "with/": {Audience.PARTNER},
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
