"""Work that is done by one worker at a time, whoever crashes.

A claim is one conditional UPDATE, so two workers never hold the same duty; a worker
that dies leaves a claim that lapses. A duty is marked done after its work, so a crash
between the two does it again: what a duty does must bear being done twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q

from securebase.jobs.models import Duty
from securebase.jobs.outcome import Outcome

LEASE = timedelta(hours=2)
"""Longer than the longest duty: a backup of many years, restored to see that it opens."""
BETWEEN = timedelta(minutes=5)
"""What is added to the wait with each failure."""
OLD = timedelta(days=1)
"""A duty that waited longer is not begun any more: today's does the same."""
MOST_ATTEMPTS = 5


def enter(*, key: str, work: str, about: Mapping[str, str], due_at: datetime) -> None:
    """Enter a duty; one of the same key is entered already and stays as it is."""
    Duty.objects.bulk_create(
        [Duty(key=key, work=work, about=dict(about), due_at=due_at)], ignore_conflicts=True
    )


def claimed(*, work: str, at: datetime) -> Iterator[Duty]:
    """Yield duties that are due, each once this worker holds it."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    waiting = Duty.objects.filter(
        free,
        work=work,
        done_at__isnull=True,
        due_at__lte=at,
        due_at__gt=at - OLD,
        attempts__lt=MOST_ATTEMPTS,
    )
    for key in list(waiting.values_list("pk", flat=True)):
        mine = waiting.filter(pk=key).update(
            claimed_until=at + LEASE, attempts=F("attempts") + 1
        )
        if mine:
            yield Duty.objects.get(pk=key)


def settle(
    duty: Duty, *, at: datetime, outcome: Outcome, worker: str, seconds: float = 0.0
) -> None:
    """Mark a duty as done and keep the receipt: by whom, what came of it, how long it took."""
    Duty.objects.filter(pk=duty.pk).update(
        done_at=at,
        claimed_until=None,
        trouble="",
        worker=worker,
        says=outcome.says,
        well=outcome.well,
        seconds=round(seconds, 3),
    )


def put_back(duty: Duty, *, at: datetime, trouble: Exception) -> None:
    """Leave a duty for later, each time a little later; keeps the kind of trouble only."""
    Duty.objects.filter(pk=duty.pk).update(
        claimed_until=at + BETWEEN * duty.attempts, trouble=type(trouble).__name__
    )
