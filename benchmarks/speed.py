"""Measures speed and memory beside peers, in one run, and writes docs/reference/speed.md.

Run ``make bench``, or ``python -m benchmarks.speed`` with the peers of
``requirements/bench.txt``; smaller sizes want another place to write to::

    python -m benchmarks.speed --answers 100000 --people 1000 --largest 10000 --out /tmp/speed

Contenders take turns, one process each. A peer that would take minutes is given a share of
the people, as its line says, and its time is scaled up. Where figures do not agree, nothing
is compared, and the goal counts as missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from array import array
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.charts import Line
from benchmarks.page import Comparison, Growth, Measured, Rival, written
from benchmarks.turns import ROOT, Contender, Timed, take_turns

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is done."""

    answers: int
    people: int
    largest: int
    rounds: int


@dataclass(slots=True)
class Bench:
    """A folder to work in, and the commands of contenders."""

    folder: Path
    sizes: Sizes
    loops: str = ""
    drawn: set[str] = field(default_factory=set)

    def compile(self) -> None:
        """Compile the loops in C, if there is a compiler."""
        compiler = shutil.which("cc")
        if compiler is not None:
            self.loops = str(self.folder / "loops")
            source = str(HERE / "loops.c")
            command = [compiler, "-O2", "-std=gnu11", "-o", self.loops, source, "-lm"]
            subprocess.run(command, check=True)

    def data(self, what: str, people: int) -> Path:
        """Draw data in a process of its own, once."""
        place = self.folder / f"{what}-{people}"
        if place.name not in self.drawn:
            self._module("drawn", what, str(place), str(people))
            self.drawn.add(place.name)
        return place

    def forget(self, what: str, people: int) -> None:
        """Take data away again."""
        shutil.rmtree(self.folder / f"{what}-{people}")
        self.drawn.discard(f"{what}-{people}")

    def _module(self, name: str, *rest: str) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        command = [sys.executable, "-m", f"benchmarks.{name}", *rest]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths})

    def python(self, module: str, work: str, data: Path, people: int) -> tuple[str, ...]:
        """Return the command of a contender in Python."""
        return (sys.executable, "-m", f"benchmarks.{module}", work, str(data), str(people))

    def ours(self, name: str, work: str, data: Path, people: int) -> Contender:
        """Return one of ours."""
        return Contender(name, self.python("contenders", work, data, people))

    def peer(self, name: str, data: Path, people: int, share: float = 1.0) -> Contender:
        """Return a peer in Python."""
        some = round(people * share)
        return Contender(name, self.python("peers", name, data, some), share)

    def r(self, name: str, data: Path, people: int, share: float = 1.0) -> Contender:
        """Return a peer in R."""
        script, some = str(HERE / "peers.R"), str(round(people * share))
        program = ("Rscript", "--vanilla", script, name, str(data), some)
        missing = ("sh", "-c", "echo absent no Rscript on this machine")
        return Contender(name, program if shutil.which("Rscript") else missing, share)

    def c(self, work: str, data: Path, people: int) -> Contender:
        """Return the loop in C."""
        missing = ("sh", "-c", "echo absent no C compiler on this machine")
        return Contender(
            "C", (self.loops, work, str(data), str(people)) if self.loops else missing
        )


def outcome(data: Path, name: str) -> array[float]:
    """Read what a contender wrote."""
    figures = array("d")
    with (data / f"{name}.out").open("rb") as handle:
        figures.frombytes(handle.read())
    return figures


def apart(one: array[float], other: array[float]) -> float:
    """Return the largest difference, as a share of the figure where that is above 1.

    Where one has no score and the other has, only a peer without the rule may differ.
    """
    return max(
        (
            abs(a - b) / max(1.0, abs(a))
            for a, b in zip(one, other, strict=True)
            if not (isnan(a) or isnan(b))
        ),
        default=float("nan"),
    )


def share_of(people: int, most: int) -> float:
    """Return the share that gives a peer no more than so many people."""
    return min(1.0, most / people)


def scoring(bench: Bench) -> Comparison:
    """Score answers with gaps and reversals."""
    people = bench.sizes.answers
    data = bench.data("answers", people)
    print(f"score {people:,} x 56 items, 7 scores", flush=True)
    some = share_of(people, 100_000)
    timed = take_turns(
        [
            bench.ours("securebase", "rows", data, people),
            bench.ours("securebase, columns", "columns", data, people),
            bench.c("score", data, people),
            bench.peer("polars", data, people),
            bench.r("psych", data, people, some),
        ],
        rounds=bench.sizes.rounds,
    )
    goals = {"C": -6.0, "polars": 1.0, "psych": 40.0}
    rivals = rivals_of(data, "rows", timed, goals, {"securebase, columns": "columns"})
    bench.forget("answers", people)
    return Comparison(f"Score {people:,} responses of 56 items, 7 scores", timed[0], rivals)


