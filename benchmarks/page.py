"""Writes docs/reference/speed.md and its two pictures from what was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.charts import Line, log_log
from benchmarks.turns import ROOT, Timed, ratios, spread

AGREED = 1e-6
"""Figures further apart, as a share, are not the same figures."""
QUIET = 0.6
"""A load above this many running programs, before the run, is said on the page."""


@dataclass(frozen=True, slots=True)
class Rival:
    """What a rival took, the goal beside it, and how far its figures are from ours.

    A goal above 0: so many times slower than ours, at least. Below 0: ours may take so many
    times as long, at most. None: shown, not judged.
    """

    timed: Timed
    goal: float | None
    apart: float

    def told(self, ours: Timed) -> tuple[str, str]:
        """Return the ratio by the wall clock and by processor, in words."""
        return tuple(  # type: ignore[return-value]
            self._ratio(own, other)
            for own, other in ((ours.walls, self.timed.walls), (ours.cpus, self.timed.cpus))
        )

    def _ratio(self, own: list[float], other: list[float]) -> str:
        if self.goal is not None and self.goal < 0:
            own, other = other, own
        middle, least, most = spread(ratios(own, other))
        return f"{middle:.3g} ({least:.3g} to {most:.3g})"

    def met(self, ours: Timed) -> bool:
        """Say whether the goal is met by the wall clock; an absent rival misses nothing."""
        if self.timed.absent:
            return True
        if not self.agrees:
            return False
        if self.goal is None:
            return True
        ratio = spread(ratios(ours.walls, self.timed.walls))[0]
        return 1 / ratio <= -self.goal if self.goal < 0 else ratio >= self.goal

    @property
    def agrees(self) -> bool:
        """Whether its figures are ours, without which nothing is compared."""
        return self.apart < AGREED

    def wanted(self, ours: Timed) -> str:
        """Return the goal and whether it is met."""
        if not self.agrees:
            return "**not compared: figures differ**"
        if self.goal is None:
            return "-"
        word = f"at most {-self.goal:g}" if self.goal < 0 else f"at least {self.goal:g}"
        return f"{word}: {'met' if self.met(ours) else '**missed**'}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One piece of work, ours and the rivals."""

    title: str
    ours: Timed
    rivals: list[Rival]


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds and MiB of ours against people."""

    seconds: Line
    memory: Line


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of one run; ``asking`` is what ``adaptive.py`` found of each peer."""

    comparisons: list[Comparison]
    asking: list[dict[str, Any]]
    growths: list[Growth]


def written(out: Path, told: Measured, *, load: float, rounds: int) -> list[str]:
    """Write page and pictures below a folder; return the names of goals that were missed."""
    growths = told.growths
    pictures = {
        "speed-time": log_log([one.seconds for one in growths], title="Time", unit="s"),
        "speed-memory": log_log(
            [one.memory for one in growths], title="Peak memory", unit="MiB"
        ),
    }
    (out / "reference").mkdir(parents=True, exist_ok=True)
    (out / "images").mkdir(parents=True, exist_ok=True)
    for name, text in pictures.items():
        (out / "images" / f"{name}.svg").write_text(text, encoding="utf-8")
    parts = [_head(load, rounds), *map(_table, told.comparisons)]
    parts += [_asking(told.asking), _grown(growths)]
    (out / "reference" / "speed.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    missed = [
        rival.timed.name
        for one in told.comparisons
        for rival in one.rivals
        if not rival.met(one.ours)
    ]
    return [*missed, *(one["peer"] for one in told.asking if not one["met"])]


def _head(load: float, rounds: int) -> str:
    busy = (
        f"The machine was not quiet: {load:.1f} programs were running on {os.cpu_count()} "
        "processors before the run. Read the processor column.\n"
        if load > QUIET
        else ""
    )
    return f"""# How fast

Written by `make bench`; no figure here was typed.
Measured {datetime.now(tz=UTC):%Y-%m-%d} on {_machine()}.
{busy}
Every contender is a process of its own and reads its data before the clock starts.
They take turns, {rounds} rounds after one that does not count; a ratio is taken in each round.
Shown is the median, with least and most in brackets.
Memory is the peak of the whole process, data and runtime included, as the system tells it.
Before anything is compared, the figures of both must agree within {AGREED:g}.
How far they lie apart is in the last column.
Where a peer would take minutes it is given fewer people.
Then its row says how many, and its time is scaled up.
A peer that is not installed is left out and named.
Goals are judged by the wall clock."""


def _machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next(
            (x.split(":")[1].strip() for x in lines if x.startswith("model name")), name
        )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return (
        f"{os.cpu_count()} processors ({name}), {platform.system()}, "
        f"Python {platform.python_version()}, commit {commit or 'unknown'}"
    )


