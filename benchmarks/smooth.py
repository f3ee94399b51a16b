"""Filter, smooth and predict a caseload: 10,000 people x 25 sessions x 4 measures; 1 M people.

Run with NumPy from the project::

    PYTHONPATH=src python benchmarks/smooth.py

Prints time and peak memory for sizes a factor of ten apart, all at once, and for a million
people who come part by part from files mapped into memory. Targets: cost in proportion to
people, and for the million no more memory than a part of them needs.
"""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.trajectory.smooth import (
    Caseload,
    people_in_parts,
    smooth_caseload,
    smooth_in_parts,
)

Floats = NDArray[np.float64]
MEASURES = ("phq-9.total", "gad-7.total", "pcl-5.total", "session-check-in.alliance")
ROUNDS = 5
PART = 20_000


def drawn(people: int, seed: int = 20261123) -> tuple[NDArray[np.intp], Floats, Floats, Floats]:
    """Offsets, weeks, sessions and scores of people with 8 to 25 irregular sessions."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(8, 26, people)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    sessions = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    weeks = sessions * 1.2 + rng.uniform(0, 1, offsets[-1])
    values = np.round(rng.normal(8, 3, offsets[-1])).clip(0, 10)
    values[rng.random(values.size) < 0.1] = np.nan
    return offsets, weeks, sessions.astype(float), values


def refreshed(data: Caseload, priors: list[Prior]) -> None:
    """Filter, smooth and predict every measure."""
    for prior in priors:
        smooth_caseload(*data, prior)


def at_once(people: int, priors: list[Prior]) -> None:
    """Print the median time, and the peak of what is allocated, of one refresh."""
    data = drawn(people)
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        refreshed(data, priors)
        times.append(perf_counter() - begun)
    tracemalloc.start()
    refreshed(data, priors)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    each = float(np.median(times))
    print(
        f"{people:>9} people x {len(priors)} measures: {each:8.3f} s, "
        f"{1e6 * each / people:6.2f} us a person, peak {peak / 2**20:7.1f} MiB"
    )


def in_parts(people: int, prior: Prior) -> None:
    """Print the time for very many people from files, and the memory they need."""
    with TemporaryDirectory() as folder:
        offsets, columns = written(people, Path(folder))
        tracemalloc.start()
        begun, observations = perf_counter(), 0
        parts = people_in_parts(offsets, *columns, people=PART)
        for got in smooth_in_parts(parts, prior):
            observations += got.smoothed_mean.size
        taken = perf_counter() - begun
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    print(
        f"{people:>9} people, 1 measure, parts of {PART}: {taken:.1f} s for "
        f"{observations} scores, peak {peak / 2**20:.1f} MiB besides the mapped files"
    )


def written(people: int, folder: Path) -> tuple[NDArray[np.intp], list[Floats]]:
    """Write a caseload part by part and map it back into memory."""
    names, ends = ("weeks", "sessions", "values"), [np.zeros(1, dtype=np.intp)]
    files = [(folder / name).open("wb") for name in names]
    for part in some(people):
        ends.append(part[0][1:] + ends[-1][-1])
        for handle, column in zip(files, part[1:], strict=True):
            np.asarray(column, dtype=np.float64).tofile(handle)
    for handle in files:
        handle.close()
    mapped = [np.memmap(folder / name, dtype=np.float64, mode="r") for name in names]
    return np.concatenate(ends), [np.asarray(column) for column in mapped]


def some(people: int) -> Iterator[tuple[NDArray[np.intp], Floats, Floats, Floats]]:
    """Draw people part by part."""
    for begun in range(0, people, PART):
        yield drawn(min(PART, people - begun), seed=begun)


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description="filter, smooth and predict a caseload")
    parser.add_argument("--most", type=int, default=1_000_000, help="people in the last run")
    args = parser.parse_args()
    priors = [load_priors()[measure] for measure in MEASURES]
    in_parts(args.most, priors[0])
    for people in (100, 1_000, 10_000, 100_000):
        at_once(people, priors)


if __name__ == "__main__":
    main()
