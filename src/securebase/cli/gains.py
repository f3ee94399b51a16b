"""``securebase gains``: sudden gains and losses in a long table of scores."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from securebase.cli.long_table import Told, of_measure, read_file, read_scores
from securebase.cli.measure import Measure, find_measure
from securebase.science.errors import BadInput
from securebase.science.gains import Bools, Floats, Steps, Variant, sudden_steps
from securebase.science.words import Better

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "gains",
        help="find sudden gains and losses",
        description="Read person,at,measure,value and list the steps between two sessions "
        "that are large in points, large in share, and hold. A blank value is a missing "
        "session. Some such steps are chance: they are a reason to ask what helped.",
    )
    parser.add_argument("file", metavar="FILE.csv", help="long table; - reads standard input")
    parser.add_argument(
        "--measure", metavar="SLUG", required=True, help="for instance phq-9.total"
    )
    parser.add_argument(
        "--reliable-change",
        metavar="N",
        type=float,
        help="least step in points; the published one if not given",
    )
    parser.add_argument(
        "--variant",
        choices=[variant.value for variant in Variant],
        default=Variant.T_FULL.value,
        help="test of stability: the t-test (default), or without its factor for the "
        "numbers of sessions",
    )
    parser.add_argument(
        "--better",
        choices=[Better.LOWER.value, Better.HIGHER.value],
        help="for a measure the library does not know; lower if not given",
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def run(args: argparse.Namespace) -> int:
    """Read everything, judge every step, and print those that are sudden."""
    measure = find_measure(args.measure, args.better)
    reliable = _reliable(args.reliable_change, measure)
    table = read_file(args.file)
    people = of_measure(read_scores(table, numbered=True), measure, table.where)
    scores = _matrix(people)
    steps = sudden_steps(
        scores, reliable=reliable, better=measure.better, variant=Variant(args.variant)
    )
    found = {
        "measure": measure.name,
        "variant": args.variant,
        "reliable_change": reliable,
        "gains": _listed(people, scores, steps, steps.gains),
        "losses": _listed(people, scores, steps, steps.losses),
        "people": len(people),
    }
    print(json.dumps(found, indent=2, ensure_ascii=False) if args.json else _said(found))
    return 0


def _reliable(told: float | None, measure: Measure) -> float:
    reliable = measure.reliable_change if told is None else told
    if reliable is None:
        raise BadInput(
            f"No reliable change is known for {measure.name!r}. Give it in points with "
            "--reliable-change."
        )
    if not 0 < reliable < np.inf:
        raise BadInput(f"--reliable-change is {reliable}, it must be above 0. For instance 6.")
    return reliable


def _matrix(people: dict[str, list[Told]]) -> Floats:
    """Scores as people by sessions, NaN where one is missing or the course has ended."""
    longest = max(len(rows) for rows in people.values())
    scores = np.full((len(people), longest), np.nan)
    for i, rows in enumerate(people.values()):
        for j, one in enumerate(rows):
            if one.value is not None:
                scores[i, j] = one.value
    return scores


def _listed(
    people: dict[str, list[Told]], scores: Floats, steps: Steps, chosen: Bools
) -> list[dict[str, Any]]:
    names, rows = list(people), list(people.values())
    return [
        {
            "person": names[i],
            "from": rows[i][j].at,
            "to": rows[i][j + 1].at,
            "size": abs(float(steps.size[i, j])),
            "reversed": bool(steps.reversed[i, j]),
            "before": float(scores[i, j]),
            "after": float(scores[i, j + 1]),
            "sessions": [int(j) + 1, int(j) + 2],
        }
        for i, j in np.argwhere(chosen)
    ]


def _said(found: dict[str, Any]) -> str:
    lines = [
        f"{found['measure']}: steps of {found['reliable_change']:g} points or more that are a "
        f"quarter of the score before, and hold ({found['variant']}).",
        f"{found['people']} people; {len(found['gains'])} sudden gains, "
        f"{len(found['losses'])} sudden losses.",
    ]
    for name, rows in (("gain", found["gains"]), ("loss", found["losses"])):
        lines += [
            f"{name}  {one['person']}  between {one['from']} and {one['to']}: "
            f"{one['before']:g} to {one['after']:g}"
            + (", half of it gone again later" if one["reversed"] else "")
            for one in rows
        ]
    return "\n".join(lines)
