"""Report on 10,000 people x 25 sessions x 4 measures: a million scores, read from Parquet.

Run with the project's own environment and the extra ``analytics``::

    python benchmarks/cohort.py [--people 10000]

Time is from the folder on disk to the finished report; memory is the highest the process
held (of a process that only reads, started afresh). The rows are invented.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from securebase.exchange.cohort.sources import count
from securebase.science.cohort.form import the_form
from securebase.science.cohort.outcomes import report
from securebase.stories.cohort.parquet import write_tables

SESSIONS = 25
MEASURES = [
    ("phq-9.total", "lower", 6.0, 9.0, True),
    ("gad-7.total", "lower", 4.0, 7.0, True),
    ("core-10.total", "lower", 6.0, 10.0, True),
    ("wai-sr.total", "higher", 10.0, None, None),
]


def rows(people: int) -> dict[str, list[tuple[Any, ...]]]:
    """Invent the rows of every table."""
    rng = np.random.default_rng(20261123)
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in the_form().tables}
    found["about"], found["measures"] = [(the_form().number, "bench", 5)], list(MEASURES)
    names = [f"{number:012x}" for number in range(people)]
    found["people"] = [(name, "in_care", "process", "en", "26 to 51 weeks") for name in names]
    for measure, better, *_ in MEASURES:
        slope = 0.25 if better == "higher" else -0.25
        level = rng.normal(15, 5, (people, 1)) + slope * np.arange(SESSIONS)
        values = np.round(np.clip(level + rng.normal(0, 3, level.shape), 0, 27)).tolist()
        stays = rng.integers(2, SESSIONS + 1, people).tolist()
        found["scores"] += [
            (name, measure, week + 1, week, value if week < last else None, "scored")
            for name, course, last in zip(names, values, stays, strict=True)
            for week, value in enumerate(course)
        ]
    held = [(name, week, "held", None, None, False) for name in names for week in range(25)]
    found["sessions"] = held
    found["checkins"] = [(name, week, "submitted") for name, week, *_ in held]
    found["signals"] = [(n, 1, 5, "NOT", "NOT1", "look", "phq-9.total") for n in names]
    found["acts"] = [(name, 1, 6, "closed", None) for name in names[::2]]
    found["ruptures"] = [(name, 9, "withdrawal", 11) for name in names[::3]]
    return found


def read(folder: str) -> None:
    """Read and report once, and say how long it took and how much it held."""
    started = perf_counter()
    made = report(count(folder, the_form()), the_form())
    seconds = perf_counter() - started
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"report on {made.people:,} people: {seconds:.2f} s, at most {held:.0f} MB held")


def main() -> None:
    """Write the rows, then read them in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        read(args.read)
        return
    with tempfile.TemporaryDirectory() as scratch:
        made = rows(args.people)
        started = perf_counter()
        write_tables(Path(scratch), made, the_form())
        seconds = perf_counter() - started
        size = sum(file.stat().st_size for file in Path(scratch).iterdir()) / 2**20
        scores = len(made["scores"])
        print(f"{scores:,} scores written in {seconds:.1f} s, all tables {size:.1f} MB")
        for _ in range(3):
            subprocess.run([sys.executable, __file__, "--read", scratch], check=True)


if __name__ == "__main__":
    main()
