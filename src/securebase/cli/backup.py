"""``securebase backup``: the practice as it is now, in one encrypted file."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

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
    parser = subparsers.add_parser(
        "backup",
        help="write an encrypted backup",
        description="Write the practice as it is now to one encrypted file, while the server "
        "runs. The root key is not in it: without the key file nobody can restore it.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file")
    add_data_dir(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Back up; 0 when the file is on the disk."""
    open_practice(args.data_dir)
    back_up = import_module("securebase.stories.keep_safe.back_up").back_up
    nightly = import_module("securebase.stories.keep_safe.nightly")
    at = datetime.now(UTC)
    with in_words():
        manifest = back_up(args.file, at=at)
        if import_module("securebase.stories.keep_safe.verify").is_up_to_date():
            nightly.note_backup(args.file, at=at)
    if args.json:
        say(json.dumps({"file": str(args.file)} | manifest.as_dict(), indent=2))
        return 0
    key_file = import_module("django.conf").settings.SECUREBASE_KEY_FILE
    size = args.file.stat().st_size
    say(
        f"Backed up to {args.file}: {manifest.rows} rows in {len(manifest.tables)} tables, "
        f"{size:,} bytes, on the disk.\n"
        f"The trail ends at row {manifest.trail_number}, {manifest.trail_link[:16]}.\n"
        f"The root key is not in it. Keep a copy of {key_file} elsewhere, never beside "
        "the backups."
    )
    return 0
