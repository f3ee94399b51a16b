"""Contenders take turns: one process each, so that time and memory are their own.

A contender is a program in any language. It reads its data, says ``ready`` and then, for
each line ``go`` it is sent, does the work once and says ``done`` with seconds by the wall
clock and seconds of processor. At the end of its input it writes what came out and ends;
the system then tells its peak memory. One that says ``absent`` is left out.

This file keeps to the standard library: a child of a big process would inherit its peak.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0


@dataclass(frozen=True, slots=True)
class Contender:
    """A program, and how much of the whole work it is given."""

    name: str
    command: tuple[str, ...]
    share: float = 1.0
    """Its times are divided by this before they are compared."""


@dataclass(slots=True)
class Timed:
    """What one contender took: seconds, scaled to the whole work; MiB."""

    name: str
    version: str = ""
    share: float = 1.0
    loading: float = 0.0
    first: float = 0.0
    """The untimed first turn, by the wall clock: compiling included."""
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    peak: float = 0.0
    absent: str = ""


class _Seat:
    """A contender that has sat down."""

    def __init__(self, contender: Contender) -> None:
        self.contender = contender
        self.timed = Timed(contender.name, share=contender.share)
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self.process = subprocess.Popen(
            contender.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"},
        )
        word, _, rest = self._said().partition(" ")
        if word == "ready":
            self.timed.version = rest
            self.timed.first = self._turn()[0]
        else:
            self.timed.absent = rest or "ended before it began"

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def _turn(self) -> tuple[float, float]:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        word, *told = self._said().split()
        if word != "done":
            raise SystemExit(f"{self.contender.name} said {word} in place of done")
        wall, cpu = (float(part) / self.contender.share for part in told)
        return wall, cpu

    def turn(self) -> None:
        """Do the work once."""
        wall, cpu = self._turn()
        self.timed.walls.append(wall)
        self.timed.cpus.append(cpu)

    def end(self) -> Timed:
        """Let it write what came out, and ask the system for its peak."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode and not self.timed.absent:
            raise SystemExit(f"{self.contender.name} ended with {self.process.returncode}")
        self.timed.peak = used.ru_maxrss / MIB
        return self.timed


def take_turns(contenders: list[Contender], *, rounds: int) -> list[Timed]:
    """Seat everybody, go round, and return what each took, in the order given."""
    seats = [_Seat(contender) for contender in contenders]
    for seat in seats:
        if seat.timed.absent:
            print(f"  {seat.timed.name}: left out, {seat.timed.absent}", flush=True)
    for _ in range(rounds):
        for seat in seats:
            if not seat.timed.absent:
                seat.turn()
    return [seat.end() for seat in seats]


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    """How many times longer they took, round by round."""
    return [other / own for own, other in zip(ours, theirs, strict=True)]


def spread(figures: list[float]) -> tuple[float, float, float]:
    """Median, least and most."""
    return median(figures), min(figures), max(figures)
