"""Drive the program at random: ``python -m tests.faults.stateful consent --steps 50000``.

Prints how many steps were taken and how often the program held something else than a
model of a few lines; returns 1 if it ever did. A seed makes a run again. On a throw-away
database: in memory, or with ``python tests/postgres.py`` in front on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module

MACHINES = ("checkin", "consent")
"""What can be driven; each has a module of acts, a world and its model, ``<name>_machine``."""
PER_WORLD = 250
"""Steps before everything is begun afresh."""


@dataclass
class Figures:
    """What was done, and what was found."""

    steps: int = 0
    worlds: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = ", ".join(f"{name} {count}" for name, count in sorted(self.acts.items()))
        return (
            f"{self.steps} steps in {self.worlds} worlds ({done}); "
            f"{len(self.violations)} violations"
        )


def drive(machine: str, *, steps: int, seed: int, per_world: int = PER_WORLD) -> Figures:
    """Take that many steps, in worlds begun afresh now and then; needs a database."""
    from django.db import transaction

    figures, choose = Figures(), random.Random(seed)  # noqa: S311
    while figures.steps < steps:
        with transaction.atomic():
            _live(machine, figures, choose, steps=min(per_world, steps - figures.steps))
            transaction.set_rollback(True)
        figures.worlds += 1
    return figures


def _live(machine: str, figures: Figures, choose: random.Random, *, steps: int) -> None:
    from securebase.people.vault.keys import forget_keys

    driven = import_module(f"tests.faults.{machine}_machine")
    forget_keys()
    world = driven.a_world()
    acts, weights = zip(*driven.ACTS, strict=True)
    for _ in range(steps):
        (act,) = choose.choices(acts, weights)
        figures.steps += 1
        figures.acts[act.__name__] += 1
        try:
            act(world, choose)
            found = driven.violations(world)
        except AssertionError as problem:
            found = [str(problem)]
        if found:
            figures.violations += [
                f"step {figures.steps}, {act.__name__}: {one}" for one in found
            ]
            return


def main(words: Sequence[str] | None = None) -> int:
    """Make a throw-away database, take the steps, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("machine", nargs="?", choices=MACHINES, default="checkin")
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(words)
    os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.testing"
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, serialize=False)
    began = time.monotonic()
    try:
        figures = drive(args.machine, steps=args.steps, seed=args.seed)
    finally:
        connection.creation.destroy_test_db(":memory:", verbosity=0)
    took = time.monotonic() - began
    sys.stdout.write("".join(f"VIOLATION {one}\n" for one in figures.violations[:50]))
    sys.stdout.write(
        f"{args.machine}, {connection.vendor}, seed {args.seed}: {figures} ({took:.0f} s)\n"
    )
    return 1 if figures.violations else 0


if __name__ == "__main__":
    sys.exit(main())
