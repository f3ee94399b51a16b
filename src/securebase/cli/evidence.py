"""``securebase evidence``: dated facts on how the practice is kept, in one file."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.cli.keeping import (
    add_data_dir,
    in_words,
    open_practice,
    say,
)
from securebase.cli.new_file import write_new

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "evidence",
        help="write dated facts on how the practice is kept",
        description="Write what can be shown on how the practice is kept to a new HTML file: "
        "versions, settings, backups, keys, the trail, packages. Nothing about a patient.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    add_data_dir(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the pack; 0 when the file is on the disk."""
    open_practice(args.data_dir)
    gather = import_module("securebase.stories.gather_evidence").gather_evidence
    render = import_module("django.template.loader").render_to_string
    now = import_module("django.utils.timezone").now
    with in_words():
        page = render("host/evidence_file.html", {"pack": gather(at=now())})
    write_new(args.out, page.encode())
    say(f"Wrote {args.out}.")
    return 0
