"""How much therapy lies behind a moment. Pure: no database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

A_WEEK = timedelta(weeks=1)


def sessions_behind(moment: datetime, *, start: datetime, held: Sequence[datetime]) -> float:
    """Return the sessions from the start of care to a moment, 0 at the start.

    ``held`` is when sessions took place, in order. Weeks stand in for sessions until
    the first one that was noted, and always where none are: a practice that does not
    keep its sessions here is followed week by week.
    """
    known_from = held[0] if held else moment
    weeks = round(max(min(moment, known_from) - start, timedelta()) / A_WEEK)
    return float(weeks + bisect_right(held, moment))
