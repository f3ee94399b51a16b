"""Leaving at once: where to, and what the server does when somebody has left.

The script of the page writes down that its person left before it goes, because a page
that goes may not be heard: no connection, a beacon that is lost. The next request from
that device, whenever it comes, ends the visit before anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from securebase.content import content_toml
from securebase.pages.shared.language.choosing import page_language

FILE = "leaving.toml"
LEFT = "left"
"""The cookie by which a page says that its person left."""
FORGET = '"cache"'
"""What the browser is asked to forget. Not "storage": that would take the exercises and
the help that work without a connection from the device as well."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where leaving leads, and the keys for it."""

    to: str
    times: int
    within: int
    """Milliseconds."""


def leaving() -> Leaving:
    """Return how a page in the reader's language is left."""
    told = _read()
    to, keys = told["to"], told["keys"]
    return Leaving(
        to=to.get(page_language(), to["en-GB"]),
        times=keys["times"],
        within=1000 * keys["within_seconds"],
    )


class LeavingMiddleware:
    """End the visit of somebody who left, before their next request shows anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as to a stranger, once; then the device may be signed in on again."""
        if not request.COOKIES.get(LEFT):
            return self.get_response(request)
        end_visit(request)
        response = self.get_response(request)
        response.delete_cookie(LEFT, samesite="Lax")
        return response


def end_visit(request: HttpRequest) -> None:
    """Sign out whoever is signed in; nothing happens if nobody is."""
    if request.user.is_authenticated:
        logout(request)
    request.visit = None  # type: ignore[attr-defined]


@cache
def _read() -> dict[str, Any]:
    return content_toml(FILE)
