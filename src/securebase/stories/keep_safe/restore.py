"""Restoring: a whole backup into an empty place, or nothing at all.

The file is read to its end before anything is made, and again to compare what is inside
with its manifest. The tables are brought to the state they had, filled, read again and
compared once more, in a scratch file beside the place (SQLite) or in one transaction
(PostgreSQL); only then does the practice appear. The next start brings older tables up to
date, as every start does.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from securebase.science.errors import BadInput
from securebase.stories.keep_safe.back_up import FORMAT, name_it, settle
from securebase.stories.keep_safe.envelope import CHUNK, SealedReader, check_whole
from securebase.stories.keep_safe.manifest import (
    Count,
    Manifest,
    Schema,
    Table,
    check_known,
    count_tables,
    is_retired,
    last_steps,
    tables_at,
    without_retired,
)
from securebase.stories.keep_safe.moment import connected_to
from securebase.stories.keep_safe.own_files import an_empty_home, digests, from_line
from securebase.stories.keep_safe.refusals import AnotherVersion, Damaged, PlaceTaken
from securebase.stories.keep_safe.rows import AT_ONCE, put

READS = (1, FORMAT)
"""Format 1 held no files of the practice's own."""
TAKEN = (
    "{place} is not empty. A backup is restored into an empty place only, so that nothing "
    "is lost; choose another folder, or for PostgreSQL an empty database."
)

NOT_A_BACKUP = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, StopIteration),
    *(EOFError, RecursionError, zlib.error, gzip.BadGzipFile, DatabaseError),
    ValidationError,
)
"""What reading text of another make ends in."""


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself."""

    made_at: str
    made_by: str
    database: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, compared row by row with what was backed up."""

    about: About
    manifest: Manifest


def restore(
    file: Path, *, database: dict[str, Any], root_key: bytes, home: Path | None = None
) -> Restored:
    """Restore a backup into an empty database.

    Parameters
    ----------
    file : Path
        What ``back_up`` wrote.
    database : dict
        How to reach the empty place, as Django's settings have it.
    root_key : bytes
        The root key of the practice that was backed up.
    home : Path, optional
        The data directory that the practice's own files go to; without it they are
        compared and put nowhere.

    Returns
    -------
    Restored
        What the restored database consists of, worked out from it.

    Raises
    ------
    BadInput
        If the backup is damaged, sealed under another key, of another version, or the
        place is not empty. The place is as it was.
    """
    with file.open("rb") as source, _in_words():
        check_whole(source, root_key=root_key)
        source.seek(0)
        about = about_backup(source, root_key=root_key)
        source.seek(0)
        with an_empty_home(home) as put, _empty_place(database):
            check_known(about.schema)
            with _read(source, root_key) as told:
                next(told)
                _check_inside(told, tables_at(about.schema))
            source.seek(0)
            with _read(source, root_key) as told:
                next(told)
                files: dict[str, bytes] = {}
                manifest = _bring_back(told, about.schema, files)
                put(files)
                return Restored(about, manifest)


@contextmanager
def _in_words() -> Iterator[None]:
    """Refuse what was sealed with the right key and is no backup inside."""
    try:
        yield
    except BadInput:
        raise
    except NOT_A_BACKUP as fault:
        raise Damaged(
            f"What is inside is not a backup ({type(fault).__name__}). Nothing was restored. "
            "Take another backup, or restore with the version that wrote it."
        ) from None


def about_backup(source: BinaryIO, *, root_key: bytes) -> About:
    """Return what the beginning of a backup says of it; refuse formats not known."""
    with _read(source, root_key) as told:
        about = json.loads(next(told))
    if about["format"] not in READS:
        raise AnotherVersion(
            f"The backup was written by version {about['made_by']} in format "
            f"{about['format']}; this version reads up to {FORMAT}. Restore it with that one."
        )
    schema = tuple((app, name) for app, name in about["schema"])
    return About(about["made_at"], about["made_by"], about["database"], schema)


def manifest_of(file: Path, *, root_key: bytes) -> Manifest:
    """Return what a backup says it consists of; it is read to its end for that."""
    last = b""
    with file.open("rb") as source, _read(source, root_key) as told:
        for line in told:
            last = line
    return _manifest(json.loads(last)["manifest"])


