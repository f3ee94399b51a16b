"""Does the disk have it before the patient is told? ``python -m tests.faults.fsyncs``.

The server runs under strace; a patient takes every way to write that there is. Between a
request and its answer the trace must hold at least one call that waits for the disk, by
the pages and not by the worker; a page that is only read is asked for too, and waits for
nothing. With ``tests/postgres.py`` in front PostgreSQL is the one that is watched. A killed
process is no power cut: this stands in for one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.cluster import cluster
from tests.faults.forms import Forms
from tests.faults.scratch import HOST, LOOK_AGAIN, Scratch
from tests.faults.visitor import Answer, Visitor

CALLS = "fsync,fdatasync,sync_file_range,msync"
STRACE = ("strace", "-f", "-qq", "-e", f"trace={CALLS}", "-o")
READ_ONLY = "read a page"
SETTLED = 0.3
"""Seconds until what belongs to the request before is written."""
CALL = re.compile(r"^(\d+) +(?:fsync|fdatasync|msync)\(", re.M)


class NotHere(Exception):
    """There is no strace on this machine."""


@dataclass(frozen=True, slots=True)
class Write:
    """One way to write, how it was answered, and how often the disk was waited for."""

    name: str
    status: int
    waited: int

    def __str__(self) -> str:
        return f"{self.name}: answered {self.status} after {self.waited} calls"


def trace(home: Path) -> list[Write]:
    """Take every way a patient has to write, with the server under strace."""
    _need_strace()
    log = home / "strace.log"
    (home / "data").mkdir()
    practice = Scratch(home / "data", None, around_server=[*STRACE, str(log)])
    try:
        seeded = practice.seed(patients=1, checkins=1)
        practice.start()
        return list(_every_way(practice, log, seeded))
    finally:
        practice.kill()


def trace_postgres(home: Path) -> list[Write]:
    """Do the same with PostgreSQL, whose processes are the ones that wait for the disk.

    The worker stands still meanwhile, and nothing is vacuumed: every call is the pages'.
    """
    _need_strace()
    log = home / "strace.log"
    with cluster(also="-c autovacuum=off") as database:
        practice = Scratch(home, database)
        seeded = practice.seed(patients=1, checkins=1)
        tracer = subprocess.Popen([*STRACE, str(log), "-p", str(database.head)])
        try:
            _attached(tracer, database.head)
            practice.start()
            practice.hold_worker()
            return list(_every_way(practice, log, seeded))
        finally:
            practice.kill()
            tracer.terminate()
            tracer.wait()


def _need_strace() -> None:
    if shutil.which("strace") is None:
        raise NotHere("there is no strace here (install Debian's strace)")


def _attached(tracer: subprocess.Popen[bytes], head: int) -> None:
    """Wait until the server is traced: only what it starts from then on is followed."""
    while "TracerPid:\t0\n" in Path(f"/proc/{head}/status").read_text():
        if tracer.poll() is not None:
            raise NotHere("this machine lets nobody trace a process that runs already")
        threading.Event().wait(LOOK_AGAIN)


def _every_way(practice: Scratch, log: Path, seeded: dict[str, Any]) -> Iterator[Write]:
    device = Visitor(HOST, practice.port)
    checkin = next(iter(seeded["long"].values()))
    place = f"/me/check-in/{checkin}"
    ways: dict[str, Callable[[], Answer]] = {
        READ_ONLY: lambda: device.get("/help-now"),
        "sign in": lambda: _sign_in(device, seeded),
        "keep an answer": lambda: device.post(f"{place}/1/keep/", {"answer": "1"}),
        "answer and go on": lambda: device.post(
            f"{place}/1/", {"do": "continue", "answer": "2"}
        ),
        "skip": lambda: device.post(f"{place}/2/", {"do": "skip"}),
        "send": lambda: device.post(f"{place}/send/", {}),
        "set a goal": lambda: _goal(device),
    }
    yield from (_seen(practice, log, name, do) for name, do in ways.items())


def _goal(device: Visitor) -> Answer:
    page = "/me/together/"
    forms = Forms(page, device.get(page).body).found
    fields = next(one.fields for one in forms if one.action == "/me/goals")
    return device.post("/me/goals", {name: values[0] for name, values in fields.items()})


def _seen(practice: Scratch, log: Path, name: str, do: Callable[[], Answer]) -> Write:
    threading.Event().wait(SETTLED)
    before = len(_callers(log))
    answer = do()
    workers = practice.worker_threads()
    waited = [caller for caller in _callers(log)[before:] if caller not in workers]
    return Write(name, answer.status, len(waited))


def _callers(log: Path) -> list[int]:
    """Return which thread waited for the disk, call by call."""
    return [int(number) for number in CALL.findall(log.read_text(errors="replace"))]


def _sign_in(device: Visitor, seeded: dict[str, Any]) -> Answer:
    device.get("/account/login/")
    return device.post(
        "/account/login/", {"login": seeded["emails"][0], "password": seeded["password"]}
    )


def main() -> int:
    """Say how often the disk was waited for, and fail if once it was not."""
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    store, look = ("PostgreSQL", trace_postgres) if on_postgres else ("SQLite", trace)
    with tempfile.TemporaryDirectory(prefix="sb-fsync-") as home:
        try:
            found = look(Path(home))
        except NotHere as reason:
            sys.stdout.write(f"NOT RUN, waiting for the disk: {reason}\n")
            return 0
    told = [f"Waiting for the disk ({store}):", *map(str, found)]
    sys.stdout.write("\n  ".join(told) + "\n")
    return 1 if any(bool(one.waited) is (one.name == READ_ONLY) for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
