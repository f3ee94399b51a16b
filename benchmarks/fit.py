"""Fit growth, without and with serial correlation, against lme4 and nlme.

Run with NumPy from the project and, from Debian, r-cran-lme4 and r-recommended::

    PYTHONPATH=src python benchmarks/fit.py

lme4 fits everybody; nlme a sample, scaled up as it says, because it would take many
minutes. Ours gives standard errors of all parameters within its time; lme4 is spared its
own (``calc.derivs``). The log-likelihoods must agree to 1e-6 relative.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.fit import fit_growth, fit_priors

Floats = NDArray[np.float64]
Data = tuple[NDArray[np.intp], Floats, Floats, Floats]
Fitter = Callable[[Data], float]

SCRIPT = Path(__file__).with_suffix(".R")
ROUNDS, GOAL, AGREE = 3, 15, 1e-6


def drawn(people: int) -> Data:
    """Offsets, weeks, sessions and values of people with 8 to 25 irregular sessions."""
    rng = np.random.default_rng(20261123)
    lengths = rng.integers(8, 26, people)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    person = np.repeat(np.arange(people), lengths)
    first = offsets[:-1][person]
    passed = np.cumsum(rng.uniform(0.3, 2.2, person.size))
    weeks, nth = passed - passed[first], np.arange(person.size) - first
    lines = rng.multivariate_normal([15.5, -2.3], [[18.0, -2.0], [-2.0, 3.2]], people)[person]
    passing = rng.normal(0, 2.2, person.size)
    kept = 0.5 ** (np.diff(weeks, prepend=0.0) / 1.2)
    for i in np.flatnonzero(nth):
        passing[i] = kept[i] * passing[i - 1] + np.sqrt(1 - kept[i] ** 2) * passing[i]
    level = lines[:, 0] + lines[:, 1] * np.log1p(nth) + passing
    return offsets, weeks, nth.astype(float), level + rng.normal(0, 1.9, person.size)


def first_of(data: Data, people: int) -> Data:
    """Return the first people of all."""
    end = data[0][people]
    return data[0][: people + 1], data[1][:end], data[2][:end], data[3][:end]


def theirs(data: Data, program: str) -> tuple[float, float]:
    """Seconds and log-likelihood of one fit in R."""
    offsets, weeks, nth, values = data
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scores.csv"
        with path.open("w", newline="") as handle:
            write = csv.writer(handle)
            write.writerow(("person", "week", "dose", "value"))
            person = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
            columns = (person, weeks, np.log1p(nth), values)
            write.writerows(zip(*(column.tolist() for column in columns), strict=True))
        told = subprocess.run(
            ["Rscript", str(SCRIPT), str(path), program],
            check=True,
            capture_output=True,
            text=True,
        )
    seconds, loglik = told.stdout.split()
    return float(seconds), float(loglik)


def compared(name: str, ours: Fitter, all_of: Data, some: Data) -> bool:
    """Take turns, print times and the median of ratios; False if a goal was missed.

    Ours fits everybody; the peer fits some, and its time is scaled up to everybody.
    """
    scale = (all_of[0].size - 1) / (some[0].size - 1)
    expected = ours(some)
    ratios, mine, peer, apart = [], [], [], 0.0
    for _ in range(ROUNDS):
        begun = perf_counter()
        ours(all_of)
        mine.append(perf_counter() - begun)
        seconds, loglik = theirs(some, name)
        peer.append(seconds * scale)
        ratios.append(peer[-1] / mine[-1])
        apart = max(apart, abs(loglik - expected) / abs(expected))
    ratio = median(ratios)
    told = "" if scale == 1 else f" ({some[0].size - 1} people, scaled up)"
    print(f"{name}        {median(peer):8.2f} s{told}")
    print(f"securebase  {median(mine):8.3f} s: {ratio:.0f} times faster (goal {GOAL})")
    print(f"log-likelihood apart by {apart:.1e}, relative (goal {AGREE:.0e})")
    return ratio >= GOAL and apart <= AGREE


def growth(data: Data) -> float:
    """Fit growth alone."""
    return fit_growth(data[0], np.log1p(data[2]), data[3]).loglik


def trajectory(data: Data) -> float:
    """Fit growth and serial correlation."""
    return fit_priors(*data).loglik


def main() -> None:
    """Compare, and fail if a goal was missed."""
    parser = argparse.ArgumentParser(description="fit against lme4 and nlme")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=1000, help="people for nlme")
    args = parser.parse_args()
    if shutil.which("Rscript") is None:
        raise SystemExit("Rscript is not on this machine: nothing to compare with.")
    data = drawn(args.people)
    print(f"{args.people} people, {data[3].size} scores")
    met = [
        compared("lme4", growth, data, data),
        compared("nlme", trajectory, data, first_of(data, args.sample)),
    ]
    if not all(met):
        raise SystemExit("a goal was missed")


if __name__ == "__main__":
    main()
