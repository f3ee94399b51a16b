"""How long a tie may last, read from ``content/ties.toml``. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from securebase.content import content_toml

FILE = "ties.toml"


@dataclass(frozen=True, slots=True)
class Limits:
    """The practice's policy on ties beyond the clinician of record."""

    cover: timedelta
    """The longest cover."""
    supervision: timedelta
    """The longest contract before it is agreed again."""
    emergency: timedelta
    """How long a record stays open after an emergency access."""
    review: timedelta
    """Within which an emergency access is looked at by somebody else."""
    delay: timedelta
    """For how long telling the patient may be put off, with a safety reason."""
    told: timedelta
    """For how long the patient's first page tells of an emergency access."""
    ended: timedelta
    """For how long Today tells that a part in the care ended with an exclusion."""
    misses: int
    """Searches in an hour that may find nobody before the door rests."""


@cache
def limits() -> Limits:
    """Return the limits of this release."""
    told = content_toml(FILE)
    emergency = told["emergency"]
    return Limits(
        cover=timedelta(days=told["cover"]["most_days"]),
        supervision=timedelta(days=told["supervision"]["most_days"]),
        emergency=timedelta(hours=emergency["open_hours"]),
        review=timedelta(hours=emergency["review_hours"]),
        delay=timedelta(hours=emergency["most_delay_hours"]),
        told=timedelta(days=emergency["told_days"]),
        ended=timedelta(days=told["exclusion"]["told_days"]),
        misses=int(emergency["most_misses"]),
    )
