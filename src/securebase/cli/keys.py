"""``securebase keys``: what keeps the practice's text sealed, and how to care for it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from securebase.cli.keeping import add_data_dir, check_practice_is_there, in_words, prepare, say
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction

PASSPHRASE_FILE = "SECUREBASE_PASSPHRASE_FILE"  # noqa: S105
FD = Path("/dev/fd")


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "keys",
        help="rotate keys, print and try the recovery sheet",
        description="Show what keeps the practice's text sealed, and care for it.",
    )
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    for name, what in {
        "show": "say where the keys are, how old, and what was tried",
        "rotate": "put new keys in the place of old ones, while the server runs",
        "sheet": "print the recovery sheet once; it is not kept",
        "try": "type the words of the sheet back, to prove that they rebuild the key",
        "restore": "write a lost key file from the words of the sheet",
        "lock": "keep the root key under a passphrase from now on",
        "unlock": "give the passphrase after the machine has started",
        "index": "bring the index for finding names up to date",
        "erased": "say whose keys were destroyed; erase again whom a backup brought back",
    }.items():
        act = acts.add_parser(name, help=what, description=f"{what.capitalize()}.")
        add_data_dir(act)
        _options(name, act)
    parser.set_defaults(run=run)


def _options(name: str, act: argparse.ArgumentParser) -> None:
    if name == "rotate":
        which = act.add_mutually_exclusive_group(required=True)
        which.add_argument("--root", dest="kind", action="store_const", const="root")
        which.add_argument("--practice", dest="kind", action="store_const", const="practice")
        which.add_argument("--data", dest="kind", action="store_const", const="data")
    if name == "sheet":
        act.add_argument("--shares", action="store_true", help="three shares, two are needed")
    if name in ("try", "restore"):
        words = "how many shares you will type; default 1"
        act.add_argument("--shares", type=int, default=1, metavar="N", help=words)
    if name == "erased":
        where = "the list of another data directory; default the practice's own"
        act.add_argument("--list", type=Path, metavar="FILE", help=where)
        act.add_argument("--apply", action="store_true", help="erase them again")


def run(args: argparse.Namespace) -> int:
    """Do one act; 0 done, 1 refused."""
    prepare(args.data_dir)
    if args.act not in ("restore", "unlock", "lock"):
        check_practice_is_there()
    acts = {
        "show": _show,
        "rotate": _rotate,
        "sheet": _sheet,
        "try": _try,
        "restore": _restore,
        "lock": _lock,
        "unlock": _unlock,
        "index": _index,
        "erased": _erased,
    }
    with in_words():
        acts[args.act](args)
    return 0


def ask_passphrase(prompt: str = "Passphrase: ") -> str:
    """Return the passphrase from the named file or descriptor, or from the keyboard."""
    place = os.environ.get(PASSPHRASE_FILE)
    if place:
        return (FD / place if place.isdecimal() else Path(place)).read_text().rstrip("\n")
    if not sys.stdin.isatty():
        raise BadInput(
            f"No passphrase: there is no keyboard here, and {PASSPHRASE_FILE} names no file."
        )
    return getpass.getpass(prompt)


def _vault(name: str) -> Any:
    return import_module(f"securebase.people.vault.{name}")


def _care() -> Any:
    return import_module("securebase.stories.keep_keys.care_for_keys")


def _show(args: argparse.Namespace) -> None:
    facts = import_module("securebase.stories.keep_keys.look_at_keys").look_at_keys()
    for name, value in facts.lines():
        say(f"{name:<22}{value}")


def _rotate(args: argparse.Namespace) -> None:
    passphrase = None
    if args.kind == "root" and _vault("homes").kind() == "passphrase":
        passphrase = ask_passphrase()
    done = _care().rotate(kind=args.kind, by=None, at=datetime.now(UTC), passphrase=passphrase)
    say(f"{done.keys} keys, {done.values} sealed values are new.")
    if done.unreadable:
        say(f"{done.unreadable} values do not open; run securebase verify --all.")
    if args.kind == "root":
        say("The old recovery sheet opens only backups made before now.")
        say("Print a new one with securebase keys sheet, try it, and make a backup.")


def _sheet(args: argparse.Namespace) -> None:
    sheet = _care().make_sheet(shared=args.shares, by=None, at=datetime.now(UTC))
    for number, words in enumerate(sheet.shares, start=1):
        say(f"\nRoot key {sheet.mark}, share {number} of {len(sheet.shares)}")
        say(f"{sheet.needed} needed to rebuild the key.\n")
        for start in range(0, len(words), 4):
            row = enumerate(words[start : start + 4], start=start + 1)
            say("   ".join(f"{place:>2} {word:<10}" for place, word in row))
    say("\nWrite the words down or print them. They are not shown again.")


def _try(args: argparse.Namespace) -> None:
    try:
        trial = _care().try_sheet(texts=_typed(args.shares), by=None, at=datetime.now(UTC))
    except ValidationError as refused:
        raise BadInput(refused.messages[0]) from None
    say(f"The words rebuild the key. Tried on {trial.at:%d %b %Y}.")


def _restore(args: argparse.Namespace) -> None:
    _vault("recovery").restore_root_key(_typed(args.shares))
    say(f"The root key is at {_vault('homes').key_path()} again.")


def _typed(shares: int) -> list[str]:
    """Return the words of each share, from the keyboard unseen or from standard input."""
    if not sys.stdin.isatty():
        return [line for line in sys.stdin.read().splitlines() if line.strip()]
    return [getpass.getpass(f"Words of share {number}: ") for number in range(1, shares + 1)]


def _lock(args: argparse.Namespace) -> None:
    passphrase = ask_passphrase("New passphrase: ")
    if sys.stdin.isatty() and passphrase != ask_passphrase("Once more: "):
        raise BadInput("The two are not the same. Nothing was changed.")
    _vault("homes").set_passphrase(passphrase)
    say("The root key is kept under the passphrase. Copies of the old key file still open it.")


def _unlock(args: argparse.Namespace) -> None:
    _vault("homes").unlock(ask_passphrase())
    first_start = import_module("securebase.config.first_start")
    try:
        first_start.open_vault()
    except first_start.NotSafe as refusal:
        _vault("homes").lock()
        raise BadInput(str(refusal)) from None
    say("Unlocked until this machine stops.")


def _index(args: argparse.Namespace) -> None:
    say(f"{_vault('resealing').rebuild_index()} values can be found.")


def _erased(args: argparse.Namespace) -> None:
    erasure = _vault("erasure")
    for owner, (at, _) in erasure.read_list(args.list).items():
        say(f"{owner}  erased on {at:%d %b %Y}")
    back = erasure.apply_list(args.list) if args.apply else erasure.resurrected(args.list)
    done = "erased again" if args.apply else "in the database again; use --apply"
    say(f"{len(back)} of them {done}.")
