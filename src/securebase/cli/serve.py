"""``securebase serve``: the real thing, on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from securebase.cli.keeping import in_words
from securebase.cli.keys import PASSPHRASE_FILE, ask_passphrase
from securebase.cli.server import Address, run_server
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction

LOCAL = "securebase.config.settings.local"


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "serve",
        help="serve a practice",
        description="Serve one practice. The first start makes the data directory, the keys "
        "and the database, and prints a link that sets the practice up and works once.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    parser.add_argument("--port", type=port_number, default=8000, help="default 8000")
    parser.add_argument(
        "--workers",
        type=worker_number,
        default=1,
        help="processes; more than one needs PostgreSQL",
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="default ./data")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0 done, 1 refused with a reason."""
    address = Address(args.host, args.port)
    try:
        prepare(args.data_dir, address=address, settings=LOCAL)
        give_passphrase()
        make_ready(address, workers=args.workers)
    except BadInput as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    _say_where(address)
    return run_server(address, workers=args.workers)


def prepare(data_dir: Path | None, *, address: Address, settings: str) -> None:
    """Say in the environment where the data are, for this process and its children."""
    os.umask(0o077)
    if data_dir is not None:
        os.environ["SECUREBASE_DATA_DIR"] = str(data_dir.resolve())
    os.environ.setdefault("SECUREBASE_BASE_URL", address.named_url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    check_port(address)
    try:
        django.setup()
    except (ImproperlyConfigured, ImportError) as problem:
        raise BadInput(f"The settings cannot be used: {problem}") from None
    except OSError as problem:
        raise BadInput(
            f"{problem.filename} cannot be written ({problem.strerror}). "
            "Choose another folder with --data-dir."
        ) from None


def give_passphrase() -> None:
    """Unlock the vault if a passphrase is at hand; otherwise the pages say it is locked."""
    homes = import_module("securebase.people.vault.homes")
    if not homes.is_locked():
        return
    if not (os.environ.get(PASSPHRASE_FILE) or sys.stdin.isatty()):
        print("Locked: give the passphrase with securebase keys unlock.", flush=True)
        return
    with in_words():
        homes.unlock(ask_passphrase())


def make_ready(address: Address, *, workers: int) -> None:
    """Make the data directory ready, or refuse in words."""
    first_start = import_module("securebase.config.first_start")
    try:
        first_start.make_ready(host=address.host, workers=workers)
    except first_start.NotSafe as refusal:
        raise BadInput(f"Not started, because it would not be safe.\n{refusal}") from None
    except DatabaseError as problem:
        raise BadInput(f"The database cannot be used: {str(problem).strip()}") from None
    except OSError as problem:
        raise BadInput(
            f"{problem.filename} cannot be written ({problem.strerror}). "
            "Choose another folder with --data-dir."
        ) from None


def check_port(address: Address) -> None:
    """Refuse a port that cannot be had, before anything is made."""
    kind = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as problem:
            raise BadInput(
                f"Port {address.port} on {address.host} cannot be had "
                f"({problem.strerror}). Stop what uses it, or choose another with --port."
            ) from None


def port_number(word: str) -> int:
    """Return a port; argparse says so if it is none."""
    return _whole(word, least=1, most=65535, what="a port")


def worker_number(word: str) -> int:
    """Return a number of processes; argparse says so if it is none."""
    return _whole(word, least=1, most=64, what="a number of workers")


def _whole(word: str, *, least: int, most: int, what: str) -> int:
    if not (word.isdecimal() and least <= int(word) <= most):
        raise argparse.ArgumentTypeError(f"{word!r} is not {what} from {least} to {most}")
    return int(word)


def _say_where(address: Address) -> None:
    token = import_module("securebase.stories.set_up_link").offer_link()
    if token is not None:
        base = os.environ["SECUREBASE_BASE_URL"].rstrip("/")
        print("Set up the practice with this link. It works once:")
        print(f"\n    {base}/set-up/{token}/\n")
    print(f"Serving on {address.named_url} until Ctrl-C.", flush=True)
