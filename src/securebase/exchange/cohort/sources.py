"""Where a cohort lies: a folder of Parquet files, or a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from securebase.content import content_file
from securebase.exchange.cohort.write_sql import figures_in
from securebase.science.cohort.form import Form
from securebase.science.cohort.outcomes import Counted
from securebase.science.errors import BadInput

POSTGRES = ("postgres://", "postgresql://")


@dataclass(frozen=True, slots=True)
class Source:
    """An open cohort: its dialect, and a connection that has ``execute``."""

    dialect: str
    connection: Any
    name: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def columns(self, table: str) -> list[str]:
        """Return the names of the columns of a table."""
        found = self.connection.execute(f'SELECT * FROM "{table}" LIMIT 0')  # noqa: S608
        return [one[0] for one in found.description]


def count(where: str, form: Form) -> Counted:
    """Count every figure of a cohort.

    Parameters
    ----------
    where : str
        A folder written by ``securebase export-cohort``, or the address of a PostgreSQL
        database that holds the same tables.
    form : Form
        What must be there.

    Returns
    -------
    mapping of str to sequence of rows
        As ``science.cohort.outcomes.report`` reads it.

    Raises
    ------
    BadInput
        If it is not a cohort of this form, or cannot be read.
    """
    with _opened(where, form) as source:
        _check(source, form)
        sql = content_file("cohort", f"{source.dialect}.sql").read_text(encoding="utf-8")
        return {name: source.rows(query) for name, query in figures_in(sql).items()}


def _opened(where: str, form: Form) -> Any:
    if where.startswith(POSTGRES):
        return _database(where)
    if "://" in where:
        raise BadInput(
            "Only a folder and a PostgreSQL database are read here. For another engine print "
            "the SQL with --sql, and run it there."
        )
    return _folder(Path(where), form)


@contextmanager
def _folder(folder: Path, form: Form) -> Iterator[Source]:
    try:
        duckdb = import_module("duckdb")
    except ImportError:
        raise BadInput(
            "Reading an export needs DuckDB, which is not installed. "
            "Install it with: pip install 'securebase[analytics]'"
        ) from None
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. Name one that export-cohort wrote.")
    missing = [name for name in form.tables if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise BadInput(
            f"{folder} lacks {', '.join(f'{name}.parquet' for name in missing)}. "
            "Name a whole folder that export-cohort wrote."
        )
    with duckdb.connect() as connection:
        try:
            for name in form.tables:
                file = str(folder / f"{name}.parquet")
                connection.read_parquet(file).create_view(name)
            yield Source("duckdb", connection, str(folder))
        except duckdb.Error as problem:
            raise BadInput(f"{folder} cannot be read: {_first_line(problem)}") from None


@contextmanager
def _database(url: str) -> Iterator[Source]:
    """Look at one moment of a database; the address is never said, it may hold a password."""
    psycopg = import_module("psycopg")
    try:
        with psycopg.connect(url) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield Source("postgres", connection, "the database")
    except psycopg.errors.UndefinedTable as problem:
        raise BadInput(
            f"The database lacks a table of the export: {_first_line(problem)}. "
            "Load all of them into one schema, and have it on the search path."
        ) from None
    except psycopg.OperationalError:
        raise BadInput(
            "The database cannot be reached. Check its address and that it runs."
        ) from None
    except psycopg.Error as problem:
        raise BadInput(f"The database cannot be read: {_first_line(problem)}") from None


def _check(source: Source, form: Form) -> None:
    """Refuse another form, and columns that are not ours: nothing is counted by them."""
    about = source.rows("SELECT * FROM about") if "format" in source.columns("about") else []
    written = about[0][source.columns("about").index("format")] if about else None
    if written != form.number:
        raise BadInput(
            f"{source.name} is of form {written}; this program reads form {form.number}. "
            "Export again with the same program that reports."
        )
    for name in form.tables:
        found, wanted = set(source.columns(name)), set(form.names(name))
        if found != wanted:
            odd = ", ".join(sorted(found ^ wanted))
            raise BadInput(
                f"{source.name}: the columns of {name} are not those of the form: {odd}. "
                "Figures are made only of these, and never by clinician. Export again."
            )


def _first_line(problem: Exception) -> str:
    return str(problem).strip().partition("\n")[0]
