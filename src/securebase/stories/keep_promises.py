"""What a clinician promised: what waits, and how often it was kept.

Counted for whoever promised, to see for themselves; never for a patient, and no list
compares people.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from securebase.clinic.care.models import Care
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.queries import open_promises, promises_visible_to
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_today import zone_of_practice

LOOKED_BACK = timedelta(days=90)
MOST_SHOWN = 6
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the promises of one clinician that were due lately."""

    in_time: int
    late: int
    open: int
    """Due by now, and neither kept nor released."""
    released: int

    @property
    def due(self) -> int:
        """How many were due; those released count neither way."""
        return self.in_time + self.late + self.open


def promises_to_keep(*, user: User, at: datetime) -> tuple[Promise, ...]:
    """Return one's own open promises that are due by now or within a week, in order."""
    soon = _own_open(user, at=at).filter(due_at__lte=at + SOON)
    return _with_names(list(soon[:MOST_SHOWN]))


def every_promise(*, user: User, at: datetime) -> tuple[Promise, ...]:
    """Return all of one's own open promises, the first due first."""
    return _with_names(list(_own_open(user, at=at)))


def promises_tallied(*, user: User, at: datetime) -> Tally:
    """Count what became of one's own promises that were due in the last three months.

    Each check-in sent to its clinician of record was a promise too: to be read by the
    day and hour agreed.
    """
    kept, due = Q(kept_at__isnull=False), Q(due_at__lte=at, due_at__gt=at - LOOKED_BACK)
    counted = Promise.objects.filter(due, made_by=user).aggregate(
        in_time=Count("pk", filter=kept & Q(kept_at__lte=F("due_at"))),
        late=Count("pk", filter=kept & Q(kept_at__gt=F("due_at"))),
        released=Count("pk", filter=Q(released_at__isnull=False)),
        open=Count("pk", filter=Q(kept_at__isnull=True, released_at__isnull=True)),
    )
    read = _readings(user, at=at)
    return Tally(**{became: n + read[became] for became, n in counted.items()})


def _readings(user: User, *, at: datetime) -> Counter[str]:
    """Count the check-ins that were to be read in that time by whether they were."""
    bonds = Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD, clinician=user)
    of_patient = {bond.patient_id: bond for bond in bonds}
    sent = CheckIn.objects.filter(
        state=CheckIn.State.SUBMITTED,
        submitted_at__gt=at - LOOKED_BACK,
        patient__in=list(of_patient),
    ).values_list("patient_id", "submitted_at", "read_at")
    zone = zone_of_practice().key
    became: Counter[str] = Counter()
    for patient, submitted, read in sent:
        bond = of_patient[patient]
        if submitted is None:
            continue
        due = next_reading(bond, after=submitted, zone=zone)
        if bond.since <= submitted and due <= at:
            became["open" if read is None else "in_time" if read <= due else "late"] += 1
    return became


def _own_open(user: User, *, at: datetime) -> QuerySet[Promise]:
    mine = open_promises(promises_visible_to(user, at=at)).filter(made_by=user)
    return mine.select_related("patient")


def _with_names(promises: list[Promise]) -> tuple[Promise, ...]:
    """Open the keys of the names and words that will be shown, with one query."""
    hold_keys(one.patient_id for one in promises)
    return tuple(promises)
