"""``securebase demo``: an invented practice, built once and served until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.serve import make_ready, port_number, prepare
from securebase.cli.server import Address, run_server
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction

DEMO = "securebase.config.settings.demo"
DIRECTORY = Path("demo-data")
MOST_PATIENTS = 500
MARK = "INVENTED.txt"
MARK_WORDS = (
    "Everybody in this folder is invented. securebase demo made it, and may remove and\n"
    "make it again. Never put a real practice here.\n"
)


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "demo",
        help="serve an invented practice",
        description="Invent a practice, live its months through the same steps as a real "
        "one, and serve it. DIR/demo.json lists the people with links that sign in.",
    )
    parser.add_argument("--port", type=port_number, default=8000, help="default 8000")
    parser.add_argument("--patients", type=int, default=24, help="default 24")
    parser.add_argument("--seed", type=int, default=7, help="zero or more, default 7")
    parser.add_argument(
        "--data-dir", type=Path, default=DIRECTORY, metavar="DIR", help="default ./demo-data"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build the demo unless it is there, then serve it; 0 done, 1 refused with a reason."""
    address = Address("127.0.0.1", args.port)
    directory: Path = args.data_dir.resolve()
    recipe = {"patients": args.patients, "seed": args.seed}
    try:
        check_recipe(**recipe)
        check_place(directory)
        built = _is_built(directory, recipe)
        if not built:
            _clear(directory)
        os.environ["SECUREBASE_BASE_URL"] = address.url
        prepare(directory, address=address, settings=DEMO)
        make_ready(address, workers=1)
        if not built:
            _build(directory, recipe)
    except BadInput as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    listed = _list_people(directory, address)
    print(f"\nThe demo is at {address.url}/ until Ctrl-C. Invented people; nothing is real.")
    print(f"{len(listed)} people can be entered; the links are in {directory / 'demo.json'}.")
    sys.stdout.flush()
    return run_server(address, workers=1)


def check_recipe(*, patients: int, seed: int) -> None:
    """Refuse numbers no demo can be made of."""
    if not 1 <= patients <= MOST_PATIENTS:
        raise BadInput(
            f"patients is {patients}, it must be 1 to {MOST_PATIENTS}. For instance 24."
        )
    if seed < 0:
        raise BadInput(f"seed is {seed}, it must be zero or more. For instance 7.")


def check_place(directory: Path) -> None:
    """Refuse a folder that holds anything but a demo: it could be a real practice."""
    if (directory / MARK).exists():
        return
    if directory.is_file() or (directory.is_dir() and any(directory.iterdir())):
        raise BadInput(
            f"{directory} is not empty and was not made by securebase demo. "
            "It could hold a real practice. Choose another folder with --data-dir."
        )


def _is_built(directory: Path, recipe: dict[str, int]) -> bool:
    try:
        kept = json.loads((directory / "demo.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    return bool(kept.get("recipe") == recipe)


def _clear(directory: Path) -> None:
    """Empty a folder that a demo made, and mark it again before anything is built in it."""
    try:
        if (directory / MARK).exists():
            shutil.rmtree(directory)
        directory.mkdir(parents=True, exist_ok=True)
        (directory / MARK).write_text(MARK_WORDS)
    except OSError as problem:
        raise BadInput(
            f"{problem.filename} cannot be written ({problem.strerror}). "
            "Choose another folder with --data-dir."
        ) from None


def _build(directory: Path, recipe: dict[str, int]) -> None:
    """Live the months, then write who may be entered; the file says that all is there."""
    timezone = import_module("django.utils.timezone")
    build = import_module("securebase.stories.demo.build").build_demo
    print(f"Inventing a practice with {recipe['patients']} people, month by month:")
    began = time.monotonic()
    invented = build(recipe["patients"], recipe["seed"], now=timezone.now(), say=print)
    print(f"Lived through in {time.monotonic() - began:.0f} seconds.")
    _write(directory, {"recipe": recipe, "people": list(_entries(invented))})


def _entries(invented: Iterable[Any]) -> Iterable[dict[str, str]]:
    entry_path = import_module("securebase.pages.public.demo").entry_path
    for one in invented:
        yield {
            "role": one.role,
            "name": one.user.get_full_name(),
            "note": one.note,
            "sign_in_url": entry_path(one.user),
        }


def _list_people(directory: Path, address: Address) -> list[dict[str, str]]:
    """Write the links as they are at this start: the port may be another one."""
    kept = json.loads((directory / "demo.json").read_text())
    for person in kept["people"]:
        path = person["sign_in_url"]
        person["sign_in_url"] = address.url + path[path.index("/demo/enter/") :]
    _write(directory, {**kept, "base_url": address.url})
    listed: list[dict[str, str]] = kept["people"]
    return listed


def _write(directory: Path, content: dict[str, Any]) -> None:
    """Write the file whole or not at all."""
    half = directory / "demo.json.half"
    half.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    half.replace(directory / "demo.json")
