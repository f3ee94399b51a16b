"""Draw answers and courses, and write them where every contender can read them.

Usage: python -m benchmarks.drawn answers|caseload|growth FOLDER PEOPLE
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.work import ITEMS, PART, Caseload, figures_of, priors

Floats = NDArray[np.float64]
SEED = 20261123


def answers(folder: Path, people: int) -> None:
    """Write answers 0 to 4, three in a hundred missing (-1): by rows and by columns."""
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, 5, (people, ITEMS), dtype=np.int8)
    for begun in range(0, people, PART):
        part = drawn[begun : begun + PART]
        part[rng.random(part.shape, dtype=np.float32) < 0.03] = -1
    drawn.tofile(folder / "rows.i1")
    np.ascontiguousarray(drawn.T).tofile(folder / "columns.i1")


def courses(people: int, seed: int) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Offsets, weeks and sessions of people with 8 to 25 irregular sessions."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(8, 26, people)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    nth = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    return offsets, nth * 1.2 + rng.uniform(0, 1, nth.size), nth.astype(np.float64)


def caseload(folder: Path, people: int) -> None:
    """Write a caseload part by part, and the priors as numbers for C and R."""
    files = [(folder / f"{name}.f8").open("wb") for name in Caseload.COLUMNS]
    ends, last = [np.zeros(1, dtype=np.int64)], 0
    for begun in range(0, people, PART):
        offsets, weeks, nth = courses(min(PART, people - begun), SEED + begun)
        rng = np.random.default_rng([SEED, begun])
        ends.append(offsets[1:] + last)
        last += int(offsets[-1])
        weeks.tofile(files[0])
        nth.tofile(files[1])
        for handle, prior in zip(files[2:], priors(), strict=True):
            level = prior.intercept_mean + prior.slope_mean * np.log1p(nth)
            values = np.round(level + rng.normal(0, prior.intercept_sd, nth.size))
            values[rng.random(nth.size) < 0.1] = np.nan
            values.tofile(handle)
    for handle in files:
        handle.close()
    np.concatenate(ends).tofile(folder / "offsets.i8")
    lines = (" ".join(repr(float(one)) for one in figures_of(prior)) for prior in priors())
    (folder / "priors.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def growth(folder: Path, people: int) -> None:
    """Write scores that grow, pass and err, as numbers and as a table for R."""
    offsets, weeks, nth = courses(people, SEED)
    rng = np.random.default_rng(SEED)
    person = np.repeat(np.arange(people), np.diff(offsets))
    lines = rng.multivariate_normal([15.5, -2.3], [[18.0, -2.0], [-2.0, 3.2]], people)[person]
    passing = rng.normal(0, 2.2, person.size)
    kept = 0.5 ** (np.diff(weeks, prepend=0.0) / 1.2)
    for i in np.flatnonzero(nth):
        passing[i] = kept[i] * passing[i - 1] + np.sqrt(1 - kept[i] ** 2) * passing[i]
    dose = np.log1p(nth)
    values = lines[:, 0] + lines[:, 1] * dose + passing + rng.normal(0, 1.9, nth.size)
    offsets.tofile(folder / "offsets.i8")
    for name, column in (("weeks", weeks), ("sessions", nth), ("values", values)):
        column.tofile(folder / f"{name}.f8")
    with (folder / "scores.csv").open("w", newline="", encoding="ascii") as handle:
        write = csv.writer(handle)
        write.writerow(("person", "week", "dose", "value"))
        columns = (column.tolist() for column in (person, weeks, dose, values))
        write.writerows(zip(*columns, strict=True))


def main() -> None:
    """Draw what is asked for."""
    what, folder, people = sys.argv[1:]
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    {"answers": answers, "caseload": caseload, "growth": growth}[what](place, int(people))


if __name__ == "__main__":
    main()
