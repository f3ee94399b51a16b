"""Send the same thing again and again: ``python -m tests.faults.duplicates``.

Every check-in is sent many times under its key, by several tabs at once, in any order and
with answers thrown away as if the network had lost them. In the end each check-in was sent
once: one response for each instrument, one row on the trail, no draft left.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.faults.crash import doubled
from tests.faults.scratch import HOST, Scratch, scratch
from tests.faults.visitor import Answer, Visitor

PATIENTS, TABS = 4, 2
EACH = 100
"""Times that one check-in is sent."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the same was sent, and what became of it."""

    sends: int
    checkins: int
    doubled: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must not be."""
        return (*self.doubled, *self.strange)

    def __str__(self) -> str:
        return (
            f"{self.sends} sends of {self.checkins} check-ins: {len(self.doubled)} doubled "
            f"or missing, {len(self.strange)} strange answers or faults of the store"
        )


def send_again(practice: Scratch, *, sends: int) -> Figures:
    """Run it on a practice that nobody has set up yet."""
    each = min(EACH, max(2, sends // PATIENTS))
    seeded = practice.seed(patients=PATIENTS, checkins=sends // each // PATIENTS)
    practice.start()
    devices = [_signed_in(practice, seeded, number) for number in range(PATIENTS)]
    with ThreadPoolExecutor(PATIENTS) as pool:
        answered = list(pool.map(partial(_all_of_one, seeded, each), devices, range(PATIENTS)))
    practice.kill()
    held = practice.read()
    said = Counter(answer for some in answered for answer in some)
    strange = [f"{n} answers {answer}" for answer, n in said.items() if answer != "302 sent"]
    return Figures(
        sends=sum(said.values()),
        checkins=len(held["sent"]),
        doubled=tuple(doubled(held)),
        strange=(*strange, *held["breaks"], *held["damage"]),
    )


def _all_of_one(
    seeded: dict[str, Any], each: int, device: Visitor, number: int
) -> Sequence[str]:
    """Send every check-in of one patient, each of them many times, on several tabs."""
    tabs = [device.another_tab() for _ in range(TABS)]
    told = []
    for checkin in seeded["open"][seeded["emails"][number]]:
        device.post(f"/me/check-in/{checkin}/1/keep/", {"answer": "1"})
        with ThreadPoolExecutor(TABS) as pool:
            turns = [tabs[turn % TABS] for turn in range(each)]
            told += list(pool.map(partial(_send, checkin), turns))
    return told


def _send(checkin: str, tab: Visitor) -> str:
    answer: Answer = tab.post(f"/me/check-in/{checkin}/send/", {})
    sent = answer.location.endswith(f"{checkin}/sent/")
    return f"{answer.status} {'sent' if sent else answer.location}"


def _signed_in(practice: Scratch, seeded: dict[str, Any], number: int) -> Visitor:
    device = Visitor(HOST, practice.port)
    device.sign_in(seeded["emails"][number], seeded["password"])
    return device


def main() -> int:
    """Run it, say the figures, and fail if anything is there twice."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sends", type=int, default=10_000)
    args = parser.parse_args()
    with scratch() as practice:
        figures = send_again(practice, sends=args.sends)
        store = "PostgreSQL" if practice.on_postgres else "SQLite"
        sys.stdout.write("\n  ".join([f"{store}: {figures}.", *figures.problems[:20]]) + "\n")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
