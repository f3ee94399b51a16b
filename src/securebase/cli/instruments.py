"""``securebase instruments``: what the library holds, whether it is sound, what comes in."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from securebase.cli import bring_in
from securebase.exchange.fhir.questionnaire import questionnaire
from securebase.science.errors import UnknownName
from securebase.science.examples import disagreements, examples
from securebase.science.library import instrument, instruments, is_shipped
from securebase.science.words import Instrument

if TYPE_CHECKING:
    from argparse import _SubParsersAction

COLUMNS = ("slug", "items", "shelf", "validated", "text", "scores")


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``instruments`` with its own ``show``, ``check`` and ``import``."""
    parser = subparsers.add_parser(
        "instruments", help="list, show, check and import instruments"
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.set_defaults(act=_list)
    acts = parser.add_subparsers(metavar="ACT")
    show = acts.add_parser("show", help="show one instrument whole")
    show.add_argument("slug", metavar="SLUG", help="its name, for instance phq-9")
    shape = show.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print as JSON")
    shape.add_argument("--fhir", action="store_true", help="print as a FHIR R4 Questionnaire")
    show.add_argument(
        "--language", metavar="CODE", help="in which language; en if there, or the first"
    )
    show.set_defaults(act=_show)
    check = acts.add_parser("check", help="read every definition, score every worked case")
    check.set_defaults(act=_check)
    bring_in.add_parser(acts)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 if a check fails."""
    code: int = args.act(args)
    return code


def _list(args: argparse.Namespace) -> int:
    rows = [_row(one) for one in instruments().values()]
    if args.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    texts = [COLUMNS, *(tuple(_cell(row[column]) for column in COLUMNS) for row in rows)]
    widths = [max(len(text[n]) for text in texts) for n in range(len(COLUMNS))]
    for text in texts:
        cells = (cell.ljust(width) for cell, width in zip(text, widths, strict=True))
        print("  ".join(cells).rstrip())
    return 0


def _row(one: Instrument) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "version": one.version,
        "name": one.name,
        "measures": one.measures,
        "items": len(one.items),
        "minutes": one.minutes,
        "shelf": one.licence.shelf.value,
        "validated": one.validated,
        "text": sorted(one.wordings),
        "scores": [scale.slug for scale in one.scales],
        "outcomes": [outcome.key for outcome in one.outcomes],
    }


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)


def _show(args: argparse.Namespace) -> int:
    one = instrument(args.slug)
    language = _language(one, args.language)
    if args.fhir:
        form = questionnaire(one, language=language)
        print(json.dumps(form, indent=2, ensure_ascii=False))
        return 0
    if args.json:
        print(json.dumps(asdict(one), indent=2, ensure_ascii=False, default=_plain))
        return 0
    for line in _described(one, language):
        print(line)
    return 0


def _language(one: Instrument, asked: str | None) -> str:
    if asked is None:
        return "en" if "en" in one.wordings else next(iter(one.wordings), "en")
    if one.wordings and asked not in one.wordings:
        raise UnknownName(
            f"{one.slug} has no wording in {asked!r}. It has {', '.join(one.wordings)}."
        )
    return asked


def _plain(value: Any) -> Any:
    """Return what JSON can hold for the two kinds it does not know."""
    return value.isoformat() if isinstance(value, date) else sorted(value)


def _described(one: Instrument, language: str) -> list[str]:
    verified = {source.key: source.verified for source in one.sources}
    return [
        f"{one.name} ({one.slug}, version {one.version}): {one.measures}",
        f"Recall: {one.recall}; about {one.minutes:g} minutes; "
        f"{'validated' if one.validated else 'NOT a validated measure'}.",
        f"Licence, shelf {one.licence.shelf}: {one.licence.statement}",
        *([f"Notice: {one.licence.notice}"] if one.licence.notice else []),
        "",
        *_items(one, language),
        "",
        *_scores(one),
        *_figures(one, verified),
        "",
        *(f"Source: {s.text}{'' if s.verified else ' [not verified]'}" for s in one.sources),
    ]


def _items(one: Instrument, language: str) -> list[str]:
    wording = one.wordings.get(language)
    texts = wording.items if wording else {}
    lines = [wording.instruction] if wording else ["No text may be shown; ask for your own."]
    over = ""
    for item in one.items:
        if item.group and item.group != over:
            over = item.group
            asked = wording.groups[over] if wording else ""
            lines.append(f"  {over}. {asked} (several may be ticked)")
        values = "own words" if item.kind == "text" else f"{item.low} to {item.high}"
        mark = ", safety item" if item.safety else ""
        lines.append(f"  {item.id}. {texts.get(item.id, '')} ({values}{mark})")
    return lines


def _scores(one: Instrument) -> list[str]:
    lines = []
    for scale in one.scales:
        bands = [f"{b.key} from {b.minimum:g}" for b in one.bands if b.scale == scale.slug]
        lines.append(
            f"Score {scale.slug}: {scale.combine} of {len(scale.items)} items, "
            f"{scale.low:g} to {scale.high:g}, {scale.better} is better; at least "
            f"{scale.min_answered} answered; "
            f"{'bands: ' + ', '.join(bands) if bands else 'no published severity bands'}."
        )
    for outcome in one.outcomes:
        lines.append(f"Outcome {outcome.key}: {outcome.label}.")
    return lines


def _figures(one: Instrument, verified: dict[str, bool]) -> list[str]:
    def mark(key: str) -> str:
        return "" if verified[key] else " [not verified]"

    cutoffs = [
        f"Cut-off {c.scale} {c.value:g}: {c.meaning}{mark(c.source)}" for c in one.cutoffs
    ]
    changes = [
        f"Change {c.scale} {c.kind} {c.value:g}: {c.method}{mark(c.source)}"
        for c in one.changes
    ]
    return cutoffs + changes


def _check(_args: argparse.Namespace) -> int:
    library = instruments().values()
    shipped = [one for one in library if is_shipped(one.slug)]
    found = [fault for one in shipped for fault in disagreements(one)]
    for fault in found:
        print(fault)
    cases = sum(len(examples(one)) for one in shipped)
    verdict = f"{len(found)} disagreements" if found else "all agree"
    print(f"{len(shipped)} instruments, {cases} worked cases: {verdict}.")
    if len(library) > len(shipped):
        print(f"{len(library) - len(shipped)} brought in by this practice: read and sound.")
    return 1 if found else 0
