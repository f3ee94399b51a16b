"""Six ways to tamper with the trail, done by somebody who owns the database.

Each takes the guard away first, as such a person can, and puts it back to hide it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace

from securebase.people.audit.guard import lifted
from securebase.people.audit.models import Anchor, AuditEvent
from securebase.people.audit.trail import record
from securebase.people.audit.verbs import Verb


def edit(number: int = 2) -> None:
    """Say that somebody else was there."""
    with lifted():
        AuditEvent.objects.filter(number=number).update(actor=uuid.uuid4())


def delete(number: int = 2) -> None:
    """Take one row out."""
    with lifted():
        AuditEvent.objects.filter(number=number).delete()


def insert(number: int = 2) -> None:
    """Put an invented row between two others, and number the rest anew."""
    with lifted():
        for event in AuditEvent.objects.filter(number__gte=number).order_by("-number"):
            AuditEvent.objects.filter(pk=event.pk).update(number=event.number + 1)
        one = AuditEvent.objects.get(number=number + 1)
        one.pk, one.number, one.link = None, number, b"\x07" * 32
        one.save(force_insert=True)


def reorder(number: int = 2) -> None:
    """Let two rows change places."""
    with lifted():
        for old, new in ((number, -1), (number + 1, number), (-1, number + 1)):
            AuditEvent.objects.filter(number=old).update(number=new)


def truncate(last: int = 2) -> None:
    """Cut off the end, and every anchor in the table that would tell."""
    with lifted():
        AuditEvent.objects.filter(number__gt=last).delete()
        Anchor.objects.filter(number__gt=last).delete()


def rewrite() -> None:
    """Write the whole chain anew with the right key; somebody was never there."""
    with lifted():
        kept = list(AuditEvent.objects.all())
        kept[1].actor = uuid.uuid4()
        AuditEvent.objects.all().delete()
        Anchor.objects.all().delete()
    for event in kept:
        by = SimpleNamespace(pk=event.actor, roles=frozenset({event.role}))
        record(Verb(event.verb), by=by, at=event.at, patient=event.patient)  # type: ignore[arg-type]


WAYS: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (edit, delete, insert, reorder, truncate, rewrite)
}
