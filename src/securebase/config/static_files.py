"""Static files, answered before anything else and with headers of their own.

The files are listed once at the start. An address is looked up in that list and never
joined to a path, so nothing outside it can be asked for. The server under us could send
files by itself, but then without a single one of the headers below.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

MANIFEST = "staticfiles.json"
FOR_EVER = "public, max-age=31536000, immutable"
"""For files whose name changes with what is in them."""
ASK_AGAIN = "public, no-cache"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Said here, because what a machine takes a file for depends on what is installed on it."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, as it is sent."""

    body: bytes
    kind: str
    tag: str
    keep: str

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What is said of it, besides how long it is."""
        return [
            ("Content-Type", self.kind),
            ("Cache-Control", self.keep),
            ("ETag", self.tag),
            *HEADERS,
        ]


class StaticFiles:
    """An application that answers for the static files and hands on everything else."""

    def __init__(self, application: Application, *, home: Path, prefix: str) -> None:
        self._application, self._prefix = application, prefix
        self._files = {prefix + name: file for name, file in read_files(home)}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(self._prefix):
            return self._application(environ, start)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _plain(start, HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")])
        file = self._files.get(path)
        if file is None:
            return _plain(start, HTTPStatus.NOT_FOUND, [])
        extra = _over_tls(environ)
        if environ.get("HTTP_IF_NONE_MATCH") == file.tag:
            start(_line(HTTPStatus.NOT_MODIFIED), [*file.headers, *extra])
            return []
        length = ("Content-Length", str(len(file.body)))
        start(_line(HTTPStatus.OK), [*file.headers, length, *extra])
        return [file.body] if environ["REQUEST_METHOD"] == "GET" else []


def read_files(home: Path) -> Iterable[tuple[str, StaticFile]]:
    """Yield name and content of every collected file; those with a hash are for ever."""
    listed = home / MANIFEST
    hashed = set(json.loads(listed.read_text())["paths"].values()) if listed.exists() else set()
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_file() and name != MANIFEST:
            yield name, _file(path, keep=FOR_EVER if name in hashed else ASK_AGAIN)


def _file(path: Path, *, keep: str) -> StaticFile:
    body = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    kind = kind or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return StaticFile(body, kind, f'"{hashlib.sha256(body).hexdigest()[:24]}"', keep)


def _plain(
    start: StartResponse, status: HTTPStatus, extra: list[tuple[str, str]]
) -> Iterable[bytes]:
    body = f"{status.phrase}\n".encode()
    about = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(_line(status), [*about, *HEADERS, *extra])
    return [body]


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


def _over_tls(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    """Say for how long only TLS may be used, if that is how this was asked."""
    header = settings.SECURE_PROXY_SSL_HEADER
    said = environ.get(header[0]) == header[1] if header else False
    if not settings.SECURE_HSTS_SECONDS or not (said or environ["wsgi.url_scheme"] == "https"):
        return []
    return [("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")]
