"""Static files.

They carry the same careful headers as pages, come from a list made at the start, and
nothing outside that list can be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory, override_settings

from securebase.cli import server
from securebase.config.static_files import HEADERS, StaticFiles

STYLE = b"body { color: inherit; }"
OUTSIDE = (
    "/static/../secret.key",
    "/static/..%2fsecret.key",
    "/static//etc/passwd",
    "/static/shared/..\\..\\secret.key",
    "/static/shared/base.css\x00.svg",
    "/static/staticfiles.json",
    "/static/shared/",
    "/static/shared",
    "/static/" + "a" * 5000,
)


def pages(environ: Any, start: Any) -> Iterable[bytes]:
    """Stand for everything that is not a static file."""
    start("200 OK", [("X-From", "pages")])
    return [b"a page"]


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    home = tmp_path / "static"
    (home / "shared").mkdir(parents=True)
    (tmp_path / "secret.key").write_text("secret")
    for name in ("base.css", "base.1f2e.css", "mark.svg", "keep.js", "x.unknownkind"):
        (home / "shared" / name).write_bytes(STYLE)
    told = {"paths": {"shared/base.css": "shared/base.1f2e.css"}}
    (home / "staticfiles.json").write_text(json.dumps(told))
    return StaticFiles(pages, home=home, prefix="/static/")


def ask(
    files: StaticFiles, path: str, method: str = "GET", **extra: str
) -> tuple[str, dict[str, str], bytes]:
    """Return status, headers and body of one answer."""
    told: list[Any] = []
    environ = RequestFactory().generic(method, "/").environ
    environ |= {"PATH_INFO": path, **extra}

    def start(status: str, headers: list[tuple[str, str]], fault: Any = None) -> Any:
        told.extend((status, headers))

    body = b"".join(files(environ, start))
    return told[0], dict(told[1]), body


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base.css", "text/css; charset=utf-8"),
        ("keep.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
        ("x.unknownkind", "application/octet-stream"),
    ],
)
def test_a_file_is_sent_as_what_it_is_with_every_header(
    files: StaticFiles, name: str, kind: str
) -> None:
    status, headers, body = ask(files, f"/static/shared/{name}")

    assert (status, body, headers["Content-Type"]) == ("200 OK", STYLE, kind)
    assert headers.items() >= dict(HEADERS).items()
    assert headers["Content-Length"] == str(len(STYLE))


def test_only_a_file_named_by_its_content_is_kept_for_ever(files: StaticFiles) -> None:
    _, hashed, _ = ask(files, "/static/shared/base.1f2e.css")
    _, plain, _ = ask(files, "/static/shared/base.css")

    assert "immutable" in hashed["Cache-Control"]
    assert plain["Cache-Control"] == "public, no-cache"


def test_a_file_that_did_not_change_is_not_sent_again(files: StaticFiles) -> None:
    _, first, _ = ask(files, "/static/shared/base.css")

    status, headers, body = ask(
        files, "/static/shared/base.css", HTTP_IF_NONE_MATCH=first["ETag"]
    )

    assert (status, body) == ("304 Not Modified", b"")
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_list_can_be_asked_for(files: StaticFiles, path: str) -> None:
    status, headers, body = ask(files, path)

    assert (status, body) == ("404 Not Found", b"Not Found\n")
    assert headers.items() >= dict(HEADERS).items()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_a_file_can_only_be_read(files: StaticFiles, method: str) -> None:
    status, headers, _ = ask(files, "/static/shared/base.css", method)

    assert (status, headers["Allow"]) == ("405 Method Not Allowed", "GET, HEAD")


def test_asked_for_its_head_a_file_keeps_its_body(files: StaticFiles) -> None:
    status, headers, body = ask(files, "/static/shared/base.css", "HEAD")

    assert (status, body) == ("200 OK", b"")
    assert headers["Content-Length"] == str(len(STYLE))


@override_settings(
    SECURE_HSTS_SECONDS=31_536_000,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
)
def test_over_tls_a_file_says_that_only_tls_may_be_used(files: StaticFiles) -> None:
    _, behind, _ = ask(files, "/static/shared/base.css", HTTP_X_FORWARDED_PROTO="https")
    _, plain, _ = ask(files, "/static/shared/base.css", HTTP_X_FORWARDED_PROTO="http")

    assert behind["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in plain


def test_everything_else_is_handed_on(files: StaticFiles) -> None:
    status, headers, body = ask(files, "/help-now")

    assert (status, headers["X-From"], body) == ("200 OK", "pages", b"a page")


def test_the_server_under_us_sends_no_file_by_itself() -> None:
    assert "static_path" not in Path(server.__file__).read_text()
