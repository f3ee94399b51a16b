"""What the trail says of some days: who did what, and whose records were touched.

For whoever has to find out, within hours, what came of a stolen passphrase or laptop.
Accounts and records are numbers: the answer can be shown to somebody who may know no name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.science.errors import BadInput

FIELDS = ("at", "actor", "role", "verb", "patient", "outcome")


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until before another."""

    since: datetime
    until: datetime


@dataclass(slots=True)
class Doings:
    """What one account did in one of its roles; no account: the program, or a stranger."""

    account: UUID | None
    role: str
    first: datetime
    last: datetime
    records: set[UUID] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)
    """How often each verb was done."""
    refused: Counter[str] = field(default_factory=Counter)
    """How often each verb was tried in vain."""


@dataclass(frozen=True, slots=True)
class Happened:
    """All that the trail has of a span."""

    span: Span
    rows: int
    doings: tuple[Doings, ...]
    """The busiest in records first."""

    @property
    def records(self) -> frozenset[UUID]:
        """Every record that anybody touched, or asked for."""
        return frozenset[UUID]().union(*(one.records for one in self.doings))


@transaction.atomic
def what_happened(span: Span, *, email: str = "", at: datetime) -> Happened:
    """Return what happened in a span, by everybody or by one account; the look is a row.

    Raises
    ------
    BadInput
        If the span ends before it begins, or no account has the address.
    """
    if span.until <= span.since:
        raise BadInput(
            f"The span ends at {span.until:%Y-%m-%d %H:%M}, before it begins at "
            f"{span.since:%Y-%m-%d %H:%M}. Give a later --until."
        )
    rows = AuditEvent.objects.filter(at__gte=span.since, at__lt=span.until).order_by("number")
    if email:
        rows = rows.filter(actor=_account(email))
    found = list(rows.values(*FIELDS))
    trail.record(Verb.AUDIT_READ, by=None, at=at)
    return Happened(span=span, rows=len(found), doings=_gathered(found))


def _account(email: str) -> UUID:
    account = User.objects.filter(email=email.strip().lower()).first()
    if account is None:
        raise BadInput(f"Nobody here signs in as {email}. Give the whole address.")
    return account.pk


def _gathered(rows: Iterable[Mapping[str, object]]) -> tuple[Doings, ...]:
    by: dict[tuple[object, object], Doings] = {}
    for row in rows:
        who = (row["actor"], row["role"])
        doings = by.setdefault(who, Doings(*who, row["at"], row["at"]))  # type: ignore[arg-type]
        doings.last = row["at"]  # type: ignore[assignment]
        if isinstance(row["patient"], UUID):
            doings.records.add(row["patient"])
        refused = row["outcome"] == AuditEvent.Outcome.REFUSED
        (doings.refused if refused else doings.done)[str(row["verb"])] += 1
    return tuple(sorted(by.values(), key=lambda one: (-len(one.records), one.first)))
