"""A PostgreSQL that keeps what it is given, for a scratch practice, and that may be killed.

The server of the other tests forgets on purpose, to be quick; the program refuses to put
people's words into such a one. This one waits for the disk. Only processes that were
started here are killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import as_server, server, usable_programs

LASTING = "-c fsync=on -c listen_addresses=''"
TRIES = 100
"""Attempts to start again: memory that a killed server left must be given back first."""
BETWEEN = 0.1
FILLING = (
    "SELECT pg_logical_emit_message(false, 'full', repeat('x', 1000000)) "
    "FROM generate_series(1, 1000)"
)


class Cluster:
    """One running server: where it is, and how to end it rudely."""

    def __init__(
        self, programs: Path, where: dict[str, str], *, within: Sequence[str] = ()
    ) -> None:
        self.where, self._within = where, list(within)
        self._home = Path(where["PGHOST"])
        self._data = self._home / "data"
        self._control = [str(programs / "pg_ctl"), "-D", str(self._data), "-w"]

    @property
    def head(self) -> int:
        """The number of the process that all others of the server come from."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """Kill the head of the server with SIGKILL and start it again."""
        os.kill(self.head, signal.SIGKILL)
        self._start()

    def stop_at_once(self) -> None:
        """Stop it the immediate way, without a checkpoint, and start it again."""
        self._run("-m", "immediate", "stop")
        self._start()

    def stand_up(self) -> bool:
        """Start it if it stopped by itself; whether it had."""
        if self._run("status") == 0:
            return False
        self._start()
        return True

    def fill_log(self) -> None:
        """Write into its log until there is no room left for that."""
        words = [*self._within, "env", *(f"{k}={v}" for k, v in self.where.items())]
        subprocess.run(
            [*words, "psql", "-c", FILLING, "postgres"], capture_output=True, check=False
        )

    def stop(self) -> None:
        """Stop it the calm way."""
        self._run("-m", "fast", "stop")

    def _start(self) -> None:
        options = f"{LASTING} -k {self._home}"
        for _ in range(TRIES):
            if self._run("-l", str(self._home / "log"), "-o", options, "start") == 0:
                return
            threading.Event().wait(BETWEEN)
        raise RuntimeError(f"PostgreSQL did not come up again:\n{self._said()}")

    def _said(self) -> str:
        said = [*self._within, "tail", "-c", "2000", str(self._home / "log")]
        return subprocess.run(said, capture_output=True, text=True, check=False).stdout

    def _run(self, *words: str) -> int:
        return subprocess.run(
            [*self._within, *as_server([*self._control, *words])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
        ).returncode


@contextmanager
def cluster(*, also: str = "") -> Iterator[Cluster]:
    """Yield a server of one's own, with what is set besides; it is gone afterwards."""
    programs = usable_programs()
    if programs is None:
        raise RuntimeError("There is no PostgreSQL here that can be started.")
    with server(programs, options=f"{LASTING} {also}") as where:
        yield Cluster(programs, where)


@contextmanager
def cluster_on(home: Path, *, within: Sequence[str]) -> Iterator[Cluster]:
    """Yield a server on a disk that only processes within a namespace see."""
    programs = usable_programs()
    if programs is None:
        raise RuntimeError("There is no PostgreSQL here that can be started.")
    initdb = [str(programs / "initdb"), "-D", str(home / "data"), "-U", "postgres"]
    made = ["--auth=trust", "-E", "UTF8", "--no-sync"]
    owned = ["install", "--directory", "--owner=postgres", str(home)]
    for command in (owned, as_server([*initdb, *made])):
        subprocess.run([*within, *command], stdout=subprocess.DEVNULL, check=True, cwd="/")
    where = {"DATABASE_URL": "postgres:///postgres", "PGHOST": str(home), "PGUSER": "postgres"}
    found = Cluster(programs, where, within=within)
    found.stand_up()
    try:
        yield found
    finally:
        found.stop()
