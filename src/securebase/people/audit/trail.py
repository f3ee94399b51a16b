"""Writing to the trail and checking that nobody rewrote it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from uuid import UUID

from django.db import connection, models, transaction

from securebase.people.audit.chain import (
    FORMAT,
    START,
    Break,
    Heads,
    Row,
    key_id_of,
    link_of,
    walk,
)
from securebase.people.audit.kinds import category_of, role_used
from securebase.people.audit.models import AuditEvent
from securebase.people.vault.crypto import KeyMissing, derive
from securebase.people.vault.keys import subkey, wrapping_key

if TYPE_CHECKING:
    from securebase.people.accounts.models import User
    from securebase.people.audit.verbs import Verb

LOCK = 727_001
"""Number of the PostgreSQL advisory lock that lets one writer at a time add a link."""
OWNER = UUID(int=1)
"""Owner of the data key that links are made with; a new root key leaves it the same."""
AT_ONCE = 2000

__all__ = ["Break", "Extra", "breaks", "chain_keys", "record", "row_of", "rows"]


class Extra(TypedDict, total=False):
    """What a caller knows better than the verb: role, kind, purpose, and for whom it was."""

    role: str
    category: str
    purpose: str
    on_behalf_of: UUID | None


@transaction.atomic(savepoint=False)
def record(
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    patient: UUID | None = None,
    about: models.Model | None = None,
    reason: str = "",
    outcome: str = AuditEvent.Outcome.DONE,
    **extra: Unpack[Extra],
) -> AuditEvent:
    """Add one row to the trail, inside the transaction of what it tells of."""
    lock()
    last = AuditEvent.objects.order_by("-number").values_list("number", "link").first()
    number, before = (last[0] + 1, bytes(last[1])) if last else (1, START)
    key = _chain_key()
    role = extra.get("role") or (role_used(verb, by.roles) if by else "")
    event = AuditEvent(
        number=number,
        at=at.astimezone(UTC),
        actor=by.pk if by else None,
        on_behalf_of=extra.get("on_behalf_of"),
        role=role,
        verb=verb.value,
        category=extra.get("category") or category_of(verb).value,
        purpose=extra.get("purpose") or _purpose(role),
        outcome=outcome,
        patient=patient,
        object_type=about._meta.label_lower if about else "",
        object_id=str(about.pk) if about else "",
        reason=reason,
        key_id=_key_id(key),
        format=FORMAT,
    )
    event.link = link_of(row_of(event), before, key)
    event.save(force_insert=True)
    return event


def breaks(*, heads: Heads | None = None) -> Iterator[Break]:
    """Walk the chain from its first row and yield every place where it does not hold."""
    return walk(rows(), keys=chain_keys(), heads=heads or {})


def rows(*, after: int = 0) -> Iterator[Row]:
    """Yield the rows of the trail in order, from the one after a number.

    Some at a time, each lot read to its end: an open cursor on SQLite would keep everybody
    from writing for as long as the whole walk takes.
    """
    found = AuditEvent.objects.order_by("number").values_list(*Row._fields)
    while lot := list(found.filter(number__gt=after)[:AT_ONCE]):
        yield from map(_row, lot)
        after = lot[-1][0]


def row_of(event: AuditEvent) -> Row:
    """Return a row as text, as it is linked and written out."""
    return _row([getattr(event, name) for name in Row._fields])


def chain_keys() -> dict[str, bytes]:
    """Return the keys that links are made with, by their id; "" is that of format 1."""
    keys = {"": _first_key(wrapping_key())}
    with suppress(KeyMissing):
        key = subkey(OWNER, "trail")
        keys[_key_id(key)] = key
    return keys


def lock() -> None:
    """On PostgreSQL wait for the other writer; SQLite lets only one in anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _purpose(role: str) -> str:
    if role == "patient":
        return AuditEvent.Purpose.OWN
    return AuditEvent.Purpose.RUNNING if role in ("", "host") else AuditEvent.Purpose.CARE


def _row(values: Any) -> Row:
    number, at, *texts, form, link = values
    moment, said = at.astimezone(UTC).isoformat(), ["" if t is None else str(t) for t in texts]
    # A link that is still to be made is empty.
    return Row._make([number, moment, *said, form, bytes(link or b"").hex()])


def _chain_key() -> bytes:
    """Return the key of new links; it is made once and no rotation changes it."""
    try:
        return subkey(OWNER, "trail")
    except KeyMissing:
        return subkey(OWNER, "trail", sealing=True)


_key_id = lru_cache(maxsize=4)(key_id_of)


@lru_cache(maxsize=4)
def _first_key(key: bytes) -> bytes:
    return derive(key, "securebase audit v1")
