"""A browser that was signed in before: known by a signed mark that opens nothing.

The mark says whose browser it was. It spares its person the waiting that strangers'
guesses bring, and it tells whose words to keep when a page outlived its visit.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core import signing

from securebase.people.accounts.guesses import Asker
from securebase.people.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DAYS_KNOWN = 180
SALT = "known device"


def mark_as_known(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Give this browser the mark of a person who has just signed in whole."""
    if known_account(request) == user.pk:
        return
    response.set_cookie(
        _cookie_name(),
        signing.dumps([str(user.pk), secrets.token_hex(8)], salt=SALT),
        max_age=DAYS_KNOWN * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_account(request: HttpRequest) -> UUID | None:
    """Return the account this browser was last signed in to; None if it never was."""
    told = _read(request)
    return UUID(told[0]) if told else None


def asker_of(request: HttpRequest, *, account: User | None, address: str) -> Asker:
    """Return where a guess at this account comes from; no account is a stranger's guess."""
    told = _read(request)
    knows = told is not None and account is not None and told[0] == str(account.pk)
    return Asker(address=address, device=told[1] if told and knows else "")


def _read(request: HttpRequest) -> list[str] | None:
    mark = request.COOKIES.get(_cookie_name(), "")
    try:
        told: list[str] = signing.loads(mark, salt=SALT, max_age=DAYS_KNOWN * 24 * 60 * 60)
    except signing.BadSignature:
        return None
    return told


def _cookie_name() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"
