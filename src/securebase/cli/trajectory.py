"""``securebase trajectory``: from a long table of scores to levels, bands and signals."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.cli.long_table import Told, read_file, read_scores
from securebase.science.errors import BadInput
from securebase.science.signals.assess import Situation, of_trajectory
from securebase.science.signals.rules import load_rules
from securebase.science.tables import Table
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import Prior, Priors, load_priors
from securebase.science.words import Point, Trajectory

if TYPE_CHECKING:
    from argparse import _SubParsersAction

COLUMNS = (
    "person",
    "at",
    "measure",
    "value",
    "filtered",
    "filtered_sd",
    "predicted",
    "predicted_sd",
    "innovation",
    "band_low",
    "band_high",
    "p_reliable_improvement",
    "signals",
    "smoothed",
    "smoothed_sd",
)

Made = tuple[Point, tuple[str, ...], tuple[float, float]]
"""What was made of one score: its point, the rules that spoke, the level looking back."""
Row = tuple[Told, Point, tuple[str, ...], tuple[float, float]]


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "trajectory",
        help="follow scores over time: level, band, chances, signals",
        description="Read person,at,measure,value and write what the trajectory model "
        "makes of every row. The rows of one person and measure count as sessions 0 "
        "(intake), 1, 2 ... in order of time; an empty value is a score that was missed. "
        "Signals are named as each row raised them, before any cap. 'filtered' is the level "
        "given scores up to that row, 'smoothed' given all of them, later ones too. Bad input "
        "is refused whole; nothing is written then.",
    )
    parser.add_argument("file", metavar="FILE.csv", help="long table; - reads standard input")
    parser.add_argument("--priors", metavar="FILE.toml", type=Path, help="priors of your own")
    parser.add_argument(
        "--out", metavar="OUT.csv", type=Path, help="write here instead of standard output"
    )
    parser.add_argument(
        "--planned-sessions",
        metavar="N",
        type=int,
        default=16,
        help="session of the planned end (default 16)",
    )


def run(args: argparse.Namespace) -> int:
    """Check and follow everything, and only then write."""
    if args.planned_sessions < 1:
        raise BadInput(
            f"--planned-sessions is {args.planned_sessions}, it must be 1 or more, "
            "for instance 16."
        )
    if args.out is not None and args.out.resolve() == Path(args.file).resolve():
        raise BadInput(f"--out is the file that is read, {args.file}. Name another.")
    priors = load_priors(args.priors)
    told = _read(read_file(args.file), priors)
    text = _written(_followed(told, priors, args.planned_sessions))
    if args.out is None:
        sys.stdout.write(text)
    else:
        args.out.write_text(text, encoding="utf-8", newline="")
    return 0


def _read(table: Table, priors: Priors) -> list[Told]:
    """Check every row before any is used."""
    told = read_scores(table)
    for one in told:
        place = f"{table.where}, row {one.row}, column"
        if one.measure not in priors:
            raise BadInput(
                f"{place} measure: no prior for {one.measure!r}; there is one for "
                f"{', '.join(sorted(priors.by_measure))}. Give others with --priors."
            )
        _check_range(one.value, priors[one.measure], f"{place} value")
    return told


def _check_range(score: float | None, prior: Prior, place: str) -> None:
    if score is not None and not prior.low <= score <= prior.high:
        raise BadInput(
            f"{place}: {score:g} is outside {prior.measure}, which runs from {prior.low:g} "
            f"to {prior.high:g}. Correct it, or leave the cell empty."
        )


def _followed(told: list[Told], priors: Priors, planned: int) -> Iterator[Row]:
    """Give every row with what was made of it, in the given order."""
    groups: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        groups.setdefault((one.person, one.measure), []).append(one)
    made: dict[int, Made] = {}
    for (_, measure), rows in groups.items():
        rows.sort(key=lambda one: one.when)
        line = follow(
            [one.when for one in rows],
            [one.value for one in rows],
            prior=priors[measure],
            planned_sessions=planned,
        )
        spoken = _spoken(line, priors)
        made |= {
            one.row: (point, rules, back)
            for one, point, rules, back in zip(
                rows, line.points, spoken, line.smoothed, strict=True
            )
        }
    for one in told:
        yield one, *made[one.row]


def _spoken(line: Trajectory, priors: Priors) -> list[tuple[str, ...]]:
    """Ask the rules after each point in turn, as they stood then, before any cap."""
    rules = load_rules()
    return [
        tuple(
            signal.rule
            for signal in of_trajectory(
                line.until(nth + 1), rules, priors, Situation(at=point.at, session=float(nth))
            )
        )
        for nth, point in enumerate(line.points)
    ]


def _written(rows: Iterable[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for told, point, signals, smoothed in rows:
        figures = (
            point.filtered_mean,
            point.filtered_sd,
            point.predicted_mean,
            point.predicted_sd,
            point.innovation,
            point.band_low,
            point.band_high,
            point.p_improve,
        )
        writer.writerow(
            (
                told.person,
                told.when.isoformat(),
                told.measure,
                "" if told.value is None else f"{told.value:g}",
                *("" if figure is None else f"{figure:.6f}" for figure in figures),
                " ".join(signals),
                *(f"{figure:.6f}" for figure in smoothed),
            )
        )
    return out.getvalue()
