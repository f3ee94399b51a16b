"""Writing the figures as SQL, in a dialect of somebody's choice."""

from __future__ import annotations

from importlib import import_module

from securebase.science.cohort.form import Form
from securebase.science.errors import BadInput

DIALECTS = ("bigquery", "duckdb", "mssql", "postgres", "snowflake", "trino")
MARK = "-- figure: "


def sql_of(dialect: str, form: Form) -> str:
    """Return every figure as SQL of one dialect, each under a line with its name.

    Raises
    ------
    BadInput
        If the dialect is not one of ours, or Ibis is not installed.
    """
    if dialect not in DIALECTS:
        raise BadInput(
            f"There is no dialect {dialect!r} here; there are {', '.join(DIALECTS)}."
        )
    try:
        ibis = import_module("ibis")
    except ImportError:
        raise BadInput(
            "Writing SQL needs Ibis, which is not installed. "
            "Install it with: pip install 'securebase[cluster]'"
        ) from None
    define = import_module("securebase.exchange.cohort.definition")
    head = f"-- The outcome report of securebase, form {form.number}, for {dialect}.\n"
    parts = [
        f"{MARK}{name}\n{ibis.to_sql(figure, dialect=dialect)}\n;\n"
        for name, figure in define.figures(form).items()
    ]
    return "\n".join([head, *parts])


def figures_in(sql: str) -> dict[str, str]:
    """Take what ``sql_of`` wrote apart again: each figure's name and its query."""
    parts = [part.partition("\n") for part in sql.split(MARK)[1:]]
    return {name.strip(): query.rstrip().rstrip(";").rstrip() for name, _, query in parts}
