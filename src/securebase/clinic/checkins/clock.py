"""What the clock does to check-ins: opens those that are due, closes those missed.

Both may run as often as one likes: a second run at the same moment changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from securebase.clinic.checkins.asking import still_asked
from securebase.clinic.checkins.entries import draw_orders
from securebase.clinic.checkins.models import CheckIn, Rhythm
from securebase.clinic.checkins.rhythm import asked_at, next_occurrence, numbered
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

LOOK_BACK = timedelta(days=31)
"""How long after its end a rhythm is still caught up, if the clock stood still."""


@transaction.atomic
def open_due(*, at: datetime) -> list[CheckIn]:
    """Make the check-ins of all rhythms that are due by now; return those just made.

    A worker that does the same at the same time loses quietly to the rule that a
    rhythm has one check-in at a time.
    """
    rhythms = (
        Rhythm.objects.filter(planned_at__lte=at)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=(at - LOOK_BACK).date()))
        .select_related("patient")
        .annotate(made_until=Max("checkins__due_at"))
    )
    made = [checkin for rhythm in rhythms for checkin in _due(rhythm, rhythm.made_until, at)]
    if made:
        CheckIn.objects.bulk_create(made, ignore_conflicts=True)
        trail.record(Verb.CHECKIN_OPEN, by=None, at=at, reason=f"{len(made)} opened")
    return made


@transaction.atomic
def close_missed(*, at: datetime) -> list[CheckIn]:
    """Close the check-ins whose time is over unanswered; return those just closed."""
    over = list(
        CheckIn.objects.select_for_update(no_key=True).filter(
            state=CheckIn.State.OPEN, closes_at__lte=at
        )
    )
    if over:
        CheckIn.objects.filter(pk__in=[checkin.pk for checkin in over]).update(
            state=CheckIn.State.MISSED
        )
        trail.record(Verb.CHECKIN_MISS, by=None, at=at, reason=f"{len(over)} not answered")
    return over


def _due(rhythm: Rhythm, made_until: datetime | None, at: datetime) -> Iterator[CheckIn]:
    """Yield the check-ins of one rhythm that are due and not made yet.

    Each closes when the next one comes at the latest: two open ones would ask twice.
    """
    for number, moment in numbered(rhythm, since=made_until or rhythm.planned_at, until=at):
        if moment == made_until:
            continue
        asked = still_asked(asked_at(rhythm, number), patient=rhythm.patient)
        if not asked:
            continue
        closes = moment + timedelta(hours=rhythm.open_hours)
        yield CheckIn(
            patient=rhythm.patient,
            rhythm=rhythm,
            instruments=asked,
            orders=draw_orders(asked),
            due_at=moment,
            closes_at=min(closes, next_occurrence(rhythm, after=moment) or closes),
        )
