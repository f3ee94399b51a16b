"""``securebase verify --log FILE``: check an exported trail, on any machine."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from securebase.cli.keeping import say
from securebase.cli.keys import ask_passphrase
from securebase.cli.verify import heads_of
from securebase.people.audit.written import NotATrail, check
from securebase.people.vault import passphrases
from securebase.people.vault.crypto import VaultError, read_root_key
from securebase.science.errors import BadInput


def run(args: argparse.Namespace) -> int:
    """Check the file; 0 if all is well, 1 if something is wrong."""
    heads = heads_of(args)
    about, found = _checked(args.log, args.key_file, heads)
    known = about.anchors + len(heads)
    if args.json:
        problems = [{"row": one.number, "problem": one.problem} for one in found]
        told: dict[str, Any] = {"well": not found, "rows": about.rows, "anchors": known}
        told |= {"links_checked": args.key_file is not None, "problems": problems}
        say(json.dumps(told, indent=2))
        return 1 if found else 0
    say(f"{about.rows} rows, written out {about.made_at}; compared with {known} anchors.")
    for one in found:
        say(f"  wrong: row {one.number}: {one.problem}")
    if args.key_file is None:
        say("The links were not checked; that needs the root key (--key-file).")
        if not heads:
            say("No anchor from elsewhere was given (--anchor), so a forger is not found.")
    say("Something is wrong." if found else "All that could be checked is well.")
    return 1 if found else 0


def _checked(file: Path, key_file: Path | None, heads: list[tuple[int, str]]) -> Any:
    try:
        root_key = _opened(key_file) if key_file else None
        with file.open(encoding="utf-8") as lines:
            return check(lines, root_key=root_key, heads=heads)
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not text, so it is not an exported trail.") from None
    except (NotATrail, VaultError) as problem:
        raise BadInput(f"{file}: {problem}") from None


def _opened(key_file: Path) -> bytes:
    """Return the root key; where it is kept under a passphrase, ask for that."""
    if passphrases.is_locked_file(key_file):
        return passphrases.open_file(key_file, ask_passphrase())
    return read_root_key(key_file)
