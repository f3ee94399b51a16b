"""Does the disk have it before the patient is told? ``python -m tests.faults.fsyncs``.

The server runs under strace; a patient takes every way to write that there is. Between a
request and its answer the trace must hold at least one call that waits for the disk, by
the pages and not by the worker; a page that is only read is asked for too, and waits for
nothing. A killed process is no power cut: this stands in for one.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.scratch import HOST, Scratch
from tests.faults.visitor import Answer, Visitor

CALLS = "fsync,fdatasync,sync_file_range,msync"
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
    if shutil.which("strace") is None:
        raise NotHere("there is no strace here (install Debian's strace)")
    log = home / "strace.log"
    within = ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-o", str(log)]
    (home / "data").mkdir()
    practice = Scratch(home / "data", None, around_server=within)
    try:
        seeded = practice.seed(patients=1, checkins=1)
        practice.start()
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
        }
        return [_seen(practice, log, name, do) for name, do in ways.items()]
    finally:
        practice.kill()


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
    with tempfile.TemporaryDirectory(prefix="sb-fsync-") as home:
        try:
            found = trace(Path(home))
        except NotHere as reason:
            sys.stdout.write(f"NOT RUN, waiting for the disk: {reason}\n")
            return 0
    sys.stdout.write("\n  ".join(["Waiting for the disk (SQLite):", *map(str, found)]) + "\n")
    return 1 if any(bool(one.waited) is (one.name == READ_ONLY) for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
