"""New keys for old, while people read and write; killed anywhere, it is taken up again.

Root: the practice key is wrapped anew. Practice: every data key is wrapped anew. Data:
every owner gets a new data key, every sealed value is sealed anew under it, and then the
old data keys are destroyed. A value is only ever replaced if it is still the one that
was read, so what somebody saves meanwhile is never overwritten; and old keys go only
after everybody who might still seal under them is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from securebase.people.vault import crypto, homes, keys, ring
from securebase.people.vault.models import DataKey, PracticeKey, Rotation
from securebase.people.vault.resealing import reseal_everything

AT_ONCE = 500
SETTLING = 10.0
"""Seconds in which whoever read a value before it was sealed anew is done with it."""
LOOK_AGAIN = 0.2

Between = Callable[[], None]
"""Called between any two steps; a test stops a rotation here."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did."""

    keys: int = 0
    """Keys made or wrapped anew."""
    values: int = 0
    """Sealed values sealed anew."""
    unreadable: int = 0
    """Sealed values that did not open; their keys are kept."""


def nothing() -> None:
    """Do nothing between two steps."""


def rotate_root(
    *, at: datetime, passphrase: str | None = None, between: Between = nothing
) -> Rotated:
    """Put a new root key in the place of the old one and wrap the practice keys with it."""
    rotation = _begin(Rotation.Kind.ROOT, at, after=0)
    if not rotation.after:
        homes.prepare_next(passphrase)
        between()
        _wrap_practice_keys(rotation)
        between()
    if homes.next_path().exists():
        homes.take_next()
        between()
    _end(rotation, at)
    return Rotated(keys=PracticeKey.objects.count())


@transaction.atomic
def _wrap_practice_keys(rotation: Rotation) -> None:
    """Wrap them with the waiting root key; that it is done is part of the same act."""
    ring.alone()
    root = homes.prepare_next(None)
    for row in PracticeKey.objects.all():
        wrapped = keys.wrap_practice(row.number, keys.practice_key(row), root)
        row.wrapped, row.mark = wrapped["wrapped"], wrapped["mark"]
        row.save()
    Rotation.objects.filter(pk=rotation.pk).update(after=1)
    ring.moved()


def rotate_practice(*, at: datetime, between: Between = nothing) -> Rotated:
    """Make a new practice key, wrap every data key with it, and destroy the old one."""
    rotation = _begin(Rotation.Kind.PRACTICE, at, after=keys.practice_in_force().number)
    between()
    by = _new_practice_key(rotation.after)
    count = 0
    while True:
        between()
        done = _wrap_some(by)
        count += done
        if not done and _destroy_practice_keys(by):
            break
    between()
    _end(rotation, at)
    return Rotated(keys=count)


@transaction.atomic
def _new_practice_key(after: int) -> PracticeKey:
    ring.alone()
    newest = keys.practice_in_force()
    if newest.number > after:
        return newest
    number = newest.number + 1
    wrapped = keys.wrap_practice(number, crypto.new_key(), keys.root_in_force(newest))
    ring.moved()
    return PracticeKey.objects.create(number=number, **wrapped)


@transaction.atomic
def _wrap_some(by: PracticeKey) -> int:
    """Wrap some data keys with the new practice key; return how many."""
    ring.alone()
    rows = DataKey.objects.exclude(practice_key=by).select_related("practice_key")
    some = list(rows[:AT_ONCE])
    for row in some:
        key = keys.open_row(row)
        row.wrapped = keys.wrap(key, owner=row.owner, generation=row.generation, by=by)
        row.practice_key = by
    DataKey.objects.bulk_update(some, ["wrapped", "practice_key"])
    return len(some)


@transaction.atomic
def _destroy_practice_keys(by: PracticeKey) -> bool:
    """Destroy every older practice key, unless a data key was wrapped with one meanwhile."""
    ring.alone()
    if DataKey.objects.exclude(practice_key=by).exists():
        return False
    PracticeKey.objects.filter(number__lt=by.number).delete()
    ring.moved()
    return True


