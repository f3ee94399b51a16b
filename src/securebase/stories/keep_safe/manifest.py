"""What a practice consists of, so that two copies can be compared.

The state of the tables, the number of rows in each and a digest over them in order, and
where the trail ends. Sessions and the cache are left out: a restore must not let
anybody in again who had signed out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from securebase.stories.keep_safe.refusals import AnotherVersion, NothingThere
from securebase.stories.keep_safe.rows import canonical, columns, line_of, lines

LEFT_OUT = ("django_session",)
RETIRED = ("django_tasks_database",)
"""Rooms that earlier versions had and this one has not: queues, nothing anybody wrote."""
TRAIL = ("audit", "auditevent")

Schema = tuple[tuple[str, str], ...]
"""Every migration applied, as app and name."""


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and the SHA-256 over them in order."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one copy of a practice consists of."""

    tables: dict[str, Table]
    trail_number: int
    """Number of the last row of the trail; 0 while it is empty."""
    trail_link: str
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file of the practice's own, by path."""

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    def differing(self, other: Manifest) -> list[str]:
        """Return the tables and files that are not the same in both."""
        here, there = {**self.tables, **self.files}, {**other.tables, **other.files}
        names = sorted(here.keys() | there.keys())
        return [name for name in names if here.get(name) != there.get(name)]


class Count:
    """Counts the rows of one table and works out their digest as they pass."""

    def __init__(self, model: type[models.Model]) -> None:
        names = [str(column.column) for column in columns(model)]
        self.rows, self._digest = 0, hashlib.sha256(line_of(names))

    def add(self, line: bytes) -> None:
        """Take one row."""
        self.rows += 1
        self._digest.update(canonical(line))

    @property
    def table(self) -> Table:
        """What has passed so far."""
        return Table(self.rows, self._digest.hexdigest())


def schema_in_use() -> Schema:
    """Return the migrations applied to the connected database; refuse unknown ones."""
    applied = sorted(
        step
        for step in MigrationLoader(connection).applied_migrations or ()
        if step[0] not in RETIRED
    )
    if not applied:
        raise NothingThere(
            "There is no practice here: the database has no tables. "
            "Name its folder with --data-dir, or its database with DATABASE_URL."
        )
    check_known(tuple(applied))
    return tuple(applied)


def check_known(schema: Schema) -> None:
    """Refuse a state of the tables that this version of the program does not know."""
    known = MigrationLoader(None).disk_migrations or {}
    unknown = [
        f"{app}.{name}"
        for app, name in schema
        if app not in RETIRED and (app, name) not in known
    ]
    if unknown:
        raise AnotherVersion(
            f"The tables are newer than this program: it does not know {unknown[0]} "
            f"({len(unknown)} such steps). Install the version that made them, or a later one."
        )


def is_retired(table: str) -> bool:
    """Whether a table belonged to a room that this version has no more."""
    return table.startswith(tuple(f"{app}_" for app in RETIRED))


def without_retired(told: Manifest) -> Manifest:
    """Return what of a manifest this version can hold."""
    there = {name: table for name, table in told.tables.items() if not is_retired(name)}
    return replace(told, tables=there)


def tables_at(schema: Schema) -> list[type[models.Model]]:
    """Return every table of that state that belongs into a backup, by name."""
    loader = MigrationLoader(None)
    state = loader.project_state(last_steps(loader.graph, schema))
    found = {
        model._meta.db_table: model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[name] for name in sorted(found) if name not in LEFT_OUT]


def last_steps(graph: Any, schema: Schema) -> list[tuple[str, str]]:
    """Return the newest migrations of each app: those no other of the app builds on."""
    there = [step for step in schema if step in graph.nodes]
    built_on = {
        parent.key
        for step in there
        for parent in graph.node_map[step].parents
        if parent.key[0] == step[0]
    }
    return [step for step in there if step not in built_on]


def count_tables(models_there: list[type[models.Model]]) -> Manifest:
    """Read every row of the connected database and return what it consists of."""
    tables = {}
    for model in models_there:
        count = Count(model)
        for line in lines(model):
            count.add(line)
        tables[model._meta.db_table] = count.table
    return Manifest(tables, *end_of_trail(models_there))


def end_of_trail(models_there: list[type[models.Model]]) -> tuple[int, str]:
    """Return number and link of the last row of the trail."""
    [trail] = _of(models_there, TRAIL)
    last = trail._base_manager.order_by("-number").values_list("number", "link").first()
    return (last[0], bytes(last[1]).hex()) if last else (0, "")


def _of(
    models_there: list[type[models.Model]], name: tuple[str, str]
) -> Iterator[type[models.Model]]:
    return (m for m in models_there if (m._meta.app_label, m._meta.model_name) == name)
