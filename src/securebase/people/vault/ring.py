"""What every process must agree on about keys: which are in force, and who changes them.

Whoever changes keys works alone; whoever makes the first key of somebody shares. Each
change moves a number in the database, by which a process notices that what it remembers
is old.
"""

from __future__ import annotations

import threading

from django.db import connection, transaction
from django.db.models import F

from securebase.people.vault.models import RingVersion

LOCK = 727_002
"""Number of the PostgreSQL advisory lock; SQLite lets only one write in anyway."""


class _Looked(threading.local):
    """Whether this thread must ask again before it trusts what is remembered."""

    again = False


_looked = _Looked()


def alone() -> None:
    """Wait until nobody makes or changes keys; until the end of this transaction."""
    _lock("pg_advisory_xact_lock")


def sharing() -> None:
    """Wait until nobody changes keys; others may make new ones beside this."""
    _lock("pg_advisory_xact_lock_shared")


def moved() -> None:
    """Tell every process that what it remembers of keys is old."""
    if not RingVersion.objects.filter(pk=1).update(number=F("number") + 1):
        RingVersion.objects.create(pk=1)


def version() -> int:
    """Return how often keys were changed."""
    return RingVersion.objects.values_list("number", flat=True).filter(pk=1).first() or 0


def look_again() -> None:
    """Ask once more before this thread next trusts a key it remembers."""
    _looked.again = True


def must_look(*, sealing: bool) -> bool:
    """Whether to ask now; before sealing that is once in every transaction."""
    if _looked.again:
        _looked.again = False
        return True
    if not sealing:
        return False
    if not connection.in_atomic_block:
        return True
    if any(entry[1] is _looked_in_this for entry in connection.run_on_commit):
        return False
    transaction.on_commit(_looked_in_this)
    return True


def _looked_in_this() -> None:
    """Mark a transaction in which the number was asked; at its end there is nothing to do."""


def _lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])
