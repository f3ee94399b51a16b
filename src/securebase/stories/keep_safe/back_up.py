"""Backing up: one moment of the practice, whole, in one encrypted file.

Inside the envelope are lines of JSON, compressed: what this is and the state of the
tables; for each table its name, then its rows; the practice's own files; last the
manifest. No root key, no signing key, no session.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.db import DatabaseError, connection, models

from securebase.people.vault.keys import root_of_backups
from securebase.stories.keep_safe.envelope import SealedWriter
from securebase.stories.keep_safe.manifest import (
    LEFT_OUT,
    Count,
    Manifest,
    end_of_trail,
    schema_in_use,
    tables_at,
)
from securebase.stories.keep_safe.moment import one_moment
from securebase.stories.keep_safe.own_files import as_line, digests, own_files
from securebase.stories.keep_safe.refusals import Damaged, PlaceTaken
from securebase.stories.keep_safe.rows import line_of, lines

FORMAT = 2
QUICK = 1
"""How hard to compress: what is sealed does not get smaller anyway."""


def back_up(file: Path, *, at: datetime) -> Manifest:
    """Write the practice as it is now to a new encrypted file, on the disk when this returns.

    The server may run and people may write meanwhile. Nothing is overwritten, and a
    backup that fails leaves no file.
    """
    root_key = root_of_backups()
    with one_moment(), new_file(file) as target:
        _check_sound()
        schema = schema_in_use()
        with SealedWriter(target, root_key=root_key) as sealed:
            out = gzip.GzipFile(
                fileobj=cast("BinaryIO", sealed), mode="wb", compresslevel=QUICK, mtime=0
            )
            with out:
                out.write(line_of(_about(schema, at)))
                files = own_files(Path(settings.DATA_DIR))
                manifest = _write_tables(out, tables_at(schema))
                for path, content in files.items():
                    out.write(line_of(as_line(path, content)))
                manifest = replace(manifest, files=digests(files))
                out.write(line_of({"manifest": manifest.as_dict()}))
    return manifest


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that gets its name only when all of it is on the disk."""
    if path.exists():
        raise PlaceTaken(
            f"{path.name} is already there, and no backup is overwritten. "
            "Choose another name, for instance one with the date."
        )
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        name_it(part, path)
    finally:
        part.unlink(missing_ok=True)


def name_it(part: Path, path: Path) -> None:
    """Give a finished file its name, never one that is taken; the folder is on the disk."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise PlaceTaken(f"{path.name} appeared meanwhile and is kept as it is.") from None
    part.unlink()
    settle(path.parent)


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _about(schema: tuple[tuple[str, str], ...], at: datetime) -> dict[str, object]:
    return {
        "format": FORMAT,
        "made_at": at.astimezone(UTC).isoformat(),
        "made_by": version("securebase"),
        "database": connection.vendor,
        "left_out": list(LEFT_OUT),
        "schema": schema,
    }


def _write_tables(out: gzip.GzipFile, models_there: list[type[models.Model]]) -> Manifest:
    tables = {}
    for model in models_there:
        count = Count(model)
        out.write(line_of({"table": model._meta.db_table}))
        for line in lines(model):
            out.write(line)
            count.add(line)
        tables[model._meta.db_table] = count.table
    return Manifest(tables, *end_of_trail(models_there))


def _check_sound() -> None:
    """Refuse to back up a damaged SQLite file: the backup before this one is better."""
    if connection.vendor == "sqlite" and not _is_sound():
        raise Damaged(
            "The database is damaged, so no backup was made of it. Keep the backups you "
            "have, and run securebase verify, which says what is wrong."
        )


def _is_sound() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            whole = cursor.fetchone() == ("ok",)
            cursor.execute("PRAGMA foreign_key_check")
            return whole and cursor.fetchone() is None
    except DatabaseError:
        return False
