"""The ring of data keys: made on first use, unwrapped once a process, fetched in bulk.

A key made in a transaction is remembered for good only when that transaction commits.
Otherwise a rolled-back key, which the database never saw, would seal text that nobody
can open again. What is remembered is trusted for one request, and for sealing within one
transaction; then the ring's number is asked again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction

from securebase.people.vault import crypto, homes, ring
from securebase.people.vault.models import DataKey, ErasedOwner, PracticeKey

PRACTICE = UUID(int=0)
TRAIL = UUID(int=1)
"""Owner of the key that links the trail; no rotation changes it, or no link would hold."""
FIRST_LINKS = UUID(int=2)
"""Owner of what linked the trail before it had a key of its own."""
NEVER_ROTATED = frozenset({TRAIL, FIRST_LINKS})
MOST_KEPT = 20_000
"""Owners whose unwrapped keys are kept in memory; about 2 MB."""

Generations = dict[int, bytes]

_kept: dict[UUID, Generations] = {}
_practice: dict[int, bytes] = {}
_known: dict[str, int] = {}
_lock = threading.Lock()


class _Pending(threading.local):
    """Keys made in this thread's open transaction, each with its commit callback."""

    def __init__(self) -> None:
        self.keys: dict[UUID, tuple[bytes, Callable[[], None]]] = {}


_pending = _Pending()


def forget_keys() -> None:
    """Drop every unwrapped key from memory: after erasure, rotation, and between tests."""
    with _lock:
        _kept.clear()
        _practice.clear()
        _known.clear()
    _pending.keys.clear()
    _subkey.cache_clear()


def hold_keys(owners: Iterable[UUID]) -> None:
    """Unwrap the keys of many owners with one query, before a page opens their names."""
    _look_if_due(sealing=False)
    missing = {owner for owner in owners if _remembered(owner) is None}
    if not missing:
        return
    found: dict[UUID, Generations] = defaultdict(dict)
    for row in DataKey.objects.filter(owner__in=missing).select_related("practice_key"):
        found[row.owner][row.generation] = open_row(row)
    for owner, generations in found.items():
        _keep(owner, generations)


def key_of(owner: UUID, generation: int | None = None) -> bytes:
    """Return a data key of ``owner``, the one in force if no generation is named.

    KeyErased says that it was destroyed on purpose, KeyMissing that there is none.
    """
    _look_if_due(sealing=False)
    generations = _remembered(owner)
    if generations is None or (generation is not None and generation not in generations):
        generations = _fetch(owner)
    key = generations.get(generation or max(generations, default=0))
    if key is None:
        raise _absent(owner)
    return key


def keys_of(owner: UUID) -> Generations:
    """Return every data key of ``owner`` by generation; empty if there is none."""
    _look_if_due(sealing=False)
    return dict(_remembered(owner) or _fetch(owner))


def key_in_force(owner: UUID) -> tuple[int, bytes]:
    """Return generation and key to seal with, made now if it is the first text for them."""
    _look_if_due(sealing=True)
    generations = _remembered(owner) or _fetch(owner) or {crypto.FIRST: _make(owner)}
    newest = max(generations)
    return newest, generations[newest]


def key_for_sealing(owner: UUID) -> bytes:
    """Return the data key of ``owner`` to seal with, made now if there is none."""
    return key_in_force(owner)[1]


def subkey(owner: UUID, category: str, *, sealing: bool = False) -> bytes:
    """Return the key in force for one category of one owner's text."""
    return category_key(key_for_sealing(owner) if sealing else key_of(owner), category)


def category_key(key: bytes, category: str) -> bytes:
    """Return the subkey of a data key for one category of text."""
    return _subkey(key, category)


@lru_cache(maxsize=4 * MOST_KEPT)
def _subkey(key: bytes, category: str) -> bytes:
    return crypto.derive(key, f"securebase {category} v1")


def wrapping_key() -> bytes:
    """Return what linked the trail before it had a key of its own; it wraps nothing now."""
    try:
        return key_of(FIRST_LINKS)
    except crypto.KeyMissing:
        establish()
        return key_of(FIRST_LINKS)


def open_row(row: DataKey) -> bytes:
    """Return the data key a row holds, or SealBroken."""
    wrapped = bytes(row.wrapped)
    if row.practice_key is None:
        return crypto.unseal(_first_wrap(homes.root_key()), wrapped, bound_to=row.owner.bytes)
    numbered = wrapped[:1] != crypto.UNNUMBERED
    place = _place(row.owner, row.generation) if numbered else row.owner.bytes
    return crypto.unseal(practice_key(row.practice_key), wrapped, bound_to=place)


def wrap(key: bytes, *, owner: UUID, generation: int, by: PracticeKey) -> bytes:
    """Return a data key wrapped by a practice key, for exactly this owner."""
    place = _place(owner, generation)
    return crypto.seal(practice_key(by), key, bound_to=place, number=by.number)


def practice_key(row: PracticeKey) -> bytes:
    """Return the practice key a row holds, unwrapped once by the root key."""
    key = _practice.get(row.number)
    if key is None:
        root = root_in_force(row)
        key = crypto.unseal(root, bytes(row.wrapped), bound_to=_practice_place(row.number))
        _practice[row.number] = key
    return key


