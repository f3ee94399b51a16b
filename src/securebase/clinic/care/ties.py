"""What ties an account to patients: every way into a record, from whatever table keeps it.

A way is a set of rows, so the same rows answer for one patient and for a whole list.
Rooms above this one add their own ways when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import DateTimeField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from securebase.clinic.care.models import Care, Emergency, Exclusion, Patient
from securebase.people.access.table import the_table
from securebase.people.access.words import Category, Tie, TieHeld
from securebase.people.accounts.models import User

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""When a tie began that was always there: that of a person to their own record."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way into records: the rows in force now, and where they name what.

    ``patient``, ``since`` and ``until`` are names of fields; without ``since`` the tie
    holds always.
    """

    tie: Tie
    rows: QuerySet[Any]
    patient: str = "patient"
    since: str = "since"
    until: str = "until"
    categories: frozenset[Category] = frozenset()
    purpose: str = ""


Source = Callable[[User, datetime], Iterable[Way]]
_sources: list[Source] = []


def add_ways(source: Source) -> None:
    """Take up the ways of a room above; called once for each, when the program starts."""
    if source not in _sources:
        _sources.append(source)


def holding(at: datetime, of: str = "") -> Q:
    """Return the condition that a tie holds at that moment; ``of`` is a path to its row."""
    ends = Q(**{f"{of}until__isnull": True}) | Q(**{f"{of}until__gt": at})
    return Q(**{f"{of}since__lte": at}) & ends


def ways(user: User, *, at: datetime) -> Iterator[Way]:
    """Yield every way this account has into any record now, for the roles it holds."""
    useless = {row.tie for row in the_table().rows if row.role and row.role not in user.roles}
    for source in (_ways_of_care, *_sources):
        yield from (way for way in source(user, at) if way.tie not in useless)


def ties_of(user: User, patient: Patient, *, at: datetime) -> tuple[TieHeld, ...]:
    """Return what ties this account to one patient now; asked with one query."""
    found = list(ways(user, at=at))
    if not found:
        return ()
    first, *others = (_spans(number, way, patient) for number, way in enumerate(found))
    return tuple(
        TieHeld(way.tie, since or ALWAYS, until, way.categories, way.purpose)
        for number, since, until in first.union(*others)
        for way in [found[number]]
    )


def _ways_of_care(user: User, at: datetime) -> Iterator[Way]:
    yield Way(Tie.SELF, Patient.objects.filter(account=user), patient="pk", since="")
    bonds = Care.objects.filter(holding(at))
    for part, tie in (
        (Care.Part.OF_RECORD, Tie.OF_RECORD),
        (Care.Part.ALSO, Tie.OF_RECORD),
        (Care.Part.COVERING, Tie.COVERING),
    ):
        yield Way(tie, bonds.filter(clinician=user, part=part))
    # Both conditions in one filter: they must hold of the same contract.
    contract = "clinician__supervisions_had__"
    supervised = holding(at, of=contract) & Q(**{f"{contract}supervisor": user})
    yield Way(
        Tie.SUPERVISING,
        bonds.filter(supervised, part=Care.Part.OF_RECORD),
        since=f"{contract}since",
        until=f"{contract}until",
    )
    opened = Emergency.objects.filter(holding(at), clinician=user)
    danger = Emergency.Kind.DANGER
    yield Way(Tie.EMERGENCY, opened.filter(reason_kind=danger), purpose=danger.value)
    yield Way(Tie.EMERGENCY, opened.exclude(reason_kind=danger))
    yield Way(Tie.EXCLUDED, exclusions_in_force().filter(person=user), since="")


def exclusions_in_force() -> QuerySet[Exclusion]:
    """Return every line that keeps somebody out and was not taken back.

    No moment is asked for: a clock set back must not open a record.
    """
    return Exclusion.objects.filter(act=Exclusion.Act.SHUT, lifted_by__isnull=True)


def _spans(number: int, way: Way, patient: Patient) -> QuerySet[Any]:
    """Return the number of a way, and from when until when each of its rows holds."""
    always = Cast(Value(None), DateTimeField())
    spans: QuerySet[Any] = (
        way.rows.filter(**{way.patient: patient.pk})
        .order_by()
        .annotate(
            way=Value(number, IntegerField()),
            from_when=F(way.since) if way.since else always,
            until_when=F(way.until) if way.since else always,
        )
        .values_list("way", "from_when", "until_when")
    )
    return spans