def rotate_data(
    *,
    at: datetime,
    others: Callable[[], int] = int,
    settle: Callable[[], None] | None = None,
    between: Between = nothing,
) -> Rotated:
    """Give every owner a new data key, seal everything anew, destroy the old keys.

    Parameters
    ----------
    at : datetime
        When it is begun.
    others : callable
        Seals anew what is not in a ``SealedText`` field, and returns how many values.
    settle : callable, optional
        Waits until nobody seals under an old key any more.
    between : callable
        Called between any two steps.
    """
    newest = DataKey.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rotation = _begin(Rotation.Kind.DATA, at, after=newest)
    between()
    count = 0
    while done := _renew_some(rotation):
        count += done
        between()
    keys.forget_keys()
    values = others()
    between()
    values += reseal_everything(between).values
    (settle or settled)()
    values += others()
    last = reseal_everything(between)
    while destroyed := _destroy_some(rotation, but=last.stuck):
        count += destroyed
        between()
    _end(rotation, at)
    return Rotated(keys=count, values=values + last.values, unreadable=last.unreadable)


@transaction.atomic
def _renew_some(rotation: Rotation) -> int:
    """Make the next generation for some owners who have none of this rotation."""
    ring.alone()
    by = keys.practice_in_force()
    some = list(_old_owners(rotation)[:AT_ONCE])
    made = [_next(owner, newest + 1, by) for owner, newest in some]
    DataKey.objects.bulk_create(made)
    ring.moved()
    return len(made)


def _old_owners(rotation: Rotation) -> QuerySet[DataKey, Any]:
    found = DataKey.objects.exclude(owner__in=keys.NEVER_ROTATED).order_by("owner")
    newest = found.values("owner").annotate(last=Max("pk"), newest=Max("generation"))
    return newest.filter(last__lte=rotation.after).values_list("owner", "newest")


def _next(owner: UUID, generation: int, by: PracticeKey) -> DataKey:
    wrapped = keys.wrap(crypto.new_key(), owner=owner, generation=generation, by=by)
    return DataKey(owner=owner, generation=generation, wrapped=wrapped, practice_key=by)


@transaction.atomic
def _destroy_some(rotation: Rotation, *, but: set[UUID]) -> int:
    """Destroy keys that a newer one has replaced.

    The practice keeps the one before its newest until the next time: mail that waits to
    be sent was sealed under it.
    """
    ring.alone()
    newer = DataKey.objects.filter(
        owner=OuterRef("owner"), generation__gt=OuterRef("generation")
    )
    old = DataKey.objects.filter(Exists(newer), pk__lte=rotation.after)
    spared = {*but, keys.PRACTICE}
    some = list(old.exclude(owner__in=spared).values_list("pk", flat=True)[:AT_ONCE])
    some += _older_practice(but)
    DataKey.objects.filter(pk__in=some).delete()
    ring.moved()
    keys.forget_keys()
    return len(some)


def _older_practice(but: set[UUID]) -> Iterator[int]:
    if keys.PRACTICE in but:
        return iter(())
    held = DataKey.objects.filter(owner=keys.PRACTICE).order_by("-generation")
    return islice(held.values_list("pk", flat=True).iterator(), 2, None)


def settled() -> None:
    """Wait until whoever began before now is done, and a while longer."""
    if connection.vendor == "postgresql":
        _wait_for_transactions()
    time.sleep(SETTLING)


def _wait_for_transactions() -> None:
    """Wait until every transaction that had begun has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (begun,) = cursor.fetchone()
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= begun:
                return
            time.sleep(LOOK_AGAIN)


@transaction.atomic
def _begin(kind: Rotation.Kind, at: datetime, *, after: int) -> Rotation:
    """Return the rotation of this kind that is under way, or a new one."""
    ring.alone()
    keys.practice_in_force()
    rotation, _ = Rotation.objects.get_or_create(
        kind=kind, ended_at=None, defaults={"began_at": at, "after": after}
    )
    return rotation


def _end(rotation: Rotation, at: datetime) -> None:
    Rotation.objects.filter(pk=rotation.pk).update(ended_at=at)
    keys.forget_keys()
