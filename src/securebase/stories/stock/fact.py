"""One fact about the house, and the figures that decide whether somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from securebase.content import content_toml

FILE = "health.toml"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about the house; ``state`` is settled, look or now."""

    name: str
    state: str
    says: str
    then: str = ""
    """What to do about it; empty while all is well."""


def day(at: datetime) -> str:
    """Return a moment as a host reads it."""
    return f"{at:%d %b %Y %H:%M} UTC"


@cache
def figures(part: str) -> dict[str, Any]:
    """Return the figures of one part of ``content/health.toml``."""
    told = content_toml(FILE)
    found: dict[str, Any] = told[part]
    return found
