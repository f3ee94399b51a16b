"""One moment of the database, held still while it is read, with the server running.

SQLite: SQLite's own online backup copies the file into a private one beside it, which
loses its name as soon as it is open and so is gone when this process is, however it ends.
PostgreSQL: one read-only transaction that sees nothing committed after it began. Either
way ``django.db.connection`` of this thread shows that moment and nothing else.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

SCRATCH = "copying-"


@contextmanager
def one_moment() -> Iterator[None]:
    """Let this thread see the database as it is now, until the block ends."""
    if connection.vendor == "sqlite":
        with _copy_of_now():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def connected_to(database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Let this thread's default connection lead to another database for a while."""
    usual = connections[DEFAULT_DB_ALIAS]
    other: BaseDatabaseWrapper = load_backend(database["ENGINE"]).DatabaseWrapper(
        database, DEFAULT_DB_ALIAS
    )
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield other
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        other.close()


@contextmanager
def private_folder(prefix: str) -> Iterator[Path]:
    """Yield a folder beside the data that goes with this block, or with the next one."""
    _sweep(prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=settings.DATA_DIR))
    with _claimed(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _copy_of_now() -> Iterator[None]:
    """Copy the SQLite database, open the copy and take its name away."""
    with private_folder(SCRATCH) as folder:
        path = folder / "copy.sqlite3"
        connection.ensure_connection()
        with connection.wrap_database_errors, closing(sqlite3.connect(path)) as copy:
            # Nobody writes while the copy is made, so it does not wait for the disk: a
            # copy that a power cut spoils is thrown away in any case.
            copy.execute("PRAGMA synchronous=OFF")
            connection.connection.backup(copy)
        name = f"file:{quote(str(path))}?mode=ro&immutable=1"
        here = connection.settings_dict | {"NAME": name, "OPTIONS": {}}
        with connected_to(here) as other:
            other.ensure_connection()
            shutil.rmtree(folder)
            yield


def _sweep(prefix: str) -> None:
    """Remove what a process that was killed at its work has left."""
    for left in Path(settings.DATA_DIR).glob(f"{prefix}*"):
        with suppress(OSError), _claimed(left):
            shutil.rmtree(left)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; BlockingIOError while another one does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
