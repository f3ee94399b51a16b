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

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
AT_ONCE = 100
"""Duties looked at in one tick; the next one takes the rest."""


def enter(*, key: str, work: str, about: Mapping[str, str], due_at: datetime) -> None:
    """Enter a duty; one of the same key is entered already and stays as it is."""
    Duty.objects.bulk_create(
        [Duty(key=key, work=work, about=dict(about), due_at=due_at)], ignore_conflicts=True
    )


def claimed(*, work: str, at: datetime) -> Iterator[Duty]:
    """Yield duties that are due, each once this worker holds it."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    waiting = Duty.objects.filter(
        free, work=work, done_at__isnull=True, due_at__lte=at, attempts__lt=MOST_ATTEMPTS
    )
    for key in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
        mine = waiting.filter(pk=key).update(
            claimed_until=at + LEASE, attempts=F("attempts") + 1
        )
        if mine:
            yield Duty.objects.get(pk=key)


def settle(duty: Duty, *, at: datetime) -> None:
    """Mark a duty as done."""
    Duty.objects.filter(pk=duty.pk).update(done_at=at, claimed_until=None, trouble="")


def put_back(duty: Duty, *, at: datetime, trouble: Exception) -> None:
    """Leave a duty for later, each time a little later; keeps the kind of trouble only."""
    Duty.objects.filter(pk=duty.pk).update(
        claimed_until=at + LEASE * duty.attempts, trouble=type(trouble).__name__
    )
