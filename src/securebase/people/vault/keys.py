"""The ring of data keys: made on first use, unwrapped once a process, fetched in bulk.

A key made in a transaction is remembered for good only when that transaction commits.
Otherwise a rolled-back key, which the database never saw, would seal text that nobody
can open again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from securebase.people.vault import crypto
from securebase.people.vault.models import DataKey

PRACTICE = UUID(int=0)
MOST_KEPT = 20_000
"""Unwrapped keys kept in memory; about 2 MB."""

_kept: dict[UUID, bytes] = {}
_lock = threading.Lock()


class _Pending(threading.local):
    """Keys made in this thread's open transaction, each with its commit callback."""

    def __init__(self) -> None:
        self.keys: dict[UUID, tuple[bytes, Callable[[], None]]] = {}


_pending = _Pending()


@lru_cache(maxsize=4)
def _wrapping_key(path: Path) -> bytes:
    return crypto.derive(crypto.read_root_key(path), "securebase wrap v1")


def wrapping_key() -> bytes:
    """Return the key that wraps data keys, read once from the key file."""
    return _wrapping_key(Path(settings.SECUREBASE_KEY_FILE))


def forget_keys() -> None:
    """Drop every unwrapped key from memory: after erasure, rotation, and between tests."""
    with _lock:
        _kept.clear()
    _pending.keys.clear()
    _wrapping_key.cache_clear()
    _subkey.cache_clear()


def hold_keys(owners: Iterable[UUID]) -> None:
    """Unwrap the keys of many owners with one query, before a page opens their names."""
    missing = {owner for owner in owners if _remembered(owner) is None}
    if not missing:
        return
    for row in DataKey.objects.filter(owner__in=missing):
        _keep(row.owner, _unwrap(row))


def key_of(owner: UUID) -> bytes:
    """Return the data key of ``owner``; KeyMissing if it never existed or is destroyed."""
    key = _remembered(owner)
    if key is None:
        row = DataKey.objects.filter(owner=owner).first()
        if row is None:
            raise crypto.KeyMissing("The key of this record is gone; its text is erased.")
        key = _unwrap(row)
        _keep(owner, key)
    return key


def key_for_sealing(owner: UUID) -> bytes:
    """Return the data key of ``owner``, made now if this is the first text for them."""
    try:
        return key_of(owner)
    except crypto.KeyMissing:
        return _make(owner)


def subkey(owner: UUID, category: str, *, sealing: bool = False) -> bytes:
    """Return the key for one category of one owner's text."""
    return _subkey(key_for_sealing(owner) if sealing else key_of(owner), category)


@lru_cache(maxsize=4 * MOST_KEPT)
def _subkey(key: bytes, category: str) -> bytes:
    return crypto.derive(key, f"securebase {category} v1")


def _make(owner: UUID) -> bytes:
    key = crypto.new_key()
    wrapped = crypto.seal(wrapping_key(), key, bound_to=owner.bytes)
    with transaction.atomic():
        row, made = DataKey.objects.get_or_create(owner=owner, defaults={"wrapped": wrapped})
    if not made:
        return _unwrap(row)

    def settle() -> None:
        _pending.keys.pop(owner, None)
        _keep(owner, key)

    _pending.keys[owner] = (key, settle)
    transaction.on_commit(settle)
    return key


def _remembered(owner: UUID) -> bytes | None:
    """Return a key known to be in the database, or made in the transaction still open."""
    if owner in _pending.keys:
        key, settle = _pending.keys[owner]
        if any(entry[1] is settle for entry in connection.run_on_commit):
            return key
        del _pending.keys[owner]
    return _kept.get(owner)


def _unwrap(row: DataKey) -> bytes:
    return crypto.unseal(wrapping_key(), bytes(row.wrapped), bound_to=row.owner.bytes)


def _keep(owner: UUID, key: bytes) -> None:
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[owner] = key
