"""The door of the vault: a calm page while it is locked, and words for what does not open.

Each request asks once whether keys were changed or destroyed since the last one, so that
an erased person is gone with the next page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from securebase.people.vault import homes, ring
from securebase.people.vault.showing import showing

ALWAYS_OPEN = ("/help-now", "/healthz", "/offline")
"""Addresses that need no key: help must be there before anything else is."""
READING = ("GET", "HEAD")
AGAIN_AFTER = "60"
"""Seconds after which a browser may ask once more."""


class VaultDoor:
    """Let requests in while the vault is open; before that, only to what needs no key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; while a page is read, words stand for a text that does not open."""
        if homes.is_locked() and not _needs_no_key(request.path):
            return _locked(request)
        ring.look_again()
        if request.method not in READING:
            return self.get_response(request)
        with showing():
            return self.get_response(request)


def _needs_no_key(path: str) -> bool:
    return path.startswith((*ALWAYS_OPEN, settings.STATIC_URL))


def _locked(request: HttpRequest) -> HttpResponse:
    response = render(request, "shared/locked_vault.html", status=503)
    response["Retry-After"] = AGAIN_AFTER
    response["Cache-Control"] = "no-store"
    return response
