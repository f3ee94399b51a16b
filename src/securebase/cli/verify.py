"""``securebase verify``: look whether everything is still what it was."""

from __future__ import annotations

import argparse
import json
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
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "verify",
        help="check database, trail and sealed text",
        description="Check the database, the chain of the trail, every key, and that sealed "
        "text opens. It reads only, and the server may run. Exit code 1 if anything is wrong.",
    )
    add_data_dir(parser)
    parser.add_argument(
        "--all", action="store_true", help="open every sealed value, not a sample"
    )
    parser.add_argument(
        "--since",
        type=Path,
        metavar="FILE",
        help="a backup: see that nothing it holds of the trail was cut off or rewritten",
    )
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="NUMBER:HEX",
        help="an anchor from a mail or from paper; may be given several times",
    )
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="check only this file, written by audit export; needs no practice",
    )
    parser.add_argument(
        "--key-file", type=Path, metavar="KEY", help="with --log: the root key, to check links"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Verify; 0 if all is well, 1 if something is wrong."""
    if args.log:
        code: int = import_module("securebase.cli.verify_log").run(args)
        return code
    heads = heads_of(args)
    open_practice(args.data_dir)
    verify = import_module("securebase.stories.keep_safe.verify").verify
    with in_words():
        since = _manifest_of(args.since) if args.since else None
        findings = verify(every_value=args.all, since=since, heads=heads)
    well = not any(finding.problems for finding in findings)
    if args.json:
        said = {"well": well, "findings": [finding.as_dict() for finding in findings]}
        say(json.dumps(said, indent=2))
        return 0 if well else 1
    for finding in findings:
        say(f"{finding.name}: {finding.says}")
        for problem in finding.problems:
            say(f"  wrong: {problem}")
    say("All is well." if well else "Something is wrong. Keep every backup you have.")
    return 0 if well else 1


def heads_of(args: argparse.Namespace) -> list[tuple[int, str]]:
    """Return the anchors that were given."""
    written = import_module("securebase.people.audit.written")
    try:
        return [written.head_given(text) for text in args.anchor]
    except written.NotATrail as problem:
        raise BadInput(str(problem)) from None


def _manifest_of(file: Path) -> Any:
    root_key = import_module("securebase.people.vault.keys").root_of_backups()
    manifest_of = import_module("securebase.stories.keep_safe.restore").manifest_of
    return manifest_of(file, root_key=root_key)
