"""For how long an act waits, and what stands in for a second person. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from securebase.content import content_toml

FILE = "approvals.toml"


@dataclass(frozen=True, slots=True)
class Terms:
    """The practice's policy on acts that need two persons."""

    open_for: timedelta
    """After this an act that nobody confirmed is over."""
    wait: timedelta
    """How long a host without a colleague waits."""
    alone_after: timedelta
    """For how long another host counts after they left."""
    least_signs: int
    """The shortest reason."""
    search: timedelta
    """How long a person found by their address stays on a host's screen."""


@cache
def terms() -> Terms:
    """Return the terms of this release."""
    told = content_toml(FILE)
    alone = told["one_person"]
    return Terms(
        open_for=timedelta(days=told["two_persons"]["open_days"]),
        wait=timedelta(hours=alone["wait_hours"]),
        alone_after=timedelta(days=alone["alone_after_days"]),
        least_signs=int(alone["least_signs"]),
        search=timedelta(minutes=told["search"]["open_minutes"]),
    )
