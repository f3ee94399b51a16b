"""The database itself refuses to change or remove a row of the trail or an anchor.

Whoever owns the database can take the guard away; that is noticed by ``unguarded`` and
what was changed then is noticed by the chain and its anchors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

TABLES = ("audit_auditevent", "audit_anchor")
WORDS = "The trail is only ever added to."

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_KINDS = {
    "sqlite": (
        ("update", "BEFORE UPDATE ON {table}", f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"),
        ("delete", "BEFORE DELETE ON {table}", f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"),
    ),
    "postgresql": (
        (
            "row",
            "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
            "EXECUTE FUNCTION audit_only_added()",
        ),
        (
            "truncate",
            "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
            "EXECUTE FUNCTION audit_only_added()",
        ),
    ),
}
"""For each database: the name of a trigger, when it fires, and what it does."""


def put_up(schema: Any) -> None:
    """Make every trigger; ``schema`` is a cursor or a schema editor."""
    if connection.vendor == "postgresql":
        schema.execute(_FUNCTION)
    for name, table, when, does in _triggers():
        schema.execute(f"CREATE TRIGGER {name} {when.format(table=table)} {does}")


def take_down(schema: Any) -> None:
    """Remove every trigger that is there."""
    for name, table, _, _ in _triggers():
        of = f" ON {table}" if connection.vendor == "postgresql" else ""
        schema.execute(f"DROP TRIGGER IF EXISTS {name}{of}")


@contextmanager
def lifted() -> Iterator[None]:
    """Take the guard away for a while, as whoever owns the database can."""
    with connection.cursor() as cursor:
        take_down(cursor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            put_up(cursor)


def unguarded() -> list[str]:
    """Return the tables whose guard is not there or is switched off."""
    there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        there = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(there)
        names = {name for (name,) in cursor.fetchall()}
    missing = {table for name, table, _, _ in _triggers() if name not in names}
    return [table for table in TABLES if table in missing]


def _triggers() -> Iterator[tuple[str, str, str, str]]:
    for table in TABLES:
        for kind, when, does in _KINDS[connection.vendor]:
            yield f"{table}_no_{kind}", table, when, does
