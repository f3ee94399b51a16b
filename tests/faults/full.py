"""Fill the disk under a running server: ``python -m tests.faults.full``.

The practice lies on a small disk of its own, in memory and in a private mount namespace.
While patients answer it is filled to the last byte; then somebody makes room again.
Whatever was acknowledged has to be there, the database has to be sound, and what needs no
writing is to be served meanwhile.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.faults.crash import lost
from tests.faults.patient import Patient
from tests.faults.scratch import HOST, Scratch
from tests.faults.visitor import TOKEN, Answer, Visitor

PATIENTS = 2
SIZE = "48m"
FULL_FOR = 4.0
"""Seconds that the disk stays full."""
BEFORE, AFTER = 3.0, 4.0
CALM = "Something went wrong"
READ = ("/", "/help-now", "/healthz", "/account/login/")
READ_BY_PATIENT = ("/me/",)


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a full disk."""

    before: int
    meanwhile: int
    after: int
    refused: int
    signing_in: str
    lost: tuple[str, ...]
    unsound: tuple[str, ...]
    not_served: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that must not be."""
        return (*self.lost, *self.unsound, *self.not_served)

    def __str__(self) -> str:
        return (
            f"disk full: {self.before} answers acknowledged before, {self.meanwhile} meanwhile "
            f"({self.refused} refused, sign-in {self.signing_in}), {self.after} once there was "
            "room again: "
            f"{len(self.lost)} lost, {len(self.unsound)} faults of the store, "
            f"not served meanwhile: {', '.join(self.not_served) or 'nothing'}"
        )


def fill(practice: Scratch, disk: Disk, *, seed: int) -> Figures:
    """Run it on a practice that nobody has set up yet."""
    seeded = practice.seed(patients=PATIENTS + 1, checkins=60)
    practice.start()
    stop, chance = threading.Event(), random.Random(seed)  # noqa: S311
    visitors = [_signed_in(practice, seeded, number) for number in range(PATIENTS + 1)]
    *writers, reader = visitors
    patients = [
        Patient(one, questions=seeded["questions"], chance=chance, stop=stop) for one in writers
    ]
    for patient in patients:
        patient.start()
    stop.wait(BEFORE)
    disk.fill()
    counts = [_acknowledged(patients)]
    stop.wait(FULL_FOR / 2)
    not_served = tuple(_not_served(practice, reader))
    signing_in = _sign_in(practice, seeded)
    stop.wait(FULL_FOR / 2)
    counts.append(_acknowledged(patients))
    refused = sum(one.broken for one in writers)
    disk.make_room()
    stop.wait(AFTER)
    stop.set()
    for patient in patients:
        patient.join()
    practice.kill()
    held = practice.read()
    said = [str(one.problem) for one in patients if one.problem]
    return Figures(
        before=counts[0],
        meanwhile=counts[1] - counts[0],
        after=_acknowledged(patients) - counts[1],
        refused=refused,
        signing_in=signing_in,
        lost=tuple(problem for one in patients for problem in lost(one.ledger, held)),
        unsound=(*said, *held["breaks"], *held["damage"]),
        not_served=not_served,
    )


def _acknowledged(patients: Sequence[Patient]) -> int:
    return sum(one.ledger.acknowledged + len(one.ledger.sends) for one in patients)


def _sign_in(practice: Scratch, seeded: dict[str, Any]) -> str:
    """Try to sign in once; say whether it worked, or what was said instead."""
    visitor = Visitor(HOST, practice.port)
    visitor.get("/account/login/")
    form = {"login": seeded["emails"][0], "password": seeded["password"]}
    form["csrfmiddlewaretoken"] = visitor._cookies.get(TOKEN, "")
    answer = visitor._once("POST", "/account/login/", urlencode(form))
    if answer.status == 302:
        return "worked"
    return "answered calmly" if CALM in answer.body else f"got {answer.status}"


def _not_served(practice: Scratch, reader: Visitor) -> Iterator[str]:
    """Yield what cannot be read while nothing can be written."""
    for path in READ:
        status, _ = _once(practice, path)
        if status != 200:
            yield f"{path} ({status})"
    for path in READ_BY_PATIENT:
        answer: Answer = reader._once("GET", path, "")
        if answer.status != 200:
            yield f"{path} ({answer.status})"


def _once(practice: Scratch, path: str) -> tuple[int, str]:
    connection = HTTPConnection(HOST, practice.port, timeout=30)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode(errors="replace")
    finally:
        connection.close()


def _signed_in(practice: Scratch, seeded: dict[str, Any], number: int) -> Visitor:
    visitor = Visitor(HOST, practice.port)
    visitor.sign_in(seeded["emails"][number], seeded["password"])
    return visitor


class Disk:
    """A small disk in memory, seen only by processes that enter its namespace."""

    def __init__(self, place: Path, keeper: int) -> None:
        self._filler = place / "filler"
        self._greedy: subprocess.Popen[bytes] | None = None
        self.within = [
            *("nsenter", "--preserve-credentials", "--user", "--mount"),
            *("--target", str(keeper), f"--wd={Path.cwd()}"),
        ]

    def fill(self) -> None:
        """Take every byte, and each one that is given back, until room is made."""
        greedy = f"while :; do cat /dev/zero >> {self._filler}; sleep 0.01; done"
        self._greedy = subprocess.Popen(
            [*self.within, "sh", "-c", greedy],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def make_room(self) -> None:
        """Stop that, and remove what it took."""
        if self._greedy is not None:
            os.killpg(self._greedy.pid, signal.SIGKILL)
            self._greedy.wait()
            self._greedy = None
            subprocess.run([*self.within, "rm", str(self._filler)], check=True)


@contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """Put a small disk at a place, in a namespace that a sleeping process keeps."""
    mount = (
        f"mount -t tmpfs -o size={SIZE},mode=700 tmpfs {place} && echo there && exec sleep 1d"
    )
    keeper = subprocess.Popen(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", mount],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with keeper:
        try:
            if keeper.stdout is None or keeper.stdout.readline() != b"there\n":
                raise NotHere(
                    "this machine lets nobody mount a disk in a namespace of their own"
                )
            yield Disk(place, keeper.pid)
        finally:
            keeper.kill()


class NotHere(Exception):
    """A disk cannot be filled here without filling that of the machine."""


@contextmanager
def on_a_small_disk() -> Iterator[tuple[Scratch, Disk]]:
    """Yield a practice on a disk that can be filled, kept in SQLite."""
    with tempfile.TemporaryDirectory(prefix="sb-full-") as home, small_disk(Path(home)) as disk:
        practice = Scratch(Path(home), None, within=disk.within)
        try:
            yield practice, disk
        finally:
            disk.make_room()
            practice.kill()


def main() -> int:
    """Fill the disk, say the figures, and fail if anything was lost or not served."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    try:
        with on_a_small_disk() as (practice, disk):
            figures = fill(practice, disk, seed=args.seed)
    except NotHere as reason:
        sys.stdout.write(f"NOT RUN, disk full: {reason}\n")
        return 0
    sys.stdout.write("\n  ".join([f"SQLite: {figures}.", *figures.problems]) + "\n")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
