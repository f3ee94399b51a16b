"""``securebase cohort``: what became of everybody a service sees, and how sure that is."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.cli.keeping import add_json
from securebase.science.cohort.form import the_form
from securebase.science.cohort.outcomes import as_dict, report
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "cohort",
        help="report the outcomes of a whole service",
        description="Report what became of everybody: change, time until it came, strains "
        "mended, signals acted on, answers missing. Who left stays in the denominator, small "
        "numbers are held back, and nothing is told by clinician.",
    )
    parser.add_argument(
        "where",
        nargs="?",
        metavar="DIR_OR_URL",
        help="a folder that export-cohort wrote, or postgres://... with the same tables",
    )
    form = parser.add_mutually_exclusive_group()
    add_json(form)  # type: ignore[arg-type]
    form.add_argument("--html", type=Path, metavar="OUT", help="write a page to a new file")
    form.add_argument(
        "--sql",
        metavar="DIALECT",
        help="print the SQL instead: bigquery, duckdb, mssql, postgres, snowflake or trino",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Report, or print the SQL the report is made of."""
    form = the_form()
    if args.sql:
        print(import_module("securebase.exchange.cohort.write_sql").sql_of(args.sql, form))
        return 0
    if args.where is None:
        raise BadInput("Name a folder that export-cohort wrote, or a PostgreSQL database.")
    if args.html and args.html.exists():
        raise BadInput(f"{args.html} is already there. Name a new file.")
    count = import_module("securebase.exchange.cohort.sources").count
    made = report(count(args.where, form), form)
    if args.json:
        print(json.dumps(as_dict(made), indent=2))
    elif args.html:
        page = import_module("securebase.exchange.cohort.as_html").as_html(made, form)
        args.html.write_text(page, encoding="utf-8")
    else:
        print(import_module("securebase.exchange.cohort.as_text").as_text(made, form))
    return 0
