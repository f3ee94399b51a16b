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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from securebase.exchange.fhir.questionnaire import questionnaire
from securebase.exchange.fhir.response import (
    focused,
    marked,
    observations,
    questionnaire_response,
    with_totals,
)
from securebase.science.library import instruments
from securebase.science.scoring import score
from securebase.science.words import Instrument
from tests.exchange.answered import responses
from tests.exchange.lhc_forms import Resource, answered, lhc_forms, worked_out

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "fhir-agreement.md"
VALIDATE = Path(__file__).with_name("validate_forms.mjs")
CLOSE = 1e-6
AT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
MOTHER = {"key": "k1", "kind": "mother"}
TEMPLATE = Path(__file__).with_name("agreement_page.md")


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


def resources(asked: Instrument, *, seed: int) -> dict[str, Resource]:
    """Return what goes out for one instrument: its form, a response, its Observations."""
    answers = responses(asked, count=3, seed=seed)[2]
    subject, sheet = "Patient/1", score(asked, answers)
    made = observations(
        asked, sheet, at=AT, response="QuestionnaireResponse/1", subject=subject
    )
    response = questionnaire_response(asked, answers, at=AT, subject=subject)
    if asked.target == "person":
        response = marked(response, **MOTHER)
        made = [focused(one, **MOTHER) for one in made]
    came = {one.slug: one.low for one in asked.scales}
    found = {
        f"{asked.slug}.form": questionnaire(asked),
        f"{asked.slug}.response": with_totals(response, came),
    }
    return found | {f"{asked.slug}.observation{n}": one for n, one in enumerate(made)}


def spoiled() -> dict[str, Resource]:
    """Return resources that are not valid, so that a validator asleep is noticed."""
    form = questionnaire(instruments()["gad-7"])
    return {
        "spoiled.status": form | {"status": "perhaps"},
        "spoiled.unknown": form | {"wording": "none"},
        "spoiled.item": form | {"item": [{"text": "no linkId", "type": "choice"}]},
    }


def page(rows: list[Row], told: dict[str, Any], *, checked: int, count: int) -> str:
    """Return the page with its tables."""
    spoilt = {file: found for file, found in told["found"].items() if is_spoiled(file)}
    names = list(told["versions"])[1:]
    return TEMPLATE.read_text(encoding="utf-8").format(
        count=count,
        compared=sum(r.compared for r in rows),
        differ=sum(len(r.differ) for r in rows),
        checked=checked,
        faults=sum(len(r.faults) for r in rows),
        programs="\n".join(f"- `{name}` {v}" for name, v in told["versions"].items()),
        spoiled="\n".join(
            f"| `{name}` | "
            + " | ".join(
                "refused" if found[name] else "let through" for found in spoilt.values()
            )
            + " |"
            for name in names
        ),
        lines="\n".join(
            f"| `{r.slug}` | {r.scores} | {r.outcomes} | {r.compared} | {len(r.differ)} | "
            f"{len(r.faults)} |"
            for r in rows
        ),
    )


def is_spoiled(file: str) -> bool:
    """Say whether a resource was spoiled on purpose."""
    return file.startswith("spoiled.")


def versions_in(modules: Path) -> dict[str, str]:
    """Return the version of LHC-Forms; the validators tell theirs."""
    text = (modules / "lforms" / "package.json").read_text(encoding="utf-8")
    return {"lforms": json.loads(text)["version"]}


def asleep(found: dict[str, Any]) -> list[str]:
    """Return what no validator noticed, and who noticed nothing."""
    spoilt = {file: told for file, told in found.items() if is_spoiled(file)}
    missed = [
        f"nobody refused {file}" for file, told in spoilt.items() if not any(told.values())
    ]
    names = next(iter(spoilt.values()))
    idle = [n for n in names if not any(told[n] for told in spoilt.values())]
    return missed + [f"{name} refuses nothing" for name in idle]


def faults_of(slug: str, told: dict[str, Any]) -> dict[str, list[str]]:
    """Return what the validators found in what goes out for one instrument."""
    return {
        f"{file}, {name}": faults
        for file, found in told.items()
        if file.startswith(f"{slug}.")
        for name, faults in found.items()
        if faults
    }


def main() -> int:
    """Compare, validate, write the page."""
    parser = argparse.ArgumentParser(description="compare exported forms with others")
    parser.add_argument("modules", type=Path, help="a node_modules with what is asked")
    parser.add_argument("--responses", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", metavar="SLUG", help="one instrument; writes no page")
    args = parser.parse_args()
    library = [i for i in instruments().values() if args.only in (None, i.slug)]
    out = {k: v for i in library for k, v in resources(i, seed=args.seed).items()}
    told = validated(args.modules, out | spoiled())
    with lhc_forms(args.modules) as show:
        rows = [compare(i, show, count=args.responses, seed=args.seed) for i in library]
    for row in rows:
        row.faults = faults_of(row.slug, told["found"])
    problems = [f"{r.slug}: {p}" for r in rows for p in (*r.differ, *r.faults.items())]
    problems += asleep(told["found"])
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    if args.only is None:
        told["versions"] = versions_in(args.modules) | told["versions"]
        text = page(rows, told, checked=len(out), count=args.responses)
        PAGE.write_text(text, encoding="utf-8")
    compared = sum(row.compared for row in rows)
    sys.stdout.write(f"{compared} values compared, {len(out)} resources validated.\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
