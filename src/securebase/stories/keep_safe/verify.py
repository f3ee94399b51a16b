"""Is everything still what it was? Read-only, with the server running.

The database as a whole, the chain of the trail, every key, and sealed text that must
open: each is looked at in one still moment. Words here name tables and rows, never what
is written in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.migrations.executor import MigrationExecutor

from securebase.people.audit import anchors
from securebase.people.audit.guard import unguarded
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks
from securebase.people.vault.crypto import VaultError
from securebase.people.vault.fields import SealedText
from securebase.people.vault.keys import open_row
from securebase.people.vault.models import DataKey
from securebase.stories.keep_safe.manifest import (
    Manifest,
    count_tables,
    schema_in_use,
    tables_at,
)
from securebase.stories.keep_safe.moment import one_moment
from securebase.stories.keep_safe.refusals import AnotherVersion
from securebase.stories.keep_safe.rows import AT_ONCE

SAMPLE = 500
"""Sealed values opened in each column unless all are asked for."""
MOST_SAID = 20
"""Problems named of each kind; more are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what is wrong with it."""

    name: str
    says: str
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)


def verify(
    *,
    every_value: bool = False,
    since: Manifest | None = None,
    heads: Iterable[tuple[int, str]] = (),
) -> list[Finding]:
    """Look at database, trail, keys and sealed text.

    Parameters
    ----------
    every_value : bool
        Open every sealed value, not a sample spread evenly over each column.
    since : Manifest, optional
        What an earlier backup consisted of. The trail must still hold the row it ended
        with then: a chain alone cannot show that its end was cut off.
    heads : iterable of (int, str)
        Anchors kept elsewhere, from a mail or from paper, to compare the trail with.
    """
    # Read first: every row that the file speaks of is then in the moment that is seen.
    written = anchors.read(anchors.log_file())
    with one_moment():
        whole = _database()
        if whole.problems:
            return [whole]
        _check_up_to_date()
        trail = _trail(since, written, heads)
        return [whole, trail, _keys(), _sealed_text(every_value=every_value)]


def verify_scratch(*, since: Manifest) -> list[Finding]:
    """Look in the same way at a restored copy that nobody writes to.

    Anchors written after it was backed up speak of rows that it cannot hold.
    """
    written = [
        head for head in anchors.read(anchors.log_file()) if head.number <= since.trail_number
    ]
    return [_database(), _trail(since, written, ()), _keys(), _sealed_text(every_value=False)]


def is_up_to_date() -> bool:
    """Whether the connected database has every table as this program wants it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _check_up_to_date() -> None:
    if not is_up_to_date():
        raise AnotherVersion(
            "The tables are older than this program. Start the practice once with "
            "securebase serve, which brings them up to date, then verify again."
        )


def _database() -> Finding:
    damage = _sqlite if connection.vendor == "sqlite" else _postgresql
    try:
        found = list(islice(damage(), MOST_SAID))
        if not found:
            return _all_rows()
    except DatabaseError as problem:
        found = [f"it cannot be read: {problem}"]
    return Finding("Database", "It is damaged.", tuple(found))


def _all_rows() -> Finding:
    manifest = count_tables(tables_at(schema_in_use()))
    says = f"Whole: {manifest.rows} rows in {len(manifest.tables)} tables can be read."
    return Finding("Database", says)


def _sqlite() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (said,) in cursor.fetchall():
            if said != "ok":
                yield str(said)
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, other, _ in cursor.fetchall():
            yield f"{table}: row {row} points to a row of {other} that is not there"


def _postgresql() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        for (name,) in cursor.fetchall():
            yield f"the index {name} is not valid"
        cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
        for (name,) in cursor.fetchall():
            yield f"the rule {name} is not enforced on all rows"


def _trail(
    since: Manifest | None, written: list[anchors.Head], heads: Iterable[tuple[int, str]]
) -> Finding:
    table = anchors.in_table()
    known = anchors.by_number(table, written)
    for number, head in heads:
        known.setdefault(number, set()).add(head)
    broken = [f"row {one.number}: {one.problem}" for one in breaks(heads=known)]
    broken += anchors.disagreements(table, written)
    broken += [f"the database lets anybody change {name}: no guard" for name in unguarded()]
    says = f"{AuditEvent.objects.count()} rows of the trail, each chained to the one before."
    says += f" Compared with {len(known)} anchors."
    if since is not None:
        says += f" Compared with the backup, which ends at row {since.trail_number}."
        broken += _changed_since(since)
    return _finding("Trail", says, broken)


def _changed_since(then: Manifest) -> Iterator[str]:
    if not then.trail_number:
        return
    row = AuditEvent.objects.filter(number=then.trail_number).first()
    if row is None:
        yield f"row {then.trail_number} was there when it was backed up, and is gone"
    elif bytes(row.link).hex() != then.trail_link:
        yield f"row {then.trail_number} is not the one that was backed up"


def _keys() -> Finding:
    shut = []
    for row in (
        DataKey.objects.order_by("pk")
        .select_related("practice_key")
        .iterator(chunk_size=AT_ONCE)
    ):
        try:
            open_row(row)
        except VaultError:
            shut.append(f"data key {row.pk} does not open with the root key here")
    says = f"{DataKey.objects.count()} data keys open with the root key."
    return _finding("Keys", says, shut)


def _sealed_text(*, every_value: bool) -> Finding:
    count: Counter[str] = Counter()
    shut: list[str] = []
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedText):
                shut.extend(_opened(model, field, count, every_value=every_value))
    opened, there = count["opened"], count["there"]
    says = f"{opened} of {there} sealed values were opened."
    if opened < there and not shut:
        says += " Open the others too with --all."
    return _finding("Sealed text", says, shut)


def _opened(
    model: type[models.Model], field: SealedText, count: Counter[str], *, every_value: bool
) -> Iterator[str]:
    """Open the values of one column, all or some spread evenly; yield those that stay shut."""
    there = model._base_manager.count()
    step = 1 if every_value else max(1, there // SAMPLE)
    path = field.owner.rpartition(".")[0].replace(".", "__")
    rows = model._base_manager.order_by("pk").select_related(*([path] if path else []))
    count["there"] += there
    for row in islice(rows.iterator(chunk_size=AT_ONCE), None, None, step):
        try:
            getattr(row, field.attname)
            count["opened"] += 1
        except VaultError as problem:
            yield f"{model._meta.db_table}.{field.column}, row {row.pk}: {problem}"


def _finding(name: str, says: str, problems: list[str]) -> Finding:
    said = problems[:MOST_SAID]
    if len(problems) > MOST_SAID:
        said.append(f"and {len(problems) - MOST_SAID} more")
    return Finding(name, says, tuple(said))
