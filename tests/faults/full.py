"""Fill the disk under a running server: ``python -m tests.faults.full``.

The practice lies on a small disk of its own, in memory and in a private mount namespace;
on PostgreSQL, which takes root, its database does, once with room left in its log and once
without. While patients answer the disk is filled to the last byte; then somebody makes
room again. Whatever was acknowledged has to be there, the database has to be sound, and
what needs no writing is to be served meanwhile.
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
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.faults.cluster import cluster_on
from tests.faults.crash import lost
from tests.faults.patient import Patient
from tests.faults.scratch import HOST, Scratch
from tests.faults.visitor import TOKEN, Answer, Visitor
from tests.postgres import usable_programs

PATIENTS = 2
SIZE, SIZE_OF_CLUSTER = "48m", "192m"
FULL_FOR = 4.0
"""Seconds that the disk stays full."""
BEFORE, AFTER = 3.0, 4.0
CALM = "Something went wrong"
READ = ("/", "/help-now", "/healthz", "/account/login/")
READ_BY_PATIENT = ("/me/",)
READ_WITHOUT_DATABASE = ("/help-now", "/offline", "/healthz")
"""PostgreSQL stops when it cannot write its log; crisis help must not stop with it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a full disk."""

    before: int
    meanwhile: int
    after: int
    refused: int
    signing_in: str
    stood_up: bool
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
            f"room again{' and the database was started again' if self.stood_up else ''}: "
            f"{len(self.lost)} lost, {len(self.unsound)} faults of the store, "
            f"not served meanwhile: {', '.join(self.not_served) or 'nothing'}"
        )


def fill(practice: Scratch, disk: Disk, *, seed: int, log_too: bool = False) -> Figures:
    """Run it on a practice that nobody has set up yet.

    With ``log_too`` the log of PostgreSQL is full as well, in which it keeps some room.
    """
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
    if log_too and practice.database:
        practice.database.fill_log()
    counts = [_acknowledged(patients)]
    stop.wait(FULL_FOR / 2)
    not_served = tuple(_not_served(practice, None if log_too else reader))
    signing_in = _sign_in(practice, seeded)
    stop.wait(FULL_FOR / 2)
    counts.append(_acknowledged(patients))
    refused = sum(one.broken for one in writers)
    disk.make_room()
    stood_up = practice.database.stand_up() if practice.database else False
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
        stood_up=stood_up,
        lost=tuple(problem for one in patients for problem in lost(one.ledger, held)),
        unsound=(*said, *held["breaks"], *held["damage"]),
        not_served=not_served,
    )


def _acknowledged(patients: Sequence[Patient]) -> int:
    return sum(one.ledger.acknowledged + len(one.ledger.sends) for one in patients)


def _sign_in(practice: Scratch, seeded: dict[str, Any]) -> str:
    """Try to sign in once; say whether it worked, or what was said instead."""
    visitor = Visitor(HOST, practice.port)
    visitor._once("GET", "/account/login/", "")
    form = {"login": seeded["emails"][0], "password": seeded["password"]}
    form["csrfmiddlewaretoken"] = visitor._cookies.get(TOKEN, "")
    answer = visitor._once("POST", "/account/login/", urlencode(form))
    if answer.status == 302:
        return "worked"
    return "answered calmly" if CALM in answer.body else f"got {answer.status}"


def _not_served(practice: Scratch, reader: Visitor | None) -> Iterator[str]:
    """Yield what cannot be read while nothing can be written; no reader: no database."""
    for path in READ if reader else READ_WITHOUT_DATABASE:
        status, _ = _once(practice, path)
        if status != 200:
            yield f"{path} ({status})"
    for path in READ_BY_PATIENT:
        if reader is None:
            return
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


OWN_USERS = () if os.geteuid() == 0 else ("--preserve-credentials", "--user")
"""Root mounts as root; anybody else has to be root of a namespace for that."""


class Disk:
    """A small disk in memory, seen only by processes that enter its namespace."""

    def __init__(self, place: Path, keeper: int) -> None:
        self._filler = place / "filler"
        self._greedy: subprocess.Popen[bytes] | None = None
        self.within = [
            *("nsenter", *OWN_USERS, "--mount"),
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
def small_disk(place: Path, *, size: str = SIZE) -> Iterator[Disk]:
    """Put a small disk at a place, in a namespace that a sleeping process keeps."""
    mount = (
        f"mount -t tmpfs -o size={size},mode=711 tmpfs {place} && echo there && exec sleep 1d"
    )
    as_root = ["--map-root-user"] if OWN_USERS else []
    keeper = subprocess.Popen(
        ["unshare", *as_root, "--mount", "sh", "-c", mount],
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


@contextmanager
def on_a_small_cluster() -> Iterator[tuple[Scratch, Disk]]:
    """Yield a practice whose PostgreSQL is on a disk that can be filled."""
    if OWN_USERS or usable_programs() is None:
        raise NotHere("only root can start PostgreSQL on a disk of its own, where it is there")
    with (
        tempfile.TemporaryDirectory(prefix="sb-full-") as place,
        tempfile.TemporaryDirectory(prefix="sb-full-") as home,
        small_disk(Path(place), size=SIZE_OF_CLUSTER) as disk,
    ):
        Path(place).chmod(0o711)
        with cluster_on(Path(place) / "pg", within=disk.within) as database:
            practice = Scratch(Path(home), database, within=disk.within)
            try:
                yield practice, disk
            finally:
                disk.make_room()
                database.stand_up()
                practice.kill()


def main() -> int:
    """Fill the disks, say the figures, and fail if anything was lost or not served."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    found = [
        _tell("SQLite", on_a_small_disk(), seed=args.seed),
        _tell("PostgreSQL", on_a_small_cluster(), seed=args.seed),
        _tell("PostgreSQL, log too", on_a_small_cluster(), seed=args.seed, log_too=True),
    ]
    return max(found)


def _tell(
    name: str,
    store: AbstractContextManager[tuple[Scratch, Disk]],
    *,
    seed: int,
    log_too: bool = False,
) -> int:
    try:
        with store as (practice, disk):
            figures = fill(practice, disk, seed=seed, log_too=log_too)
    except NotHere as reason:
        sys.stdout.write(f"NOT RUN, disk full, {name}: {reason}\n")
        return 0
    sys.stdout.write("\n  ".join([f"{name}: {figures}.", *figures.problems]) + "\n")
    sys.stdout.flush()
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
