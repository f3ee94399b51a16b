"""The processes of a running practice: pages, and one worker beside them."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from dataclasses import dataclass
from types import TracebackType

from granian import Granian
from granian.constants import Interfaces
from granian.errors import FatalError

THREADS = 4
"""Requests answered at once by one process; each sign-in takes 48 MiB while it hashes."""
RESTART_AFTER = 2.0
"""Seconds before a worker that fell over is started again."""
FINISHING = 5
"""Seconds a page in the making has after Ctrl-C."""
PATIENCE = 15.0
"""Seconds a worker has to finish what it is doing."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    @property
    def named_url(self) -> str:
        """The address by name: passkeys work at a name, never at a number."""
        name = "localhost" if self.host == "127.0.0.1" else self.host
        return Address(name, self.port).url

    @property
    def url(self) -> str:
        """The address as one writes it in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class BesideWorker:
    """Keeps the worker process running while the pages are served."""

    def __init__(self) -> None:
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> BesideWorker:
        self._keeper.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._leaving.set()
            if self._child is not None:
                self._child.terminate()
        self._keeper.join(PATIENCE)
        if self._child is not None and self._child.poll() is None:
            self._child.kill()

    def _keep(self) -> None:
        while True:
            with self._lock:
                if self._leaving.is_set():
                    return
                self._child = subprocess.Popen([sys.executable, "-m", "securebase.cli.worker"])
            self._child.wait()
            self._leaving.wait(RESTART_AFTER)


def run_server(address: Address, *, workers: int) -> int:
    """Serve pages and files, with the worker beside them, until interrupted."""
    # A forked process would inherit the locks of the thread that keeps the worker.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "securebase.config.wsgi:application",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=FINISHING,
    )
    with BesideWorker():
        try:
            server.serve()
        except FatalError as problem:
            sys.stderr.write(f"The server stopped: {problem}\n")
            return 1
    print("Stopped. Everything acknowledged is kept.")
    return 0
