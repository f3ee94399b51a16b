"""Writing to the trail and checking that nobody rewrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, models, transaction

from securebase.people.audit.models import AuditEvent
from securebase.people.vault.crypto import derive, fingerprint
from securebase.people.vault.keys import wrapping_key

if TYPE_CHECKING:
    from securebase.people.accounts.models import User
    from securebase.people.audit.verbs import Verb

START = b"\x00" * 32
LOCK = 727_001
"""Number of the PostgreSQL advisory lock that lets one writer at a time add a link."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how it looks."""

    number: int
    problem: str


@transaction.atomic
def record(
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    patient: UUID | None = None,
    about: models.Model | None = None,
    reason: str = "",
    outcome: str = AuditEvent.Outcome.DONE,
) -> AuditEvent:
    """Add one row to the trail, inside the transaction of what it tells of."""
    _one_writer()
    last = AuditEvent.objects.order_by("-number").values_list("number", "link").first()
    number, before = (last[0] + 1, bytes(last[1])) if last else (1, START)
    event = AuditEvent(
        number=number,
        at=at.astimezone(UTC),
        actor=by.pk if by else None,
        verb=verb.value,
        outcome=outcome,
        patient=patient,
        object_type=about._meta.label_lower if about else "",
        object_id=str(about.pk) if about else "",
        reason=reason,
    )
    event.link = _link(before, event)
    event.save(force_insert=True)
    return event


def breaks() -> Iterator[Break]:
    """Walk the chain from its first row and yield every place where it does not hold."""
    before, expected = START, 1
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            yield Break(event.number, f"row {expected} is missing")
        elif bytes(event.link) != _link(before, event):
            yield Break(event.number, "this row or the one before it was changed")
        before, expected = bytes(event.link), event.number + 1


def _one_writer() -> None:
    """On PostgreSQL wait for the other writer; SQLite lets only one in anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _link(before: bytes, event: AuditEvent) -> bytes:
    row = [
        before.hex(),
        event.number,
        event.at.astimezone(UTC).isoformat(),
        str(event.actor),
        event.verb,
        event.outcome,
        str(event.patient),
        event.object_type,
        event.object_id,
        event.reason,
        str(event.request),
    ]
    return fingerprint(_chain_key(), json.dumps(row, separators=(",", ":")))


def _chain_key() -> bytes:
    return _derived(wrapping_key())


@lru_cache(maxsize=4)
def _derived(key: bytes) -> bytes:
    return derive(key, "securebase audit v1")
