"""Sealing every sealed value anew: each column of each table, found by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from securebase.people.vault import blind, crypto, keys, sealing
from securebase.people.vault.fields import Sealed, SealedText

AT_ONCE = 500
"""Rows sealed anew in one transaction; people who write wait no longer than for these."""

Row = tuple[Any, Any, Sealed | None]
"""Key, owner and sealed value of one row."""
Change = tuple[Any, bytes, bytes]
"""Key of the row, what takes its place, what was read."""


@dataclass(slots=True)
class Resealed:
    """What one sweep over everything found."""

    values: int = 0
    unreadable: int = 0
    stuck: set[UUID] = field(default_factory=set)
    """Owners of values that did not open; an old key may still be needed for them."""


def sealed_columns() -> Iterator[SealedText]:
    """Yield every sealed column there is; one that is added later is found too."""
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, SealedText) and model._meta.managed:
                yield column


def reseal_everything(between: Callable[[], None]) -> Resealed:
    """Bring every sealed value under the key in force of its owner."""
    found = Resealed()
    for column in sealed_columns():
        for rows in _pages(column):
            changes = [change for row in rows if (change := _change(column, row, found))]
            if changes:
                found.values += _write(column, changes)
            between()
    return found


def rebuild_index() -> int:
    """Bring the blind index up to date with every indexed value; return how many."""
    count = 0
    for column in sealed_columns():
        for rows in _pages(column) if column.indexed else ():
            for pk, owner, value in rows:
                if value is not None:
                    count += _index(column, pk, owner, value)
    return count


def _index(column: SealedText, pk: UUID, owner: UUID, value: Sealed) -> int:
    try:
        place = column.place(pk)
        text = sealing.open_for(owner, column.category, value.data, bound_to=place)
    except crypto.VaultError:
        return 0
    blind.keep(column.label, owner, text.decode())
    return 1


def _pages(column: SealedText) -> Iterator[list[Row]]:
    """Yield the rows of a table in the order of its key, some at a time, keys at hand."""
    owner = [] if column.owner == "practice" else [column.owner.replace(".", "__")]
    wanted = column.model._base_manager.order_by("pk").values_list("pk", *owner, column.attname)
    last = None
    while True:
        found = list((wanted if last is None else wanted.filter(pk__gt=last))[:AT_ONCE])
        if not found:
            return
        rows = [(row[0], row[1] if owner else keys.PRACTICE, row[-1]) for row in found]
        keys.hold_keys(row[1] for row in rows)
        yield rows
        last = rows[-1][0]


def _change(column: SealedText, row: Row, found: Resealed) -> Change | None:
    """Return what is to be written for one row; None if there is nothing to do."""
    pk, owner, value = row
    if value is None:
        return None
    place = column.place(pk)
    try:
        generation = max(keys.keys_of(owner), default=0)
        if value.data[:1] == crypto.NUMBERED and crypto.number_of(value.data) == generation:
            return None
        anew = sealing.renewed(owner, column.category, value.data, bound_to=place)
    except crypto.KeyErased:
        return None
    except crypto.VaultError:
        found.unreadable += 1
        found.stuck.add(owner)
        return None
    return pk, anew, value.data


@transaction.atomic
def _write(column: SealedText, changes: list[Change]) -> int:
    """Replace values that are still the ones read; rows somebody is writing are left out.

    Those are sealed under the new key by whoever writes them, or found by the next sweep.
    """
    model = column.model
    if connection.vendor == "postgresql":
        asked = model._base_manager.filter(pk__in=[change[0] for change in changes])
        free = asked.select_for_update(skip_locked=True, no_key=True)
        mine = set(free.values_list("pk", flat=True))
        changes = [change for change in changes if change[0] in mine]
    name, key = connection.ops.quote_name, model._meta.pk
    table, target = name(model._meta.db_table), name(str(column.column))
    statement = (
        f"UPDATE {table} SET {target} = %s "  # noqa: S608
        f"WHERE {name(str(key.column))} = %s AND {target} = %s"
    )
    held: Any = connection
    binary = held.Database.Binary
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                (binary(anew), key.get_db_prep_value(pk, connection), binary(read))
                for pk, anew, read in changes
            ],
        )
    return len(changes)
