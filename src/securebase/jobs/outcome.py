"""What a daily duty came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a duty has to say for itself: kept, and shown to the host."""

    says: str
    well: bool = True
    """Whether nobody needs to look."""
