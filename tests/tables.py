"""Tables that are made once: each further restore of a test repeats the same statements.

Working out the statements takes Django seconds, and most restores of the tests want the
same tables. The first of each process is the real thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from securebase.stories.keep_safe.manifest import Schema

OF_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT", "PRAGMA")


class MadeOnce:
    """Makes the tables of a state, and remembers how."""

    def __init__(self, make: Callable[[Schema], None]) -> None:
        self._make = make
        self._said: dict[tuple[str, Schema], list[tuple[str, Any]]] = {}

    def __call__(self, schema: Schema) -> None:
        """Make them, the second time by what was said to the database the first time."""
        known = self._said.get((connection.vendor, schema))
        if known is None:
            self._said[connection.vendor, schema] = self._listened(schema)
            return
        with (
            connection.constraint_checks_disabled(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            for sql, params in known:
                cursor.execute(sql, params)

    def _listened(self, schema: Schema) -> list[tuple[str, Any]]:
        said: list[tuple[str, Any]] = []

        def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.lstrip().upper().startswith(OF_TRANSACTIONS):
                said.extend((sql, one) for one in (params if many else [params]))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(hear):
            self._make(schema)
        return said
