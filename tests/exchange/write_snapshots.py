"""Writes the SQL of every dialect: ``python -m tests.exchange.write_snapshots``."""

from __future__ import annotations

from pathlib import Path

from securebase.exchange.cohort.write_sql import DIALECTS, sql_of
from securebase.science.cohort.form import the_form
from tests.house.plan import SOURCE

SHIPPED = ("duckdb", "postgres")
"""Dialects the program runs itself; their SQL is content."""


def write() -> None:
    """Write each file where it is looked for."""
    for dialect in DIALECTS:
        kept = Path(__file__).parent / "sql"
        folder = SOURCE / "content" / "cohort" if dialect in SHIPPED else kept
        (folder / f"{dialect}.sql").write_text(sql_of(dialect, the_form()))


if __name__ == "__main__":
    write()
