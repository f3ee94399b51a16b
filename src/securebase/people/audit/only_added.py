"""Tables whose rows are only ever added: the database itself refuses anything else.

For a migration of whichever room owns the table. The trail has a guard of its own, which
can also be looked for and is missed by ``verify``.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SQLITE = """
CREATE TRIGGER {table}_is_never_{done} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{says}'); END
"""
_POSTGRESQL = (
    """
    CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
    """,
)
_POSTGRESQL_BACK = (
    "DROP TRIGGER {table}_is_never_changed ON {table}",
    "DROP FUNCTION {table}_refuse()",
)
_ACTS = (("UPDATE", "changed"), ("DELETE", "removed"))


def only_added(table: str, *, says: str) -> migrations.RunPython:
    """Return the step of a migration after which rows of a table are never changed.

    Parameters
    ----------
    table : str
        Name of the table in the database.
    says : str
        What the database answers to whoever tries, without quotes.
    """

    def guard(_apps: Any, schema: Any) -> None:
        if schema.connection.vendor == "postgresql":
            _run(schema, *_POSTGRESQL)
        else:
            for act, done in _ACTS:
                _run(schema, _SQLITE.replace("{act}", act).replace("{done}", done))

    def unguard(_apps: Any, schema: Any) -> None:
        if schema.connection.vendor == "postgresql":
            _run(schema, *_POSTGRESQL_BACK)
        else:
            _run(schema, *(f"DROP TRIGGER {table}_is_never_{done}" for _, done in _ACTS))

    def _run(schema: Any, *statements: str) -> None:
        for statement in statements:
            schema.execute(statement.format(table=table, says=says), params=None)

    return migrations.RunPython(guard, unguard)
