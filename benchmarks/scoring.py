"""Measures how fast scoring is beside psych::scoreItems in R, on the same answers.

A made-up instrument of 56 items in seven scales, two items of each reversed, 100,000
people, three answers in a hundred missing. Both score the mean of what was answered; the
scores must agree, or the figures mean nothing.

Run: .venv/bin/python benchmarks/scoring.py
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from securebase.science.matrix import score_matrix
from securebase.science.words import Combine, Instrument, Item, Licence, Scale, Shelf

ITEMS, SCALES, ROUNDS = 56, 7, 5
AIM = 20.0


def made_up() -> Instrument:
    """Return an instrument of 56 items, 0 to 4, in seven scales of eight."""
    each = ITEMS // SCALES
    groups = [[str(each * s + n + 1) for n in range(each)] for s in range(SCALES)]
    return Instrument(
        slug="made-up",
        version="1",
        name="Made up",
        measures="nothing",
        recall="never",
        minutes=9,
        validated=False,
        items=tuple(Item(str(n + 1), 0, 4) for n in range(ITEMS)),
        scales=tuple(
            Scale(
                slug=f"s{s}",
                items=tuple(group),
                combine=Combine.MEAN,
                min_answered=1,
                reversed_items=frozenset(group[1:5:3]),
                high=4,
            )
            for s, group in enumerate(groups, 1)
        ),
        licence=Licence(Shelf.OWN, "made up", "made up"),
    )


def invented(people: int, *, seed: int) -> NDArray[np.int8]:
    """Return answers of shape (people, 56), -1 where missing."""
    rng = np.random.default_rng(seed)
    answers = rng.integers(0, 5, (people, ITEMS), dtype=np.int8)
    answers[rng.random(answers.shape) < 0.03] = -1
    return answers


def ours(
    instrument: Instrument, answers: NDArray[np.int8]
) -> tuple[float, NDArray[np.float64]]:
    """Return the best time of several calls in seconds, and the scores (people, scales)."""
    best = np.inf
    for _ in range(ROUNDS):
        start = time.perf_counter()
        scores = score_matrix(instrument, answers)
        best = min(best, time.perf_counter() - start)
    return best, np.column_stack([scores[scale.slug] for scale in instrument.scales])


def theirs(
    instrument: Instrument, answers: NDArray[np.int8]
) -> tuple[float, str, NDArray[np.float64]]:
    """Return the best time of R in seconds, the version of psych, and its scores."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        answers.astype("<i4").T.tofile(place / "answers.bin")
        lines = [
            " ".join(f"{'-' if i in scale.reversed_items else ''}i{i}" for i in scale.items)
            for scale in instrument.scales
        ]
        (place / "keys.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
        script = Path(__file__).with_suffix(".R")
        sizes = [str(n) for n in (len(answers), ITEMS, SCALES, 3)]
        told = subprocess.run(
            ["Rscript", "--vanilla", str(script), folder, *sizes],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        scores = np.fromfile(place / "scores.bin").reshape(SCALES, -1).T
    return float(told[0]), told[1], scores


def main() -> int:
    """Measure both and print the ratio; 1 if scores differ or the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=100_000)
    people: int = parser.parse_args().people
    if shutil.which("Rscript") is None:
        print("Rscript is not on this machine: nothing to compare with.")
        return 1
    instrument, answers = made_up(), invented(people, seed=7)
    mine, scores = ours(instrument, answers)
    r, version, r_scores = theirs(instrument, answers)
    apart = float(np.max(np.abs(scores - r_scores)))
    print(f"{people} people x {ITEMS} items, {SCALES} scales, best of several calls")
    print(f"securebase.score_matrix     {mine * 1000:10.1f} ms")
    print(f"psych::scoreItems {version:<9} {r * 1000:10.1f} ms")
    print(f"ratio {r / mine:.0f} (aim {AIM:.0f}); largest difference of a score {apart:.1e}")
    return 0 if apart < 1e-9 and r / mine >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
