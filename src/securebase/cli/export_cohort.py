"""``securebase export-cohort``: everybody together, de-identified, as Parquet."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.keeping import (
    add_data_dir,
    add_json,
    in_words,
    open_practice,
    say,
)
from securebase.cli.measure import Measure, find_measure
from securebase.science.change import reliable_change_threshold
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "export-cohort",
        help="write everybody together, with nobody named",
        description="Write scores, sessions, strains and signals of everybody to a new folder "
        "of Parquet files: ids drawn anew, weeks in place of dates, no word anybody wrote. It "
        "is de-identified, not anonymous. Report on it with securebase cohort.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    add_data_dir(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Export; 0 when the folder is there."""
    open_practice(args.data_dir)
    story = import_module("securebase.stories.cohort.export_cohort")
    with in_words():
        done = story.export_cohort(
            args.folder, yardstick=yardstick, by=None, at=datetime.now(UTC)
        )
    if args.json:
        say(json.dumps({"folder": str(args.folder), "rows": done.rows}, indent=2))
        return 0
    rows = ", ".join(f"{n} {name}" for name, n in done.rows.items() if name != "about")
    say(
        f"Wrote {args.folder}: {rows}.\n"
        "It is de-identified, not anonymous. Keep it as carefully as a record.\n"
        f"Report on it with: securebase cohort {args.folder}"
    )
    return 0


def yardstick(name: str) -> Any:
    """Say what judges a change on a measure, as ``securebase change`` would judge it."""
    made = import_module("securebase.stories.cohort.gather").Yardstick
    try:
        measure = find_measure(name, None)
    except BadInput:
        return made("neither", None, None, None)
    line = measure.line
    return made(
        measure.better.value,
        _reliable(measure),
        None if line is None else line.at,
        None if line is None else line.functional,
    )


def _reliable(measure: Measure) -> float | None:
    known = measure.reliability
    if measure.reliable_change is not None or known is None:
        return measure.reliable_change
    return reliable_change_threshold(sd=known.sd, reliability=known.value)
