"""Serving a practice.

One command makes everything it needs, prints a set-up link that works once, and stops
calmly. What would be unsafe, or cannot be, is refused in words before anything is made.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from securebase.cli.serve import check_port, port_number, worker_number
from securebase.cli.server import Address
from securebase.science.errors import BadInput

COMMAND = [str(Path(sys.executable).with_name("securebase")), "serve"]
PATIENCE = 90


@dataclass
class Running:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    said: str

    def get(self, path: str) -> tuple[int, bytes, str]:
        """Return status, body and policy of one page."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(link):
            link.request("GET", path)
            answer = link.getresponse()
            policy = answer.getheader("Content-Security-Policy") or ""
            return answer.status, answer.read(), policy

    def stop(self) -> str:
        """Press Ctrl-C and return the last words."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.communicate(timeout=PATIENCE)[0]


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE", "DJANGO"))}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(data_dir: Path) -> Running:
    port = _free_port()
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(),
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Serving on"):
            break
    for _ in range(PATIENCE * 20):
        if process.poll() is not None or _answers(port):
            break
    return Running(process, port, said)


def _answers(port: int) -> bool:
    """Knock once; if nobody listens yet, leave the other process a moment."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return True
    threading.Event().wait(0.05)
    return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """Serve a new practice for the tests of this file."""
    data_dir = tmp_path_factory.mktemp("served") / "data"
    running = _start(data_dir)
    yield running, data_dir
    if running.process.poll() is None:
        running.stop()


# A first start


@pytest.mark.slow
def test_the_first_start_prints_a_link_that_opens_the_set_up_page(
    served: tuple[Running, Path],
) -> None:
    running, _ = served

    found = re.search(r"/set-up/[\w-]+/", running.said)

    assert found is not None, running.said
    status, page, policy = running.get(found[0])
    assert (status, b"Set up your practice" in page) == (200, True)
    assert "default-src 'none'" in policy


@pytest.mark.slow
def test_keys_and_data_are_for_their_owner_alone(served: tuple[Running, Path]) -> None:
    _, data_dir = served

    for name in (".", "keys", "keys/root.key", "keys/signing.key", "securebase.sqlite3"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) & 0o077 == 0, name


@pytest.mark.slow
def test_files_are_served_beside_the_pages(served: tuple[Running, Path]) -> None:
    running, _ = served
    _, page, _ = running.get("/")

    sheet = re.search(rb'href="(/static/[^"]+\.css)"', page)

    assert sheet is not None
    assert running.get(sheet[1].decode())[0] == 200
    assert running.get("/healthz")[:2] == (200, b"well")


@pytest.mark.slow
def test_a_port_in_use_is_refused_in_words(
    served: tuple[Running, Path], tmp_path: Path
) -> None:
    running, _ = served

    second = subprocess.run(
        [*COMMAND, "--port", str(running.port), "--data-dir", str(tmp_path / "other")],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )

    assert second.returncode == 1
    assert "choose another with --port" in second.stderr
    assert "Traceback" not in second.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_ctrl_c_stops_it_calmly_and_the_next_start_makes_a_new_link(tmp_path: Path) -> None:
    first = _start(tmp_path)
    last_words = first.stop()

    again = _start(tmp_path)
    again.stop()

    assert first.process.returncode == 0
    assert "Everything acknowledged is kept" in last_words
    assert "Traceback" not in last_words
    links = [re.search(r"/set-up/[\w-]+/", said.said) for said in (first, again)]
    assert links[0] is not None
    assert links[1] is not None
    assert links[0][0] != links[1][0]


# What is refused


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "0.0.0.0"], "can be reached from other machines"),  # noqa: S104
        (["--workers", "2"], "2 workers on SQLite"),
    ],
)
def test_what_would_be_unsafe_is_refused_before_anything_is_made(
    options: list[str], says: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [*COMMAND, "--port", str(_free_port()), "--data-dir", str(tmp_path), *options],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )

    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "keys" / "root.key").exists()


@pytest.mark.slow
def test_a_database_without_its_key_is_refused(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys; from securebase.cli import serve;"
        "from securebase.cli.server import Address;"
        "place = pathlib.Path(sys.argv[1]); address = Address('127.0.0.1', int(sys.argv[2]));"
        "serve.prepare(place, address=address, settings=serve.LOCAL);"
        "serve.make_ready(address, workers=1);"
        "from securebase.people.vault import keys;"
        "keys.subkey(keys.PRACTICE, 'id', sealing=True);"
        "(place / 'keys' / 'root.key').unlink(); keys.forget_keys();"
        "serve.make_ready(address, workers=1)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(_free_port())],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )

    assert "its key is missing" in done.stderr
    assert not (tmp_path / "keys" / "root.key").exists()


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(BadInput, match=f"Port {port} on 127.0.0.1 cannot be had"):
            check_port(Address("127.0.0.1", port))


@pytest.mark.parametrize("word", ["0", "65536", "-1", "eight", "80.5", ""])
def test_a_word_that_is_no_port_is_wrong_usage(word: str) -> None:
    with pytest.raises(Exception, match="is not a port from 1 to 65535"):
        port_number(word)


def test_numbers_are_read_as_they_are_written() -> None:
    assert (port_number("8000"), worker_number("3")) == (8000, 3)


def test_the_printed_address_has_a_name_because_passkeys_need_one() -> None:
    assert Address("127.0.0.1", 8000).named_url == "http://localhost:8000"
    assert Address("::1", 8000).url == "http://[::1]:8000"


def test_a_key_that_cannot_be_used_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "root.key").write_text("half a k")
    (tmp_path / "keys" / "root.key").chmod(0o400)

    done = subprocess.run(
        [*COMMAND, "--port", str(_free_port()), "--data-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )

    assert done.returncode == 1
    assert "No usable root key" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "securebase.sqlite3").exists()


@pytest.mark.slow
def test_a_first_start_that_dies_between_two_tables_leaves_none(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys; from securebase.cli import serve;"
        "from securebase.cli.server import Address;"
        "place = pathlib.Path(sys.argv[1]); address = Address('127.0.0.1', int(sys.argv[2]));"
        "serve.prepare(place, address=address, settings=serve.LOCAL);"
        "from django.db import connection;"
        "from django.db.migrations.recorder import MigrationRecorder as Notes;"
        "note = Notes.record_applied;"
        "Notes.record_applied = lambda *a: sys.exit('died') if a[1] == 'care' else note(*a);\n"
        "try: serve.make_ready(address, workers=1)\n"
        "except SystemExit: print(connection.introspection.table_names())\n"
        "Notes.record_applied = note; serve.make_ready(address, workers=1)\n"
        "print('ready')"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(_free_port())],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )

    assert done.stdout == "[]\nready\n", done.stderr
