"""``securebase audit``: the whole trail in a file, and what it says of some days."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.cli import audit_days
from securebase.cli.keeping import (
    add_data_dir,
    add_json,
    in_words,
    open_practice,
    say,
)

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser("audit", help="write out the trail, or ask it")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    export = acts.add_parser(
        "export",
        help="write the whole trail to a new file",
        description="Write who saw or did what, and when, as lines of JSON with the links and "
        "the anchored heads. It holds ids, no names and no words of a record. Check it on any "
        "machine with securebase verify --log FILE.",
    )
    export.add_argument("file", type=Path, metavar="FILE", help="a new file")
    add_data_dir(export)
    add_json(export)
    fhir = acts.add_parser(
        "fhir",
        help="write the whole trail as FHIR to a new file",
        description="Write every row as a FHIR R4 AuditEvent, one on a line, for a system "
        "that watches many. It holds ids, no names and no words of a record.",
    )
    fhir.add_argument("file", type=Path, metavar="FILE", help="a new file")
    add_data_dir(fhir)
    audit_days.add_parser(acts)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; 0 when it is said, or the file is on the disk."""
    acts = {"days": audit_days.run, "export": _export, "fhir": _fhir}
    return acts[args.act](args)


def _fhir(args: argparse.Namespace) -> int:
    open_practice(args.data_dir)
    write_events = import_module("securebase.exchange.fhir.audit_event").write_events
    now = import_module("django.utils.timezone").now
    with in_words():
        rows = write_events(args.file, at=now())
    say(f"Wrote {rows} rows to {args.file}, each as an AuditEvent.")
    return 0


def _export(args: argparse.Namespace) -> int:
    open_practice(args.data_dir)
    export_trail = import_module("securebase.stories.keep_safe.export_trail").export_trail
    now = import_module("django.utils.timezone").now
    with in_words():
        number, head = export_trail(args.file, at=now())
    if args.json:
        say(json.dumps({"rows": number, "head": head}))
        return 0
    say(
        f"Wrote {number} rows to {args.file}.\n"
        f"The trail ends at {number}:{head}\n"
        "Keep that line somewhere else: it shows whether the file was changed.\n"
        f"Check it with: securebase verify --log {args.file} --anchor {number}:{head[:16]}"
    )
    return 0
