"""A database with a door for each thread: a file instead of memory on SQLite.

In memory the threads of one process share a single connection, and with it each other's
transactions, which no practice does. The file begins as a copy of what there is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def a_database_with_many_doors(folder: Path) -> Iterator[None]:
    """Give each thread a connection of its own."""
    if connection.vendor == "postgresql":
        yield
        return
    connection.ensure_connection()
    kept, name = connection.connection, connection.settings_dict["NAME"]
    file = str(folder / "practice.sqlite3")
    with closing(sqlite3.connect(file)) as copy:
        kept.backup(copy)
    connection.connection, connection.settings_dict["NAME"] = None, file
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept, name
