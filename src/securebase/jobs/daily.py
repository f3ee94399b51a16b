"""Duties of every day: each done once, by one worker, and a receipt kept of it.

A day is the practice's own. A worker that dies in the middle leaves a claim that lapses,
and another does the duty again; so a duty must bear being done twice. What a day missed
because no worker ran is not made up for: the next day's duty does the same.
"""

from __future__ import annotations

import logging
import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from securebase.clinic.care.queries import the_practice
from securebase.clinic.care.wall_time import moment_of
from securebase.jobs.anchor import anchor_trail
from securebase.jobs.digest import enter_digests
from securebase.jobs.lease import claimed, enter, put_back, settle
from securebase.jobs.look_through import look_through
from securebase.jobs.models import Duty
from securebase.jobs.nightly import make_backup
from securebase.jobs.outcome import Outcome
from securebase.jobs.try_mail import try_mail

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Daily:
    """One duty, and from what time of the practice's day it is done."""

    name: str
    begins: time
    do: Callable[..., Outcome]
    """Called with ``at``."""


DUTIES: Sequence[Daily] = (
    Daily("anchor", time(0, 5), anchor_trail),
    Daily("backup", time(2, 0), make_backup),
    Daily("look through", time(3, 0), look_through),
    Daily("digest", time(7, 30), enter_digests),
    Daily("test letter", time(7, 0), try_mail),
)


def do_daily(*, at: datetime, worker: str, duties: Sequence[Daily] = DUTIES) -> int:
    """Do what is due today and not done yet; return how many duties were done."""
    practice = the_practice()
    if practice is None:
        return 0
    today = at.astimezone(ZoneInfo(practice.time_zone)).date()
    done = 0
    for daily in duties:
        due_at = moment_of(today, daily.begins, practice.time_zone)
        key = f"{daily.name} {today}"
        if due_at <= at and not Duty.objects.filter(key=key).exists():
            enter(key=key, work=daily.name, about={"day": str(today)}, due_at=due_at)
        waiting = claimed(work=daily.name, at=at)
        done += sum(_do(duty, daily, at=at, worker=worker) for duty in waiting)
    return done


def _do(duty: Duty, daily: Daily, *, at: datetime, worker: str) -> bool:
    began = clock.monotonic()
    try:
        outcome = daily.do(at=at)
    except Exception as trouble:
        logger.exception("a daily duty stumbled")
        put_back(duty, at=at, trouble=trouble)
        return False
    seconds = clock.monotonic() - began
    settle(duty, at=at, outcome=outcome, worker=worker, seconds=seconds)
    return True