def _table(one: Comparison) -> str:
    rows = [
        "| who | wall clock, s | processor, s | peak, MiB | times ours, wall | times ours, "
        "processor | goal | apart |",
        "|---|---|---|---|---|---|---|---|",
        _row(one.ours, "", "", "", ""),
    ]
    absent = []
    for rival in one.rivals:
        if rival.timed.absent:
            absent.append(f"{rival.timed.name} was left out: {rival.timed.absent}.")
            continue
        wall, cpu = rival.told(one.ours) if rival.agrees else ("", "")
        if rival.agrees and rival.goal is not None and rival.goal < 0:
            wall, cpu = f"ours {wall} times it", f"ours {cpu} times it"
        rows.append(_row(rival.timed, wall, cpu, rival.wanted(one.ours), f"{rival.apart:.0e}"))
    first = [
        f"{rival.timed.name}'s first turn, compiling included, took {rival.timed.first:.1f} s."
        for rival in one.rivals
        if rival.timed.name == "dynamax" and not rival.timed.absent
    ]
    return "\n".join(
        [f"## {one.title}", "", _said(one), "", *rows, "", *first, *absent]
    ).rstrip()


def _row(timed: Timed, wall: str, cpu: str, goal: str, far: str) -> str:
    given = "" if timed.share == 1 else f", {timed.share:.3g} of the people"
    times = (
        f"{m:.4g} ({a:.4g} to {b:.4g})" for m, a, b in map(spread, (timed.walls, timed.cpus))
    )
    name = f"{timed.name} {timed.version}{given}"
    return "| " + " | ".join([name, *times, f"{timed.peak:.0f}", wall, cpu, goal, far]) + " |"


NOTES = {
    "Score": "Three answers in a hundred are missing, two items of each scale of eight are "
    "reversed, a scale needs six answers, and every answer is checked against its range.\n"
    "polars does the same on its own columns; psych has no rule for few answers and checks "
    "nothing; C is a loop over people.\n"
    "Ours is given a plain table of rows; the second line is ours on a table of columns.",
    "Refresh": "Filter, smooth, predict to the planned end, and flag small chances and sudden "
    "scores.\n"
    "statsmodels uses its bare compiled smoother, one model a person; KFAS likewise; dynamax "
    "is compiled by JAX for everybody at once, padded to 25 sessions, in double precision; "
    "C is one pass forwards and one back for each person.\n"
    "dynamax adds 1e-9 to what it inverts, hence its distance.",
    "Fit growth to": "Maximum likelihood; ours with standard errors of all parameters, lme4 "
    "without.",
    "Fit growth and": "Random level and slope, continuous-time autoregression and error, by "
    "maximum likelihood.\n"
    "nlme is asked for a finer tolerance than its own, with which it may stop short of the "
    "highest likelihood.",
}


def _said(one: Comparison) -> str:
    return next(text for begun, text in NOTES.items() if one.title.startswith(begun))


def _tenfold(one: Growth) -> str:
    """Say what ten times the people took, at the largest size."""
    if len(one.seconds.points) < 2:
        return ""
    (_, before), (people, after) = one.seconds.points[-2:]
    least, most = (one.memory.points[place][1] for place in (-2, -1))
    return (
        f"To {one.seconds.name}, {people:,.0f} people took {after / before:.3g} times as long "
        f"as a tenth of them, and {most / least:.3g} times the memory."
    )


def _grown(growths: list[Growth]) -> str:
    rows = [
        "## Cost against size",
        "",
        *(_tenfold(one) for one in growths),
        "A refresh by parts reads 20,000 people at a time.",
        "",
        "![Seconds against people, both on logarithmic axes](../images/speed-time.svg)",
        "",
        "![Peak memory against people](../images/speed-memory.svg)",
        "",
        "| work | people | seconds | microseconds a person | peak, MiB |",
        "|---|---|---|---|---|",
    ]
    for one in growths:
        pairs = zip(one.seconds.points, one.memory.points, strict=True)
        for (people, seconds), (_, peak) in pairs:
            told = f"{seconds:.4g} | {1e6 * seconds / people:.3g} | {peak:.0f}"
            rows.append(f"| {one.seconds.name} | {people:,.0f} | {told} |")
    return "\n".join(rows)


def _asking(found: list[dict[str, Any]]) -> str:
    """Return the table of adaptive sessions."""
    rows = [
        "## Ask adaptively: 300 items, 20 questions",
        "",
        "Times are of the processor, for one person's session, by `benchmarks/adaptive.py`.",
        "catR asks the same bank of graded items and must agree at every step; catsim knows "
        "items of two answers only, and follows our path.",
        "The goal is for many people asked at once; one person step by step, as a page asks, "
        "is shown beside it.",
        "",
        "| peer | answers of an item | peer, ms | ours at once, ms | times | ours step by "
        "step, ms | times | same items | goal |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        goal = f"at least 200: {'met' if one['met'] else '**missed**'}"
        figures = (
            one["peer"],
            one["categories"],
            f"{one['theirs']:.4g}",
            f"{one['whole']:.3g}",
            f"{one['times_whole']:.3g}",
            f"{one['single']:.3g}",
            f"{one['times_single']:.3g}",
            "yes" if one["same"] else "**no**",
            goal,
        )
        rows.append("| " + " | ".join(map(str, figures)) + " |")
    left = {"catsim", "catR"} - {one["peer"] for one in found}
    rows += ["", *(f"{name} was left out: not on this machine." for name in sorted(left))]
    return "\n".join(rows).rstrip()
