"""``securebase export-subject``: the copy of a record that its person may have."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.cli.keeping import in_words, open_practice, say
from securebase.cli.new_file import write_new
from securebase.cli.subject import add_whom, the_patient

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "export-subject",
        help="write the copy of one person's record",
        description="Write everything one person may read of themselves to a new zip file: "
        "JSON, one page to read, and a manifest. It is not encrypted: hand it over yourself.",
    )
    add_whom(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the copy; 0 when the file is on the disk."""
    open_practice(args.data_dir)
    export = import_module("securebase.stories.export_subject.pack").export_subject
    now = import_module("django.utils.timezone").now
    with in_words():
        data = export(patient=the_patient(args), by=None, at=now())
    write_new(args.out, data)
    say(f"Wrote {len(data)} bytes to {args.out}, which only you can read.")
    say("It is not encrypted. Hand it over yourself, and delete it.")
    return 0
