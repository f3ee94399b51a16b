"""``securebase change``: who changed reliably, by a method that is named."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from securebase.cli.change_figures import Asked, line_of, statistic_of
from securebase.cli.change_scores import Pairs, read_pairs
from securebase.cli.measure import find_measure
from securebase.science.change import Change
from securebase.science.change_groups import judge, percentage_change, tally
from securebase.science.change_methods import CRITICAL, Method
from securebase.science.words import Better

if TYPE_CHECKING:
    from argparse import _SubParsersAction

FIGURES = {
    "sd": "standard deviation at intake",
    "reliability": "reliability, from 0 up to 1",
    "reliability-after": "reliability at the later time, if another (nk and ha)",
    "functional-mean": "mean of people who are well",
    "functional-sd": "standard deviation of people who are well",
    "cutoff": "the last score that is still functional; wins over all else",
}


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "change",
        help="say who changed reliably, and into the functional range",
        description="Read person,before,after, or person,at,measure,value with --before "
        "and --after, and put everybody in one category. Who has no later score dropped "
        "out and stays in the denominator.",
    )
    parser.add_argument("file", metavar="FILE.csv", help="the scores; - reads standard input")
    parser.add_argument(
        "--measure", metavar="SLUG", required=True, help="for instance phq-9.total"
    )
    parser.add_argument(
        "--method",
        choices=[method.value for method in Method],
        default=Method.JT.value,
        help="jt if not given; hlm needs the long table with three scores or more",
    )
    for name, words in FIGURES.items():
        parser.add_argument(f"--{name}", metavar="N", type=float, help=words)
    parser.add_argument(
        "--criterion",
        choices=["a", "b", "c"],
        default="c",
        help="the line made of the figures above (default c, between both groups)",
    )
    parser.add_argument("--before", metavar="AT", help="time of the first score, as in 'at'")
    parser.add_argument("--after", metavar="AT", help="time of the last score, as in 'at'")
    parser.add_argument(
        "--better",
        choices=[Better.LOWER.value, Better.HIGHER.value],
        help="for a measure the library does not know; if not given, the side on which the "
        "functional mean lies, else lower",
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def run(args: argparse.Namespace) -> int:
    """Read and judge everybody, and only then print."""
    measure = find_measure(args.measure, args.better)
    pairs = read_pairs(args.file, measure, before=args.before, after=args.after)
    if measure.instrument is None and args.better is None:
        measure = replace(measure, better=_side(args.functional_mean, pairs))
    asked = Asked(
        method=Method(args.method),
        sd=args.sd,
        reliability=args.reliability,
        reliability_after=args.reliability_after,
        functional_mean=args.functional_mean,
        functional_sd=args.functional_sd,
        cutoff=args.cutoff,
        criterion=args.criterion,
    )
    judged, basis = statistic_of(asked, measure, pairs)
    line = line_of(asked, measure, pairs)
    named = judge(
        pairs.before,
        pairs.after,
        judged,
        critical=CRITICAL[asked.method],
        line=line,
        better=measure.better,
    )
    found = {
        "measure": measure.name,
        "better": measure.better.value,
        "method": asked.method.value,
        "basis": basis,
        "critical": CRITICAL[asked.method],
        "counts": tally(named),
        "cutoff": None if line is None else line.at,
        "cutoff_is_functional": None if line is None else line.functional,
        "without_start": int((named == Change.UNKNOWN.value).sum()),
        "people": _people(pairs, judged, named, measure.better),
    }
    print(json.dumps(found, indent=2, ensure_ascii=False) if args.json else _said(found))
    return 0


def _side(functional_mean: float | None, pairs: Pairs) -> Better:
    """People who are well lie on the better side; lower, if nothing is said of them."""
    if functional_mean is None or np.isnan(pairs.before).all():
        return Better.LOWER
    return Better.HIGHER if functional_mean > np.nanmean(pairs.before) else Better.LOWER


def _people(
    pairs: Pairs, judged: np.ndarray[Any, Any], named: np.ndarray[Any, Any], better: Better
) -> list[dict[str, Any]]:
    percent = percentage_change(pairs.before, pairs.after, better=better)
    return [
        {
            "person": person,
            "before": _known(pairs.before[i]),
            "after": _known(pairs.after[i]),
            "change": _known(pairs.after[i] - pairs.before[i]),
            "percent_better": _known(percent[i]),
            "statistic": _known(judged[i]),
            "category": str(named[i]),
        }
        for i, person in enumerate(pairs.people)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _said(found: dict[str, Any]) -> str:
    counts: dict[str, int] = found["counts"]
    began = sum(counts.values())
    way = "below" if found["better"] == Better.LOWER else "above"
    lines = [f"{found['measure']}: reliable change by {found['method']} ({found['basis']})."]
    if found["cutoff"] is None:
        lines.append("No line into the functional range is known: nobody counts as recovered.")
    elif found["cutoff_is_functional"]:
        lines.append(f"Functional: {found['cutoff']:g} or {way}.")
    else:
        lines.append(f"Functional: {way} {found['cutoff']:g}.")
    lines += [
        f"{category.replace('_', ' '):14}{count:>6}{100 * count / began:>7.1f} %"
        for category, count in counts.items()
        if began
    ]
    lines.append(f"of {began} people with a first score.")
    if found["without_start"]:
        lines.append(f"Not counted: {found['without_start']} without a first score.")
    return "\n".join([*lines, "", *_rows(found["people"])])


def _rows(people: list[dict[str, Any]]) -> list[str]:
    width = max([len("person"), *(len(one["person"]) for one in people)])
    lines = [f"{'person':{width}}{'before':>9}{'after':>9}{'statistic':>11}  category"]
    for one in people:
        cells = (f"{_cell(one['before'], ''):>9}", f"{_cell(one['after'], ''):>9}")
        told = f"{_cell(one['statistic'], '.2f'):>11}"
        lines.append(
            f"{one['person']:{width}}{''.join(cells)}{told}  "
            + one["category"].replace("_", " ")
        )
    return lines


def _cell(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form or "g")
