"""Emptying the tables after a test that really committed.

Django would empty every table by a statement of its own and then write all permissions
down again. Here SQLite gets back what it was before the first such test, and PostgreSQL
deletes what there is. Append-only tables refuse to be emptied, in tests as in life: for
exactly this one statement the triggers rest.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db import connection

STAYS = {"auth_permission", "django_content_type"}
"""What Django writes down about the program itself."""


class Emptying:
    """Leaves to the next test what the first one found."""

    def __init__(self) -> None:
        self._found: sqlite3.Connection | None = None
        self._statement = ""

    def remember(self) -> None:
        """Look at the database before the first test commits anything to it."""
        if connection.vendor == "sqlite" and self._found is None:
            connection.ensure_connection()
            self._found = sqlite3.connect(":memory:")
            connection.connection.backup(self._found)

    def empty(self, *_: Any) -> None:
        """Bring the database back to what it was."""
        if self._found is not None:
            connection.ensure_connection()
            self._found.backup(connection.connection)
            return
        with connection.cursor() as cursor:
            cursor.execute(self._statement or self._written())

    def _written(self) -> str:
        names = connection.introspection.django_table_names(only_existing=True)
        tables = sorted(set(names) - STAYS)
        deletes = [f"DELETE FROM {connection.ops.quote_name(name)}" for name in tables]  # noqa: S608
        around = "SET session_replication_role = "
        self._statement = "; ".join([f"{around}replica", *deletes, f"{around}origin"])
        return self._statement