def _manifest(told: dict[str, Any]) -> Manifest:
    tables = {name: Table(**table) for name, table in told["tables"].items()}
    return Manifest(
        tables, told["trail_number"], told["trail_link"], files=told.get("files", {})
    )


@contextmanager
def _read(source: BinaryIO, root_key: bytes) -> Iterator[Iterator[bytes]]:
    sealed = io.BufferedReader(SealedReader(source, root_key=root_key), CHUNK)
    with gzip.GzipFile(fileobj=sealed, mode="rb") as told:
        yield iter(told)


@contextmanager
def _empty_place(database: dict[str, Any]) -> Iterator[None]:
    """Connect this thread to a place where there is nothing; keep it only if all is well."""
    if "sqlite" in database["ENGINE"]:
        with _new_sqlite(Path(database["NAME"])) as scratch:
            with connected_to(database | {"NAME": str(scratch)}):
                yield
            _to_disk(scratch)
        return
    with connected_to(database):
        if connection.introspection.table_names():
            raise PlaceTaken(TAKEN.format(place=f"The database {database['NAME']}"))
        with transaction.atomic():
            yield


@contextmanager
def _new_sqlite(path: Path) -> Iterator[Path]:
    if path.exists():
        raise PlaceTaken(TAKEN.format(place=path.parent))
    scratch = path.with_name(f"{path.name}.restoring-{os.getpid()}")
    try:
        yield scratch
        name_it(scratch, path)
    finally:
        for left in (scratch, scratch.with_name(f"{scratch.name}-journal")):
            left.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    settle(path.parent)


def _check_inside(told: Iterator[bytes], there: list[type[models.Model]]) -> None:
    """Refuse what is broken inside before a table is made for it, which takes seconds."""
    counts = {model._meta.db_table: Count(model) for model in there}
    files: dict[str, bytes] = {}
    name, value = "", {}
    for line in told:
        if line.startswith(b"["):
            if not is_retired(name):
                counts[name].add(line)
            continue
        value = json.loads(line)
        name = value.get("table", "")
        files |= dict([from_line(value)] if "file" in value else [])
    tables = {name: count.table for name, count in counts.items()}
    expected = without_retired(_manifest(value["manifest"]))
    _check_same(replace(expected, tables=tables, files=digests(files)), expected)


def _check_same(found: Manifest, expected: Manifest) -> None:
    if found != expected:
        names = ", ".join(found.differing(expected)) or "the trail"
        raise Damaged(f"Not the same as what was backed up: {names}. Nothing is kept.")


def _bring_back(told: Iterator[bytes], schema: Schema, files: dict[str, bytes]) -> Manifest:
    """Make the tables, fill them, read them again; refuse if anything differs."""
    make_tables(schema)
    there = tables_at(schema)
    with transaction.atomic():
        # On PostgreSQL this also puts off the checks that the migrations had called for.
        connection.check_constraints()
        expected = _fill(there, told, files)
        found = replace(count_tables(there), files=digests(files))
        _check_same(found, expected)
        connection.check_constraints()
    return found


def make_tables(schema: Schema) -> None:
    """Bring empty tables to the state they had."""
    executor = MigrationExecutor(connection)
    executor.migrate(last_steps(executor.loader.graph, schema))


def _fill(
    there: list[type[models.Model]], told: Iterator[bytes], files: dict[str, bytes]
) -> Manifest:
    """Put every row into its table; what the migrations put there gives way."""
    known = {model._meta.db_table: model for model in there}
    manifest: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name in known:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608
        for name, rows in _batches(told, files):
            if not name:
                [manifest] = rows
            elif not is_retired(name):
                put(known[name], rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), there):
            cursor.execute(statement)
    return without_retired(_manifest(manifest))


def _batches(told: Iterator[bytes], files: dict[str, bytes]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the rows of each table, some at a time; last, under no name, the manifest.

    Files that come in between are added to ``files``.
    """
    name, rows, value = "", [], {}
    for line in told:
        value = json.loads(line)
        if isinstance(value, list):
            rows.append(value)
        if len(rows) == AT_ONCE or (rows and isinstance(value, dict)):
            yield name, rows
            rows = []
        if isinstance(value, dict):
            name = value.get("table", "")
            files |= dict([from_line(value)] if "file" in value else [])
    yield "", [value["manifest"]]
