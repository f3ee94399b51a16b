"""``securebase instruments import``: shows what a file holds, and keeps it if told to."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.main import own_instruments
from securebase.exchange.fhir.read_response import Given
from securebase.exchange.files.brought import Brought, licensed
from securebase.exchange.files.keep import keep, refuse_taken
from securebase.exchange.opened import FORMATS, opened, opened_response
from securebase.science.errors import BadInput

if TYPE_CHECKING:
    from argparse import _SubParsersAction

WITHOUT_NOTE = (
    "wording: left out. Say why you may show it with --licence-note TEXT; without it the "
    "items have numbers only."
)


def add_parser(acts: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``import`` to the acts of ``instruments``."""
    parser = acts.add_parser(
        "import",
        help="show what a file holds, and keep it with --yes",
        description="Reads a FHIR R4 Questionnaire (JSON), a REDCap data dictionary (CSV), an "
        "Open Scale Definition (JSON) or a folder of our own. Without --yes nothing is kept.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, or our own folder")
    parser.add_argument("--format", choices=FORMATS, help="told from the file if not given")
    parser.add_argument(
        "--licence-note", default="", metavar="TEXT", help="why you may show its wording"
    )
    parser.add_argument("--slug", metavar="NAME", help="what the library shall call it")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="default $SECUREBASE_DATA_DIR or ./data"
    )
    parser.add_argument("--yes", action="store_true", help="keep it")
    parser.add_argument("--json", action="store_true", help="print the preview as JSON")
    parser.set_defaults(act=run)


def run(args: argparse.Namespace) -> int:
    """Preview, and keep if told to."""
    response = opened_response(args.file, slug=args.slug)
    if response is not None:
        return _show_response(response, args)
    home, today = own_instruments(args.data_dir), datetime.now(UTC).date()
    found = opened(args.file, form=args.format)
    losses = found.losses
    if found.instrument.wordings and not args.licence_note.strip():
        losses = (*losses, WITHOUT_NOTE)
    made = licensed(found.instrument, args.licence_note.strip(), on=today)
    if args.slug:
        made = replace(made, slug=args.slug)
    brought = replace(found, instrument=made, losses=losses)
    refuse_taken(made, home)
    kept = keep(brought, home, on=today) if args.yes else None
    if args.json:
        print(json.dumps(_table(brought, kept), indent=2, ensure_ascii=False))
        return 0
    for line in (*_described(brought), "", _end(kept)):
        print(line)
    return 0


def _show_response(given: Given, args: argparse.Namespace) -> int:
    """Show answers, our scores and the totals that came; nothing of a person is kept."""
    if args.yes:
        raise BadInput(
            "--yes: a response belongs in a person's record; here it is only shown. Keep it "
            "with 'securebase fhir import'."
        )
    if args.json:
        table = {
            "instrument": given.instrument.slug,
            "at": given.answered_at.isoformat(),
            "answers": given.answers,
            "scores": given.ours.as_dict(),
            "given_totals": given.given_totals,
            "disagreements": given.disagreements,
            "losses": given.losses,
        }
        print(json.dumps(table, indent=2, ensure_ascii=False))
        return 0
    asked = given.instrument
    print(f"A response to {asked.name} of {given.answered_at.isoformat()}")
    print(f"{len(given.answers)} of {len(asked.items)} items answered.")
    for key, value in given.ours.as_dict().items():
        print(f"  {key}: {'unknown' if value is None else value}")
    for line in given.disagreements:
        print(f"DIFFERS: {line}")
    if given.given_totals and not given.disagreements:
        print("The totals that came with it are ours too.")
    for loss in given.losses:
        print(f"  {loss}")
    return 0


def _end(kept: Path | None) -> str:
    if kept is None:
        return "Nothing was kept. Look through it, and keep it with --yes."
    return f"Kept in {kept}. The library reads it from now on."


def _described(brought: Brought) -> list[str]:
    made = brought.instrument
    wording = next(iter(made.wordings.values()), None)
    texts = wording.items if wording else {}
    return [
        f"{made.name} ({made.slug}, version {made.version}), from {brought.form}",
        f"The file says of its rights: {brought.says or 'nothing.'}",
        f"Kept on shelf {made.licence.shelf}: {made.licence.evidence or 'no evidence.'}",
        f"{'Validated' if made.validated else 'NOT taken as a validated measure'}.",
        "",
        f"{len(made.items)} items:",
        *(
            f"  {i.id}. {texts.get(i.id, '')} ({_values(i.kind, i.low, i.high)})"
            for i in made.items
        ),
        f"{len(made.scales)} scores:",
        *(
            f"  {s.slug}: {s.combine} of {len(s.items)} items, {s.low:g} to {s.high:g}, at "
            f"least {s.min_answered} answered, reversed: "
            f"{', '.join(sorted(s.reversed_items)) or 'none'}"
            for s in made.scales
        ),
        *(f"  outcome {outcome.key}: {outcome.label}" for outcome in made.outcomes),
        f"{len(brought.losses)} losses:",
        *(f"  {loss}" for loss in brought.losses),
    ]


def _values(kind: str, low: int, high: int) -> str:
    return "own words" if kind == "text" else f"{low} to {high}"


def _table(brought: Brought, kept: Path | None) -> dict[str, Any]:
    made = brought.instrument
    return {
        "slug": made.slug,
        "version": made.version,
        "name": made.name,
        "format": brought.form,
        "rights": brought.says,
        "shelf": made.licence.shelf.value,
        "validated": made.validated,
        "text": sorted(made.wordings),
        "items": [i.id for i in made.items],
        "scores": {s.slug: [s.low, s.high] for s in made.scales},
        "outcomes": [o.key for o in made.outcomes],
        "losses": list(brought.losses),
        "kept": None if kept is None else str(kept),
    }