def wrap_practice(number: int, key: bytes, root: bytes) -> dict[str, bytes]:
    """Return how a row keeps a practice key wrapped by a root key."""
    mark = crypto.mark_of(root)
    which = int.from_bytes(mark[: crypto.NUMBER_BYTES], "big")
    wrapped = crypto.seal(root, key, bound_to=_practice_place(number), number=which)
    return {"wrapped": wrapped, "mark": mark}


def root_in_force(row: PracticeKey | None = None) -> bytes:
    """Return the root key the database was wrapped by; WrongKey if it is not here."""
    row = row or practice_in_force()
    for root in homes.candidates():
        if crypto.mark_of(root) == bytes(row.mark):
            return root
    raise crypto.WrongKey(
        f"{homes.key_path()} is not the key of this database. Put the right key back, "
        "or point SECUREBASE_KEY_FILE at it."
    )


def root_of_backups() -> bytes:
    """Return the root key to back up with, also where tables are older than practice keys."""
    if PracticeKey._meta.db_table in connection.introspection.table_names():
        row = PracticeKey.objects.first()
        if row is not None:
            return root_in_force(row)
    return homes.root_key()


def practice_in_force() -> PracticeKey:
    """Return the practice key that wraps new keys."""
    return PracticeKey.objects.first() or establish()


@transaction.atomic
def establish() -> PracticeKey:
    """Make the practice key, and take in the data keys of a version that had none."""
    ring.alone()
    there = PracticeKey.objects.first()
    if there is not None:
        return there
    root = homes.root_key()
    oldest = DataKey.objects.filter(practice_key=None).first()
    key = crypto.new_key()
    if oldest is not None:
        _check_opens(oldest)
        key = _first_wrap(root)
    row = PracticeKey.objects.create(number=1, **wrap_practice(1, key, root))
    DataKey.objects.filter(practice_key=None).update(practice_key=row)
    linked = wrap(key, owner=FIRST_LINKS, generation=crypto.FIRST, by=row)
    DataKey.objects.get_or_create(
        owner=FIRST_LINKS,
        generation=crypto.FIRST,
        defaults={"wrapped": linked, "practice_key": row},
    )
    transaction.on_commit(_practice.clear)
    return row


def _check_opens(row: DataKey) -> None:
    try:
        open_row(row)
    except crypto.SealBroken as problem:
        raise crypto.WrongKey(
            f"{homes.key_path()} is not the key of this database. Put the right key back, "
            "or point SECUREBASE_KEY_FILE at it."
        ) from problem


def _first_wrap(root: bytes) -> bytes:
    """Return what wrapped data keys before there was a practice key."""
    return crypto.derive(root, "securebase wrap v1")


def _place(owner: UUID, generation: int) -> bytes:
    return owner.bytes + generation.to_bytes(crypto.NUMBER_BYTES, "big")


def _practice_place(number: int) -> bytes:
    return f"practice key {number}".encode()


def _fetch(owner: UUID) -> Generations:
    rows = DataKey.objects.filter(owner=owner).select_related("practice_key")
    generations = {row.generation: open_row(row) for row in rows}
    if generations:
        _keep(owner, generations)
    return generations


def _make(owner: UUID) -> bytes:
    key, by = crypto.new_key(), practice_in_force()
    with transaction.atomic():
        ring.sharing()
        if ErasedOwner.objects.filter(owner=owner).exists():
            raise _absent(owner)
        by = practice_in_force()
        row, made = DataKey.objects.get_or_create(
            owner=owner,
            generation=crypto.FIRST,
            defaults={
                "wrapped": wrap(key, owner=owner, generation=crypto.FIRST, by=by),
                "practice_key": by,
            },
        )
    if not made:
        return open_row(row)

    def settle() -> None:
        _pending.keys.pop(owner, None)
        _keep(owner, {crypto.FIRST: key})

    _pending.keys[owner] = (key, settle)
    transaction.on_commit(settle)
    return key


def _absent(owner: UUID) -> crypto.KeyMissing:
    gone = ErasedOwner.objects.filter(owner=owner).first()
    if gone is not None:
        return crypto.KeyErased(f"The key was destroyed on {gone.at:%d %b %Y}; it is erased.")
    return crypto.KeyMissing("There is no key for this text.")


def _look_if_due(*, sealing: bool) -> None:
    """Ask the ring's number where that is due, and forget everything if it moved."""
    if not ring.must_look(sealing=sealing):
        return
    now = ring.version()
    with _lock:
        if _known.get("version") != now:
            _kept.clear()
            _practice.clear()
            _subkey.cache_clear()
        _known["version"] = now


def _remembered(owner: UUID) -> Generations | None:
    """Return keys known to be in the database, or made in the transaction still open."""
    if owner in _pending.keys:
        key, settle = _pending.keys[owner]
        if any(entry[1] is settle for entry in connection.run_on_commit):
            return {crypto.FIRST: key}
        del _pending.keys[owner]
    return _kept.get(owner)


def _keep(owner: UUID, generations: Generations) -> None:
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[owner] = generations