def refreshing(bench: Bench) -> Comparison:
    """Filter, smooth, predict and flag a caseload."""
    people = bench.sizes.people
    data = bench.data("caseload", people)
    print(f"refresh {people:,} people x 4 measures", flush=True)
    some = share_of(people, 200)
    timed = take_turns(
        [
            bench.ours("securebase", "caseload", data, people),
            bench.c("caseload", data, people),
            bench.peer("dynamax", data, people),
            bench.peer("statsmodels", data, people, some),
            bench.r("KFAS", data, people, some),
        ],
        rounds=bench.sizes.rounds,
    )
    goals = {"C": -5.0, "dynamax": 5.0, "statsmodels": 100.0, "KFAS": 100.0}
    rivals = rivals_of(data, "caseload", timed, goals, {})
    return Comparison(
        f"Refresh {people:,} people, 8 to 25 irregular sessions, 4 measures", timed[0], rivals
    )


def fitting(bench: Bench, work: str, peer: str, most: int) -> Comparison:
    """Fit growth, alone or with serial correlation."""
    people = bench.sizes.people
    data = bench.data("growth", people)
    print(f"fit {work} to {people:,} people", flush=True)
    share = share_of(people, most)
    take_turns([bench.ours("securebase", work, data, round(people * share))], rounds=0)
    shutil.copy(data / f"{work}.out", data / "sample.out")
    timed = take_turns(
        [bench.ours("securebase", work, data, people), bench.r(peer, data, people, share)],
        rounds=bench.sizes.rounds,
    )
    rivals = rivals_of(data, "sample", timed, {peer: 15.0}, {})
    title = "Fit growth" if work == "growth" else "Fit growth and serial correlation"
    return Comparison(f"{title} to {people:,} people", timed[0], rivals)


def rivals_of(
    data: Path, own: str, timed: list[Timed], goals: dict[str, float], files: dict[str, str]
) -> list[Rival]:
    """Put goal and agreement beside what each rival took."""
    expected, rivals = outcome(data, own), []
    for one in timed[1:]:
        far = 0.0
        if not one.absent:
            far = apart(expected, outcome(data, files.get(one.name, one.name)))
            print(f"  {one.name}: figures apart by {far:.1e}", flush=True)
        rivals.append(Rival(one, goals.get(one.name), far))
    return rivals


def growing(bench: Bench, what: str, work: str, most: int) -> Growth:
    """Time and memory of ours, for sizes a factor of ten apart."""
    seconds, memory, size = [], [], 100
    while size <= min(most, bench.sizes.largest):
        data = bench.data(what, size)
        rounds = 3 if size >= 100_000 else bench.sizes.rounds
        timed = take_turns([bench.ours("securebase", work, data, size)], rounds=rounds)[0]
        print(f"  {work} {size:,}: {min(timed.walls):.4f} s, {timed.peak:.0f} MiB", flush=True)
        seconds.append((float(size), sorted(timed.walls)[len(timed.walls) // 2]))
        memory.append((float(size), timed.peak))
        bench.forget(what, size)
        size *= 10
    return Growth(Line(NAMES[work], tuple(seconds)), Line(NAMES[work], tuple(memory)))


def adaptive(bench: Bench) -> list[dict[str, Any]]:
    """Ask adaptively beside catsim and catR, in a process of its own."""
    print("adaptive sessions", flush=True)
    told = bench.folder / "adaptive.json"
    command = [sys.executable, str(HERE / "adaptive.py"), "--json", str(told)]
    paths = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, check=False, cwd=ROOT, env=paths)
    found: list[dict[str, Any]] = json.loads(told.read_text(encoding="utf-8"))
    return found


NAMES = {
    "rows": "score 56 items, all at once",
    "parts": "refresh 4 measures, by parts",
    "serial": "fit growth and serial correlation",
}


def asked() -> tuple[Sizes, Path]:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="speed and memory beside peers")
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    return Sizes(given.answers, given.people, given.largest, given.rounds), given.out


def main() -> int:
    """Compare, grow, write the page; 1 if a goal was missed."""
    sizes, out = asked()
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="sb-speed-") as folder:
        bench = Bench(Path(folder), sizes)
        bench.compile()
        comparisons = [
            scoring(bench),
            refreshing(bench),
            fitting(bench, "growth", "lme4", sizes.people),
            fitting(bench, "serial", "nlme", 500),
        ]
        asking = adaptive(bench)
        print("cost against size", flush=True)
        growths = [
            growing(bench, "answers", "rows", sizes.largest),
            growing(bench, "caseload", "parts", sizes.largest),
            growing(bench, "growth", "serial", 100_000),
        ]
    told = Measured(comparisons, asking, growths)
    missed = written(out, told, load=load, rounds=sizes.rounds)
    print(f"written to {out}; goals missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
