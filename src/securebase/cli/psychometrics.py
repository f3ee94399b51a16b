"""``securebase psychometrics``: how an instrument behaves in a file of one's own answers."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from securebase.cli.answers import read_answers
from securebase.science.cautions import Caution, cautions
from securebase.science.library import instrument
from securebase.science.psychometrics import (
    Alpha,
    Psychometrics,
    ScaleFigures,
    known,
    psychometrics,
)
from securebase.science.words import Instrument

if TYPE_CHECKING:
    from argparse import _SubParsersAction

RELIABLE = "rc"
"""How the kinds of published change rules begin that say how much is more than noise."""


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "psychometrics",
        help="check an instrument on your own answers",
        description="Reads the file that 'securebase score' reads and says how the "
        "instrument behaves in it: missing answers, items, consistency, floor and ceiling, "
        "error and reliable change beside the published ones, and what to be careful about.",
    )
    parser.add_argument("file", metavar="FILE.csv", help="the answers; - reads from a pipe")
    parser.add_argument(
        "--instrument", metavar="SLUG", required=True, help="for instance phq-9"
    )
    parser.add_argument(
        "--missing", metavar="CODE", help="also marks a missing answer, such as 99"
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def run(args: argparse.Namespace) -> int:
    """Read everything, and only then print."""
    one = instrument(args.instrument)
    raw = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    told = psychometrics(one, read_answers(one, raw, missing=args.missing).table)
    care = cautions(one, told)
    if args.json:
        print(json.dumps(_as_json(one, told, care), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_said(one, told, care)))
    return 0


def _as_json(one: Instrument, told: Psychometrics, care: tuple[Caution, ...]) -> dict[str, Any]:
    return {
        "instrument": one.slug,
        "version": one.version,
        "people": told.people,
        "items": [
            {
                "id": item.id,
                "answered": item.answered,
                **{
                    key: known(getattr(item, key))
                    for key in ("missing", "mean", "sd", "low", "high")
                },
            }
            for item in told.items
        ],
        "scales": [_scale(one, figures) for figures in told.scales],
        "cautions": [
            {"kind": caution.kind.value, "about": caution.about, "text": caution.text}
            for caution in care
        ],
    }


def _scale(one: Instrument, figures: ScaleFigures) -> dict[str, Any]:
    keys = ("mean", "sd", "floor", "ceiling", "sem", "reliable_change")
    return {
        "scale": figures.slug,
        "people": figures.people,
        **{key: known(getattr(figures, key)) for key in keys},
        "percentiles": {str(at): known(v) for at, v in figures.percentiles.items()},
        "item_rest": {item: known(value) for item, value in figures.rest.items()},
        "alpha": _alpha(figures.alpha),
        "published": _published(one, figures.slug),
    }


def _alpha(alpha: Alpha | None) -> dict[str, float] | None:
    if alpha is None:
        return None
    return {
        "value": alpha.value,
        "low": alpha.low,
        "high": alpha.high,
        "people": alpha.people,
    }


def _published(one: Instrument, scale: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "reliability": [
            {"kind": r.kind, "value": r.value, "sd": r.sd, "sample": r.sample}
            for r in one.reliabilities
            if r.scale == scale
        ],
        "reliable_change": [
            {"kind": c.kind, "value": c.value, "method": c.method}
            for c in one.changes
            if c.scale == scale and c.kind.startswith(RELIABLE)
        ],
        "norms": [
            {"group": n.group, "mean": n.mean, "sd": n.sd, "n": n.n}
            for n in one.norms
            if n.scale == scale
        ],
    }


def _said(one: Instrument, told: Psychometrics, care: tuple[Caution, ...]) -> list[str]:
    lines = [
        f"{one.name} ({one.slug}), {told.people} people",
        "",
        f"{'item':<8}{'missing':>9}{'mean':>9}{'sd':>9}{'lowest':>9}{'highest':>9}",
    ]
    for item in told.items:
        ends = ("" if known(v) is None else f"{v:g}" for v in (item.low, item.high))
        cells = [_number(item.mean), _number(item.sd), *ends]
        lines.append(
            f"{item.id:<8}{_share(item.missing):>9}" + "".join(f"{c:>9}" for c in cells)
        )
    for figures in told.scales:
        lines += ["", *_scale_said(one, figures)]
    lines += ["", "Be careful:" if care else "Nothing to be careful about was found."]
    return lines + [f"- {caution.about}: {caution.text}" for caution in care]


def _scale_said(one: Instrument, figures: ScaleFigures) -> list[str]:
    published = _published(one, figures.slug)
    lines = [
        f"{figures.slug}: {figures.people} people scored, mean {_number(figures.mean)}, "
        f"sd {_number(figures.sd)}",
        f"  at the lowest score {_share(figures.floor)}, at the highest "
        f"{_share(figures.ceiling)}",
        "  percentiles "
        + ", ".join(f"{at}: {_number(v)}" for at, v in figures.percentiles.items()),
    ]
    if figures.alpha:
        lines.append(
            f"  alpha {figures.alpha.value:.3f} ({figures.alpha.low:.3f} to "
            f"{figures.alpha.high:.3f}; {figures.alpha.people} people answered every item)"
        )
    if known(figures.sem) is not None:
        lines.append(
            f"  standard error of measurement {_number(figures.sem)}, reliable change "
            f"{_number(figures.reliable_change)}, from these data"
        )
    if figures.rest:
        lines.append(
            "  item with the rest "
            + ", ".join(f"{item}: {_number(value)}" for item, value in figures.rest.items())
        )
    lines += [
        f"  published: reliability {r['value']:g} ({r['kind']}, sd {r['sd']:g}; {r['sample']})"
        for r in published["reliability"]
    ]
    lines += [
        f"  published: reliable change {c['value']:g} ({c['method']})"
        for c in published["reliable_change"]
    ]
    lines += [
        f"  published: {n['group']}, mean {n['mean']:g}, sd {n['sd']:g}"
        for n in published["norms"]
    ]
    return lines


def _number(value: float) -> str:
    return "unknown" if known(value) is None else f"{value:.2f}"


def _share(value: float) -> str:
    return "unknown" if known(value) is None else f"{value:.1%}"
