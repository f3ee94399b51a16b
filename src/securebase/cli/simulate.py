"""``securebase simulate``: invented patients with known truth, as three CSV files."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.scoring import score
from securebase.science.simulate.cohort import Cohort, InventedPatient, Occasion, simulate
from securebase.science.simulate.recipe import load_recipe
from securebase.science.trajectory.prior import load_priors

if TYPE_CHECKING:
    from argparse import _SubParsersAction

Row = Iterable[object]

TRUTH = ("low_mood", "worry", "alliance", "tension", "security", "closeness", "arousal")


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "simulate",
        help="invent patients with known truth",
        description="Write responses.csv (every answer), trajectories.csv (scores, as "
        "'securebase trajectory' reads it) and truth.csv (what was really so). The same "
        "seed writes the same files.",
    )
    parser.add_argument("--patients", type=int, required=True, metavar="N", help="how many")
    parser.add_argument("--seed", type=int, required=True, metavar="S", help="zero or more")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder")
    parser.add_argument("--weeks", type=int, default=20, metavar="N", help="default 20")
    parser.add_argument(
        "--start",
        type=date.fromisoformat,
        default=date(2026, 1, 5),
        metavar="DATE",
        help="first day, as 2026-01-05 (the default)",
    )


def run(args: argparse.Namespace) -> int:
    """Invent everybody, check that no file is in the way, and only then write."""
    cohort = simulate(args.patients, args.seed, start=args.start, weeks=args.weeks)
    written = {
        "responses.csv": _responses(cohort),
        "trajectories.csv": _trajectories(cohort),
        "truth.csv": _truth(cohort),
    }
    _check_free(args.out, written)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, rows in written.items():
        with (args.out / name).open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
    return 0


def _check_free(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        taken = folder / name
        if taken.exists() and taken.stat().st_size > 0:
            raise BadInput(
                f"{taken} is there already and not empty. Move it away, or choose another "
                "folder with --out."
            )


def _all(cohort: Cohort) -> Iterator[tuple[InventedPatient, Occasion]]:
    for patient in cohort.patients:
        for occasion in patient.occasions:
            yield patient, occasion


def _responses(cohort: Cohort) -> Iterator[Row]:
    """Give one row per answered check-in, one column per question that was ever asked."""
    asked = [
        (ask.slug, item.id)
        for ask in load_recipe().asking
        for item in instrument(ask.slug).items
        if item.kind != "text"
    ]
    yield ("person", "at", *(f"{slug}.{item}" for slug, item in asked))
    for patient, occasion in _all(cohort):
        if occasion.answered_at is not None:
            cells = [occasion.answers.get(slug, {}).get(item) for slug, item in asked]
            yield (
                patient.person,
                occasion.answered_at.isoformat(),
                *("" if cell is None else cell for cell in cells),
            )


def _trajectories(cohort: Cohort) -> Iterator[Row]:
    """Give one row per score that the trajectory model knows, empty where not scorable."""
    known = load_priors()
    yield "person", "at", "measure", "value"
    for patient, occasion in _all(cohort):
        for slug, answers in occasion.answers.items():
            for one in score(instrument(slug), answers).scores:
                if one.measure in known:
                    value = "" if one.value is None else f"{one.value:g}"
                    yield patient.person, _iso(occasion.answered_at), one.measure, value


def _truth(cohort: Cohort) -> Iterator[Row]:
    """Give one row per week that asked something, with the true levels and turning points."""
    yield (
        *("person", "name", "pronouns", "course", "week", "due", "answered_at"),
        *("session_at", "session_held", "sessions", "strained", "repaired", "gain", "drifting"),
        *TRUTH,
    )
    for patient, occasion in _all(cohort):
        week, strain = occasion.week, patient.rupture
        yield (
            *(patient.person, patient.name, patient.pronouns, patient.course.value),
            *(week, occasion.due.isoformat(), _iso(occasion.answered_at)),
            *(_iso(occasion.session_at), int(occasion.session_held), occasion.sessions),
            int(strain is not None and strain[0] <= week <= strain[1]),
            int(week == patient.repaired),
            int(week == patient.gain),
            int(patient.drift is not None and week >= patient.drift),
            *(f"{occasion.truth[name]:.4f}" for name in TRUTH),
        )


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
