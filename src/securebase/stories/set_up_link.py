"""The first start: one link, used once, leads to the page that begins the practice.

The link is printed where the program was started, so only somebody who can read that
terminal can use it. Only a digest of it is kept, and only while there is no practice.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings

from securebase.clinic.care.queries import the_practice


def offer_link() -> str | None:
    """Return a fresh token, which ends the one before; None once there is a practice."""
    end_link()
    if the_practice() is not None:
        return None
    token = secrets.token_urlsafe(32)
    handle = os.open(_digest_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(_digest(token))
    return token


def link_is_open(token: str) -> bool:
    """Whether this is the set-up link and there is still no practice."""
    try:
        kept = _digest_file().read_text()
    except FileNotFoundError:
        return False
    return hmac.compare_digest(kept, _digest(token)) and the_practice() is None


def end_link() -> None:
    """Make the link open nothing any more."""
    _digest_file().unlink(missing_ok=True)


def _digest_file() -> Path:
    return Path(settings.DATA_DIR) / "set-up.digest"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
