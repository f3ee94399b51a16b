"""``securebase erase-subject``: what an erasure would do, table by table.

Erasing itself takes two people who are signed in. The command shows the plan, and after
an older backup was restored it erases again whom that brought back.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from securebase.cli.keeping import (
    add_data_dir,
    add_json,
    in_words,
    open_practice,
    say,
)
from securebase.cli.subject import the_patient

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NEXT = (
    "Nothing was erased. Two hosts do it together: one asks under Subjects, the other "
    "confirms under Two persons."
)


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "erase-subject",
        help="show the plan of an erasure; erase again after a restore",
        description="Show what erasing one person would do, table by table. " + NEXT,
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", metavar="ADDRESS", help="the exact address they sign in with")
    whom.add_argument("--record", metavar="KEY", help="the whole key of the record")
    whom.add_argument(
        "--again",
        action="store_true",
        help="erase everybody who was erased before and came back with a backup",
    )
    add_data_dir(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the plan, or erase again."""
    open_practice(args.data_dir)
    now = import_module("django.utils.timezone").now
    with in_words():
        if args.again:
            return _again(args, now())
        plan_erasure = import_module("securebase.stories.erase_subject.plan").plan_erasure
        plan = plan_erasure(the_patient(args), at=now())
    _show(plan, as_json=args.json)
    return 0


def _again(args: argparse.Namespace, at: Any) -> int:
    import_module("securebase.people.vault.erasure").apply_list()
    done = import_module("securebase.stories.erase_subject.erase").erase_again(at=at)
    if args.json:
        say(json.dumps({"erased_again": [str(record) for record in done]}))
    else:
        say(f"{len(done)} erased again.")
    return 0


def _show(plan: Any, *, as_json: bool) -> None:
    lines = [_line(line) for line in plan.lines]
    if as_json:
        told = {"erased": plan.erased, "kept": plan.kept, "warnings": plan.warnings}
        say(json.dumps(told | {"tables": lines}, indent=2))
        return
    for warning in plan.warnings:
        say(f"Note: {warning}")
    for line in lines:
        until = f", at least until {line['at_least_until']}" if line["at_least_until"] else ""
        say(f"{line['rows']:>7}  {line['then']:<9} {line['says']} ({line['table']}){until}")
    say(NEXT)


def _line(line: Any) -> dict[str, Any]:
    until = line.at_least_until
    return {
        "table": line.table.label,
        "says": line.table.says,
        "rows": line.rows,
        "then": line.table.then.name.lower(),
        "why": line.why,
        "at_least_until": until.isoformat() if until else None,
    }
