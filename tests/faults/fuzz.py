"""Feed every reader broken files: ``python -m tests.faults.fuzz --inputs 20000``.

Prints for each reader how many files it was given, let in and refused, how many ended in
anything else, and what the worst of them cost. Returns 1 if one was a fault, took two
seconds of processor time or more than 256 MB. A seed and a turn make a file again.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.fuzz_corpus import variants

if TYPE_CHECKING:
    from tests.faults.fuzz_targets import Target

MOST_SECONDS = 2.0
MOST_BYTES = 256 * 1024 * 1024
MOST_TOLD = 5
"""Different faults told for each reader; the rest are counted."""


@dataclass
class Figures:
    """What became of the files that one reader was given."""

    name: str
    let_in: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    turns: dict[str, int] = field(default_factory=dict)
    """The first turn in which each fault was met."""
    slowest: float = 0.0
    bytes: int = 0
    """By how much the process grew at most while it read one; making it is not counted."""

    @property
    def is_well(self) -> bool:
        """Whether nothing was met that must not be."""
        return not self.faults and self.slowest < MOST_SECONDS and self.bytes < MOST_BYTES

    def __str__(self) -> str:
        lines = [
            f"{self.name:16} {self.let_in + self.refused + self.faults.total():6} files, "
            f"{self.let_in:5} let in, {self.refused:6} refused, "
            f"{self.faults.total()} faults; at most {self.slowest:.2f} s, "
            f"{self.bytes / 1024 / 1024:.0f} MB"
        ]
        told = self.faults.most_common(MOST_TOLD)
        lines += [f"    {count} times, turn {self.turns[one]}: {one}" for one, count in told]
        return "\n".join(lines)


def feed(target: Target, *, inputs: int, seed: int) -> Figures:
    """Give one reader so many files."""
    figures = Figures(target.name)
    for turn, make in enumerate(variants(target.seeds, number=inputs, seed=seed)):
        raw = make()
        before, held = time.process_time(), _peak()
        try:
            let_in = target.take(raw)
        except Exception as fault:
            _note(figures, fault, turn)
        else:
            figures.let_in += let_in
            figures.refused += not let_in
        figures.slowest = max(figures.slowest, time.process_time() - before)
        figures.bytes = max(figures.bytes, _peak() - held)
    return figures


def _note(figures: Figures, fault: Exception, turn: int) -> None:
    trace, place = fault.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "securebase" in code.co_filename:
            place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    words = f"{type(fault).__name__} at {place}: {str(fault)[:120]}"
    figures.faults[words] += 1
    figures.turns.setdefault(words, turn)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(words: Sequence[str] | None = None) -> int:
    """Make a throw-away database, feed every reader, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="files for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these readers and no other")
    args = parser.parse_args(words)
    os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.testing"
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, serialize=False)
    from tests.faults.fuzz_targets import targets

    well = True
    with tempfile.TemporaryDirectory(prefix="sb-fuzz-") as folder:
        for target in targets(Path(folder)):
            if not args.only or target.name in args.only:
                figures = feed(target, inputs=args.inputs, seed=args.seed)
                sys.stdout.write(f"{figures}\n")
                sys.stdout.flush()
                well = well and figures.is_well
    connection.creation.destroy_test_db(":memory:", verbosity=0)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
