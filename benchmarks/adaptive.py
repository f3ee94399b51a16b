"""Measures adaptive sessions beside catsim and catR: 300 items, 20 questions each.

catR asks the same bank of graded items: it must ask the same items and get the same level
and standard error at every step. catsim knows two-category items only and estimates by
maximum likelihood, so it follows our path: given our level it must choose the same item at
every step, and its own choice and estimate are timed. Peers take some people, because they
are slow; ours is timed for many people at once and for one person step by step. Times are of
the processor, so that a busy machine does not decide; each round gives a ratio.

Run: PYTHONPATH=src .venv-bench/bin/python benchmarks/adaptive.py
catR comes from CRAN; where it is not installed, it is left out and named.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
from numpy.typing import NDArray

from securebase.science.adaptive.bank import Bank
from securebase.science.adaptive.irt import category_probabilities
from securebase.science.adaptive.replay import replay
from securebase.science.adaptive.sitting import AdaptiveTest
from securebase.science.adaptive.stop import Stopping

ITEMS, STEPS, ROUNDS = 300, 20, 3
GOAL, AGREE = 200.0, 1e-6
SCRIPT = Path(__file__).with_suffix(".R")

Answers = NDArray[np.intp]
Peer = Callable[[AdaptiveTest, Answers], tuple[float, bool]]


def invented(thresholds: int, people: int) -> tuple[AdaptiveTest, Answers]:
    """Return an invented bank's test and invented people's answers to all of it."""
    rng = np.random.default_rng(7)
    bank = Bank.of(
        slopes=rng.uniform(0.7, 3.0, ITEMS),
        thresholds=np.sort(rng.normal(0, 1.3, (ITEMS, thresholds)), axis=1),
    )
    chance = category_probabilities(rng.normal(size=people), bank.slopes, bank.thresholds)
    answers = (rng.random((people, ITEMS, 1)) > chance.cumsum(axis=2)).sum(axis=2)
    return AdaptiveTest(bank, Stopping(error=0, least=0, most=STEPS)), answers


def at_once(test: AdaptiveTest, answers: Answers) -> float:
    """Return seconds for one person's session, everybody asked at once."""
    begun = process_time()
    replay(test, answers)
    return (process_time() - begun) / len(answers)


def step_by_step(test: AdaptiveTest, answers: Answers) -> float:
    """Return seconds for one person's session, as a page would ask."""
    begun = process_time()
    for row in answers:
        sitting = test.start()
        while (item := test.next_item(sitting)) is not None:
            sitting = test.answer(sitting, item, int(row[test.bank.place(item)]))
    return (process_time() - begun) / len(answers)


def catsim(test: AdaptiveTest, answers: Answers) -> tuple[float, bool]:
    """Return seconds of a session in catsim, and whether it chose the same items."""
    # Its arrays are too small for threads to help, and their time would be counted.
    os.environ["NUMEXPR_NUM_THREADS"] = "1"
    from catsim.estimation import NumericalSearchEstimator  # noqa: PLC0415
    from catsim.item_bank import ItemBank  # noqa: PLC0415
    from catsim.selection import MaxInfoSelector  # noqa: PLC0415

    bank = test.bank
    blank = np.zeros(ITEMS)
    rows = np.column_stack([bank.slopes, bank.thresholds[:, 0], blank, blank + 1])
    items, select, estimate = ItemBank(rows), MaxInfoSelector(), NumericalSearchEstimator()
    asked, levels = (got := replay(test, answers)).asked, got.levels
    same, begun = True, process_time()
    for person, given in enumerate(answers):
        level = 0.0
        for step, place in enumerate(asked[person]):
            before = asked[person, :step].tolist()
            chosen = select.select(item_bank=items, administered_items=before, est_theta=level)
            same = same and chosen == place
            so_far = [*before, int(place)]
            estimate.estimate(
                item_bank=items,
                administered_items=so_far,
                response_vector=[bool(given[n]) for n in so_far],
                est_theta=level,
            )
            level = float(levels[person, step])
    return (process_time() - begun) / len(answers), same


def catr(test: AdaptiveTest, answers: Answers) -> tuple[float, bool]:
    """Return the median seconds of a session in catR, and whether all steps agree."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        table = np.column_stack([test.bank.slopes, test.bank.thresholds])
        names = ",".join(["slope", *(f"b{n}" for n in range(1, table.shape[1]))])
        np.savetxt(place / "items.csv", table, "%.17g", ",", header=names, comments="")
        np.savetxt(place / "answers.csv", answers, "%d", ",")
        subprocess.run(
            ["Rscript", str(SCRIPT), folder, str(STEPS)], check=True, capture_output=True
        )
        told = np.loadtxt(place / "steps.csv", delimiter=",").reshape(len(answers), STEPS, 4)
    ours = replay(test, answers)
    same = bool((told[..., 0] == ours.asked).all())
    apart = np.abs(told[..., 1] - ours.levels).max(), np.abs(told[..., 2] - ours.errors).max()
    print(f"  levels apart by {apart[0]:.1e}, standard errors by {apart[1]:.1e}")
    return float(np.median(told[:, 0, 3])), same and max(apart) < AGREE


@dataclass(frozen=True, slots=True)
class Found:
    """One peer beside ours: milliseconds of a session, and how many times faster ours is."""

    peer: str
    categories: int
    theirs: float
    whole: float
    single: float
    times_whole: float
    times_single: float
    same: bool
    """Whether the same items were chosen at every step."""

    @property
    def met(self) -> bool:
        """Whether the goal is met, for many people at once."""
        return self.same and self.times_whole >= GOAL


def compared(name: str, peer: Peer, thresholds: int, *, people: int, few: int) -> Found:
    """Take turns and return the medians of times and of their ratios."""
    test, answers = invented(thresholds, people)
    replay(test, answers[:2])
    theirs, whole, single, same = [], [], [], True
    for _ in range(ROUNDS):
        seconds, agrees = peer(test, answers[:few])
        theirs.append(seconds)
        same = same and bool(agrees)
        whole.append(at_once(test, answers))
        single.append(step_by_step(test, answers[:20]))
    found = Found(
        peer=name,
        categories=thresholds + 1,
        theirs=median(theirs) * 1e3,
        whole=median(whole) * 1e3,
        single=median(single) * 1e3,
        times_whole=median(t / o for t, o in zip(theirs, whole, strict=True)),
        times_single=median(t / o for t, o in zip(theirs, single, strict=True)),
        same=same,
    )
    print(f"  {name:22}{found.theirs:10.3f} ms a session; same items: {same}")
    for told, ours, times in (
        ("many people at once", found.whole, found.times_whole),
        ("one, step by step", found.single, found.times_single),
    ):
        print(f"  {told:22}{ours:10.3f} ms: {times:.0f} times faster")
    return found


def has_catr() -> bool:
    """Whether R and its package are on this machine."""
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('catR', quietly = TRUE))"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def main() -> int:
    """Compare, and return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description="adaptive sessions against catsim and catR")
    parser.add_argument("--people", type=int, default=2000, help="asked by ours, at once")
    parser.add_argument("--sample", type=int, default=3, help="people for the peers")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    args = parser.parse_args()
    sizes = {"people": args.people, "few": args.sample}
    print(f"{ITEMS} items, {STEPS} questions; goal {GOAL:.0f} times")
    found = [compared("catsim", catsim, 1, **sizes)]
    if has_catr():
        found.append(compared("catR", catr, 4, **sizes))
    else:
        print("  catR is not on this machine (install.packages('catR') in R): left out.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB, peers in this process included")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) | {"met": one.met} for one in found]))
    return 0 if all(one.met for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
