"""Let a scanner and an SQL injection tool loose: ``python -m tests.faults.attack``.

Both are tools of Debian (``wapiti`` and ``sqlmap``). First they have to find a fault that
is planted on a page of this file, outside the product; then they are logged in as a
patient of an invented practice. Returns 1 if they miss the planted fault, which would make
their silence worthless, or if they find anything in the product.
"""

from __future__ import annotations

import argparse
import html
import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.faults.visitor import Visitor

HOST = "127.0.0.1"
PROGRAM = Path(sys.executable).with_name("securebase")
MODULES = "xss,permanentxss,sql,blindsql,exec,file,crlf,redirect"
ASKED = (
    "/account/login/?next=1",
    "/lock?next=1",
    "/me/check-in/?at=1",
    "/me/record/?page=1",
    "/me/steady/1*/",
    "/me/check-in/1*/1/",
    "/help-now?country=1",
)
"""Addresses of a patient with something in them that is not fixed."""
PATIENCE = 90.0
LEVEL, RISK = "2", "1"
FOUND = "is vulnerable"


class Planted(BaseHTTPRequestHandler):
    """A page with a hole of each kind, so that a tool can show that it finds one."""

    def do_GET(self) -> None:
        """Repeat what was asked as it is, and put it into a query as it is."""
        asked = parse_qs(urlsplit(self.path).query)
        said, status = "", 200
        if "id" in asked:
            said, status = _looked_up(asked["id"][0])
        words = asked.get("words", [""])[0]
        links = '<a href="/?words=hello">words</a> <a href="/?id=1">item</a>'
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(
            f"<html><body>{links} {words} {html.escape(said)}</body></html>".encode()
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def _looked_up(given: str) -> tuple[str, int]:
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE item (id INTEGER, word TEXT)")
        base.execute("INSERT INTO item VALUES (1, 'heron'), (2, 'weir')")
        try:
            rows = base.execute(f"SELECT word FROM item WHERE id = {given}").fetchall()  # noqa: S608
        except sqlite3.Error as fault:
            return f"sqlite3.OperationalError: {fault}", 500
    return str(rows), 200


@contextmanager
def planted() -> Iterator[str]:
    """Serve the page with the holes; yield its address."""
    server = ThreadingHTTPServer((HOST, 0), Planted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def invented(home: Path) -> Iterator[tuple[str, str]]:
    """Serve an invented practice; yield its address and the cookies of a patient."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    words = ["demo", "--patients", "3", "--port", str(port), "--data-dir", str(home)]
    with (home.parent / "demo.log").open("wb") as log:
        server = subprocess.Popen([str(PROGRAM), *words], stdout=log, stderr=log)
    try:
        _wait_for(port)
        people = json.loads((home / "demo.json").read_text())["people"]
        door = next(one["sign_in_url"] for one in people if one["role"] == "patient")
        visitor = Visitor(HOST, port)
        visitor.get(urlsplit(door).path)
        yield f"http://{HOST}:{port}", visitor.cookies
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            threading.Event().wait(0.5)
        finally:
            connection.close()
    raise RuntimeError(f"The invented practice did not come up in {PATIENCE:.0f} s.")


def scanned(base: str, *, seconds: int, cookies: str = "", start: str = "/") -> list[str]:
    """Return what the scanner finds, each as kind and address."""
    with tempfile.TemporaryDirectory(prefix="sb-wapiti-") as folder:
        report = Path(folder) / "report.json"
        command = ["wapiti", "-u", base + start, "-m", MODULES, "--flush-session", "-v", "0"]
        # The one bounds how long it looks for pages, the other how long each attack takes.
        command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds)]
        command += ["-f", "json", "-o", str(report)]
        # Below the start only: a form elsewhere would sign the scanner out.
        command += ["--scope", "folder", "--store-session", folder]
        command += ["-H", f"Cookie: {cookies}"] if cookies else []
        subprocess.run(command, capture_output=True, check=False, timeout=seconds * 8 + 600)
        told = json.loads(report.read_text())
    kinds = told["vulnerabilities"]
    return [
        f"{kind}: {one['method']} {one['path']}" for kind, all_ in kinds.items() for one in all_
    ]


def injected(address: str, *, cookies: str = "") -> bool:
    """Whether the SQL injection tool finds a way in at one address."""
    with tempfile.TemporaryDirectory(prefix="sb-sqlmap-") as folder:
        command = [
            "sqlmap",
            "-u",
            address,
            "--batch",
            "--output-dir",
            folder,
            "--flush-session",
        ]
        command += ["--level", LEVEL, "--risk", RISK, "--threads", "2", "--technique", "BEUS"]
        command += ["--ignore-code", "404,403,409", "--disable-coloring"]
        command += ["--cookie", cookies, "--drop-set-cookie"] if cookies else []
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=1800
        )
    return FOUND in done.stdout or "injection point" in done.stdout


def main(words: Sequence[str] | None = None) -> int:
    """Try the tools on the planted holes, then on the product, and say what they found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=900, help="for the scanner")
    args = parser.parse_args(words)
    lacking = [tool for tool in ("wapiti", "sqlmap") if shutil.which(tool) is None]
    if lacking:
        sys.stderr.write(f"Not here: {', '.join(lacking)}. apt-get install wapiti sqlmap\n")
        return 1
    with planted() as base:
        holes, way_in = scanned(base, seconds=60), injected(f"{base}/?id=1")
    sys.stdout.write(
        f"planted: scanner {len(holes)} found, sqlmap {'found' if way_in else 'missed'}\n"
    )
    if not holes or not way_in:
        return 1
    with tempfile.TemporaryDirectory(prefix="sb-attack-") as folder:
        home = Path(folder) / "practice"
        with invented(home) as (base, cookies):
            found = scanned(base, seconds=args.seconds, cookies=cookies, start="/me/")
            found += [path for path in ASKED if injected(base + path, cookies=cookies)]
    sys.stdout.write(
        f"product: scanner and sqlmap at {len(ASKED)} addresses: {len(found)} found\n"
    )
    sys.stdout.write("".join(f"    {one}\n" for one in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
