"""Do others come to our numbers? ``python -m tests.exchange.agreement MODULES``.

Loads every exported form in LHC-Forms with made-up answers, compares each score and
outcome with our own scorer, asks three validators, and writes the table in
``docs/reference/fhir-agreement.md``. Returns 1 if anything differs. ``make agreement``
fetches what it needs; it is no part of the suite, because the suite uses no network.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from securebase.exchange.fhir.questionnaire import questionnaire
from securebase.science.library import instruments
from securebase.science.scoring import score
from securebase.science.words import Instrument
from tests.exchange.answered import responses
from tests.exchange.lhc_forms import Resource, answered, lhc_forms, worked_out

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "fhir-agreement.md"
VALIDATE = Path(__file__).with_name("validate_forms.mjs")
CLOSE = 1e-6


@dataclass
class Row:
    """What became of one instrument."""

    slug: str
    scores: int
    outcomes: int
    compared: int = 0
    differ: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)


def expected(asked: Instrument, answers: dict[str, int]) -> dict[str, float | str | bool]:
    """Return what our own scorer makes of a response, by the linkIds of the form."""
    sheet = score(asked, answers)
    found: dict[str, float | str | bool] = {}
    for one in sheet.scores:
        slug = one.measure.split(".", 1)[1]
        if one.value is not None:
            found[f"score.{slug}"] = one.value
        if one.error is not None:
            found[f"error.{slug}"] = one.error
    known = {k: v for k, v in sheet.outcomes.items() if v is not None}
    return found | {f"outcome.{key}": value for key, value in known.items()}


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Return a line for each thing that is not the same."""
    return [
        f"{link}: ours {ours.get(link)!r}, theirs {theirs.get(link)!r}"
        for link in sorted(ours.keys() | theirs.keys())
        if not _same(ours.get(link), theirs.get(link))
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str):
        return bool(one == other) and type(one) is type(other)
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def compare(asked: Instrument, show: Any, *, count: int, seed: int) -> Row:
    """Load one form with made-up answers, as often as asked, and compare all it says."""
    form = questionnaire(asked)
    row = Row(asked.slug, len(asked.scales), len(asked.outcomes))
    for answers in responses(asked, count=count, seed=seed):
        theirs = worked_out(show(answered(form, answers)))
        mine = {key: value for key, value in theirs.items() if key in answers}
        if len(mine) < len(answers):
            row.differ.append(f"only {len(mine)} of {len(answers)} answers were taken")
        reckoned = {key: value for key, value in theirs.items() if "." in key}
        row.differ += differences(expected(asked, answers), reckoned)
        row.compared += len(asked.scales) + len(asked.outcomes)
    return row


def validated(modules: Path, resources: dict[str, Resource]) -> dict[str, Any]:
    """Return the versions of the validators, and what each found wrong in each file."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, resource in resources.items():
            file = Path(folder) / name
            file.write_text(json.dumps(resource), encoding="utf-8")
            files.append(str(file))
        command = ["node", str(VALIDATE), str(modules), *files]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Compare, validate, write the page."""
    parser = argparse.ArgumentParser(description="compare exported forms with others")
    parser.add_argument("modules", type=Path, help="a node_modules with what is asked")
    parser.add_argument("--responses", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", metavar="SLUG", help="one instrument; writes no page")
    args = parser.parse_args()
    library = [i for i in instruments().values() if args.only in (None, i.slug)]
    with lhc_forms(args.modules) as show:
        rows = [compare(i, show, count=args.responses, seed=args.seed) for i in library]
    for row in rows:
        print(row.slug, row.compared, *row.differ[:5], sep="\n    " if row.differ else " ")
    return 1 if any(row.differ for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
