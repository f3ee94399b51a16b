"""Writing tables as Parquet, with the dictionary that explains them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from securebase.science.cohort.form import Column, Form
from securebase.science.errors import BadInput

TYPES = {"text": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}
EMPTY: Mapping[str, tuple[type, Any]] = {
    "text": (object, ""),
    "int": (np.int64, 0),
    "float": (np.float64, 0.0),
    "bool": (np.bool_, False),
}
"""How a kind is kept in an array, and what stands where a value is missing."""


def check_writer() -> Any:
    """Return DuckDB, which writes Parquet.

    Raises
    ------
    BadInput
        If it is not installed.
    """
    try:
        return import_module("duckdb")
    except ImportError:
        raise BadInput(
            "Writing an export needs DuckDB, which is not installed. "
            "Install it with: pip install 'securebase[analytics]'"
        ) from None


def write_tables(
    folder: Path, rows: Mapping[str, Sequence[tuple[Any, ...]]], form: Form
) -> None:
    """Write each table of the form as ``<table>.parquet``, one after the other."""
    with check_writer().connect() as connection:
        for name, columns in form.tables.items():
            connection.register("given", _arrays(rows[name], columns))
            typed = ", ".join(
                f'"{one.name}"::{TYPES[one.kind]} AS "{one.name}"' for one in columns
            )
            relation = connection.sql(f"SELECT {typed} FROM given")  # noqa: S608
            relation.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            connection.unregister("given")


def write_dictionary(folder: Path, form: Form) -> None:
    """Write ``dictionary.csv`` and ``README.md``: what every column means and does not."""
    with (folder / "dictionary.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("table", "column", "kind", "meaning"))
        for name, columns in form.tables.items():
            writer.writerows((name, one.name, one.kind, one.words) for one in columns)
    (folder / "README.md").write_text(_readme(form), encoding="utf-8")


def _arrays(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[Column]
) -> dict[str, np.ma.MaskedArray[Any, Any]]:
    arrays: dict[str, np.ma.MaskedArray[Any, Any]] = {}
    for place, column in enumerate(columns):
        kept, stand_in = EMPTY[column.kind]
        cells = [row[place] for row in rows]
        arrays[column.name] = np.ma.MaskedArray(
            np.array([stand_in if cell is None else cell for cell in cells], dtype=kept),
            mask=[cell is None for cell in cells],
        )
    return arrays


def _readme(form: Form) -> str:
    tables = [f"- `{name}.parquet`: {words}" for name, words in form.words.items()]
    return "\n".join(
        [
            "# Everybody together, with nobody named",
            "",
            f"Written by securebase, form {form.number}.",
            "`dictionary.csv` explains each column.",
            "",
            *tables,
            "",
            "There is no name, no date, no id of the practice's own and no word anybody wrote.",
            "Ids were drawn at random for this export alone and are kept nowhere.",
            "Time is told in whole weeks since each person's own start.",
            "The clinician is left out: no figure can be made of one.",
            "Age is not in it, because the practice does not keep it.",
            "",
            "In " + ", ".join(f"`{name}`" for name in form.alike),
            f"everybody is like at least {form.least_alike - 1} others;"
            " where they were not, the cell is empty.",
            "",
            "**This is de-identified, not anonymous.** Somebody who knows when one person",
            "answered what may find that person's row. Keep it as carefully as a record, give",
            "it only under an agreement, and delete it when it has served.",
            "",
            "Who stays differs from who leaves, and people differ from service to service.",
            "A difference between two services is not a difference in how good they are.",
            "",
        ]
    )
