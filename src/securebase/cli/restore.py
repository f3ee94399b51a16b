"""``securebase restore``: a whole backup into an empty place, or nothing at all."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.keeping import add_json, in_words, prepare, say
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction

MAY_BE_THERE = ("keys",)
"""The host puts the root key here before restoring; it is in no backup."""


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "restore",
        help="restore a backup into an empty place",
        description="Restore a backup into an empty folder. Put the root key there first, as "
        "DIR/keys/root.key, or name it with SECUREBASE_KEY_FILE. With DATABASE_URL the tables "
        "go into that database, which must be empty too.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what backup wrote")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", required=True, help="an empty folder"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore; 0 when every row was compared and is on the disk."""
    _check_empty(args.data_dir)
    prepare(args.data_dir)
    restore = import_module("securebase.stories.keep_safe.restore").restore
    database = import_module("django.db").connection.settings_dict
    with in_words(), _folder(args.data_dir):
        root_key = import_module("securebase.people.vault.homes").root_key()
        restored = restore(args.file, database=database, root_key=root_key, home=args.data_dir)
        import_module("securebase.people.audit.anchors").write_again()
        remember = import_module("securebase.stories.keep_safe.remember").remember_restore
        remember(args.file.name, made_at=restored.about.made_at, at=datetime.now(UTC))
    _report(restored, args)
    return 0


def _report(restored: Any, args: argparse.Namespace) -> None:
    about, manifest = restored.about, restored.manifest
    if args.json:
        told = {"made_at": about.made_at, "made_by": about.made_by} | manifest.as_dict()
        say(json.dumps(told, indent=2))
        return
    say(
        f"Restored the practice of {about.made_at}: {manifest.rows} rows in "
        f"{len(manifest.tables)} tables, each the same as was backed up.\n"
        f"{_files(manifest)}"
        f"The trail ends at row {manifest.trail_number}, {manifest.trail_link[:16]}.\n"
        "Everybody signs in again.\n"
        f"Check it with: securebase verify --data-dir {args.data_dir}\n"
        f"Serve it with: securebase serve --data-dir {args.data_dir}"
    )


def _files(manifest: Any) -> str:
    count = len(manifest.files)
    return f"Of the practice's own files, {count} came back with it.\n" if count else ""


def _check_empty(folder: Path) -> None:
    if not folder.exists():
        return
    there = sorted(path.name for path in folder.iterdir() if path.name not in MAY_BE_THERE)
    if there:
        raise BadInput(
            f"{folder} is not empty: it holds {there[0]}. A backup is restored into an empty "
            "folder only, with nothing but keys/ in it. Choose another with --data-dir."
        )


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """Make the folder if it is not there; take it away again if nothing came of it."""
    made = not folder.exists()
    if made:
        folder.mkdir(parents=True, mode=0o700)
    try:
        yield
    except BaseException:
        if made:
            folder.rmdir()
        raise
    import_module("securebase.stories.keep_safe.back_up").settle(folder.parent)
