"""A real server with a practice of its own, which may be killed at any moment.

Everything is in a scratch folder and, where DATABASE_URL names PostgreSQL, in a server
made for this and gone afterwards. Only processes started here are killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.faults.cluster import Cluster, cluster

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds a server has to come up."""
LOOK_AGAIN = 0.03
REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("securebase")


class Scratch:
    """One practice, its environment, and the server that serves it while it lives."""

    def __init__(
        self,
        home: Path,
        database: Cluster | None,
        *,
        within: Sequence[str] = (),
        around_server: Sequence[str] = (),
    ) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self._home, self._within, self._around = home, list(within), list(around_server)
        self._server: subprocess.Popen[bytes] | None = None
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SECUREBASE_")},
            "SECUREBASE_DATA_DIR": str(home),
            "DJANGO_SETTINGS_MODULE": "securebase.config.settings.local",
            "EMAIL_URL": "dummymail://",
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]),
        }
        self._environment.pop("DATABASE_URL", None)
        self._environment |= database.where if database else {}
        self.database = database

    @property
    def on_postgres(self) -> bool:
        """Whether the practice is kept in PostgreSQL."""
        return self.database is not None

    def seed(self, *, patients: int, checkins: int) -> dict[str, Any]:
        """Set the practice up; say who its patients are and what they will be asked."""
        return self._inside("seed", str(patients), str(checkins))

    def sit_down(self) -> dict[str, Any]:
        """Let the clinician begin a note; say how a browser goes on with it."""
        return self._inside("desk")

    def read(self) -> dict[str, Any]:
        """Return what the disk holds."""
        return self._inside("read")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        server = self._launch()
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The server did not come up:\n{self.log()[-2000:]}")
            threading.Event().wait(LOOK_AGAIN)

    def start_and_kill(self, *, after: float) -> None:
        """Start the server and kill it some seconds later, however far it got."""
        server = self._launch()
        with suppress(subprocess.TimeoutExpired):
            server.wait(after)
            raise RuntimeError(f"The server gave up by itself:\n{self.log()[-2000:]}")
        self.kill()

    def kill(self) -> None:
        """Kill the server with everything it started, at once and without a word."""
        if self._server is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    def kill_worker(self) -> bool:
        """Kill only the worker beside the pages; whether one was there."""
        found = list(self._workers())
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(found)

    def hold_worker(self) -> None:
        """Let the worker stand still, so that whatever happens is the pages' doing."""
        for pid in self._workers():
            os.kill(pid, signal.SIGSTOP)

    def worker_threads(self) -> set[int]:
        """Return the numbers of every thread of the worker."""
        tasks = (Path(f"/proc/{pid}/task").glob("*") for pid in self._workers())
        return {int(task.name) for some in tasks for task in some}

    def _workers(self) -> Iterator[int]:
        return (pid for pid in self._descendants() if "securebase.cli.worker" in _line(pid))

    def _descendants(self) -> Iterator[int]:
        waiting = [self._server.pid] if self._server else []
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):
                    waiting += map(int, task.read_text().split())

    def log(self) -> str:
        """Return what the server said."""
        return (self._home / "server.log").read_text(errors="replace")

    def _launch(self) -> subprocess.Popen[bytes]:
        command = [
            *self._within,
            *self._around,
            str(PROGRAM),
            "serve",
            "--port",
            str(self.port),
            "--data-dir",
            str(self._home),
        ]
        with (self._home / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                command,
                env=self._environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._server

    def _answers(self) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _inside(self, *wish: str) -> dict[str, Any]:
        done = subprocess.run(
            [*self._within, sys.executable, "-m", "tests.faults.practice", *wish],
            env=self._environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{wish[0]} failed:\n{done.stderr[-3000:]}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told


def _line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return ""


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Yield a scratch practice; its server, its files and its database go afterwards."""
    home = Path(tempfile.mkdtemp(prefix="sb-faults-"))
    try:
        with _database(os.environ.get("DATABASE_URL", "")) as database:
            practice = Scratch(home, database)
            try:
                yield practice
            finally:
                practice.kill()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _database(url: str) -> Iterator[Cluster | None]:
    """Yield a server of its own where ``url`` names PostgreSQL; None for SQLite."""
    if not url.startswith("postgres"):
        yield None
        return
    with cluster() as found:
        yield found
