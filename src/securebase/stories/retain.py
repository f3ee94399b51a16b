"""Records past their time: shown first, erased only when two people agreed, never silently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max, OuterRef, QuerySet, Subquery

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.approvals.policies import can_ask
from securebase.people.approvals.queries import WAITS
from securebase.people.vault.models import ErasedOwner
from securebase.stories.erase_subject.erase import ask_to_erase
from securebase.stories.holds import record_term

NOT_DUE = "This record is not past its time, or the person is in care."


@dataclass(frozen=True, slots=True)
class Ended:
    """One record whose care has ended."""

    record: UUID
    last: datetime
    """The last contact."""
    over: date
    """From when it may go."""
    asked: bool
    """Whether its erasure waits for a second person."""

    @property
    def number(self) -> str:
        """The record number, where a name is not to be said."""
        return str(self.record)[:8]


@dataclass(frozen=True, slots=True)
class Preview:
    """What is past its time, and how many records follow in which year."""

    due: tuple[Ended, ...]
    later: tuple[tuple[int, int], ...]


def preview(*, at: datetime) -> Preview:
    """Return what would go when; nothing is changed."""
    ended = ended_records(at=at)
    today = at.date()
    later = Counter(one.over.year for one in ended if one.over > today)
    due = tuple(one for one in ended if one.over <= today)
    return Preview(due, tuple(sorted(later.items())))


def ended_records(*, at: datetime) -> list[Ended]:
    """Return every record whose care has ended, the oldest contact first."""
    kind = Approval.Kind.ERASE
    asked = set(
        Approval.objects.filter(WAITS, kind=kind, open_until__gt=at).values_list(
            "about", flat=True
        )
    )
    found = []
    for pk, *moments in _with_last_contact(at):
        last = max(moment for moment in moments if moment is not None)
        found.append(Ended(pk, last, record_term().over(last), pk in asked))
    return sorted(found, key=lambda one: (one.last, one.record))


def ask_to_let_go(*, record: UUID, by: User, at: datetime) -> Approval:
    """Ask for the erasure of a record past its time; it waits for a second person."""
    due = {one.record: one for one in preview(at=at).due} if can_ask(by) else {}
    if record not in due:
        raise ValidationError(NOT_DUE)
    term, last = record_term(), due[record].last
    reason = f"Past its time: {term.years} years after the last contact on {last:%d %b %Y}."
    patient = Patient.objects.get(pk=record)
    return ask_to_erase(patient=patient, reason=reason, by=by, at=at)


def _with_last_contact(at: datetime) -> QuerySet[Patient, Any]:
    """Return key and moments of contact of everybody who is in nobody's care."""
    in_care = Care.objects.filter(open_bonds(at), patient=OuterRef("pk"))
    gone = ErasedOwner.objects.values("owner")
    found = Patient.objects.exclude(pk__in=gone).exclude(
        pk__in=in_care.values("patient").order_by()
    )
    return found.values_list(
        "pk",
        "welcomed_at",
        _latest(Care.objects.filter(part=Care.Part.OF_RECORD), "until"),
        _latest(TherapySession.objects.all(), "starts_at"),
        _latest(Response.objects.all(), "answered_at"),
        _latest(CheckIn.objects.all(), "due_at"),
    )


def _latest(rows: QuerySet[Any], moment: str) -> Subquery:
    own = rows.filter(patient=OuterRef("pk")).order_by().values("patient")
    return Subquery(own.annotate(last=Max(moment)).values("last"))
