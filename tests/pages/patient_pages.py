"""Every page a patient can read, with what it weighs and how it reads.

The pages are drawn from the address table: every address for patients, for whoever is
signed in and for everybody, asked for by somebody who has one of everything. So no page
can be forgotten; what is no page, such as a script or a file, is left out.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.db import transaction

from securebase.pages.shared.access import Audience
from tests.matrix.cells import addresses
from tests.reading import grade, sentences

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.matrix.world import World

FOR_PATIENTS = {Audience.PATIENT, Audience.SIGNED_IN, Audience.EVERYONE}
NOT_THEIRS = ("/demo/", "/keep/", "/style/", "/fhir/", "/set-up/")
BLOCKS = ("p", "li", "dt", "dd", "h1", "h2", "h3", "button", "div", "strong", "summary",
          "label", "legend", "option", "th", "td", "figcaption")  # fmt: skip
BREAK = re.compile(rf"</?(?:{'|'.join(BLOCKS)})\b[^>]*>")
ASIDE = re.compile(r"<(script|style|noscript|svg|blockquote)\b.*?</\1>", re.S)
LOOKED_UP = re.compile(r"In another country\..*(?=This page works)")
"""Names of countries and their numbers: looked up, not read."""
PART = re.compile(r'(?:href|src)="/static/([^"#]+)')


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was sent."""

    address: str
    html: str

    @property
    def parts(self) -> dict[str, int]:
        """What it is drawn with, and how much of each goes over the line."""
        return {part: compressed(part) for part in set(PART.findall(self.html))}

    @property
    def weight(self) -> int:
        """Bytes over the line for the page and all its parts."""
        return sum(self.parts.values()) + len(gzip.compress(self.html.encode()))

    @property
    def script(self) -> int:
        """Bytes over the line for its scripts."""
        return sum(size for part, size in self.parts.items() if part.endswith(".js"))

    @property
    def said(self) -> str:
        """The words of its main part; the end of a block ends a sentence."""
        main = self.html[self.html.index("<main") : self.html.index("</main>")]
        main = ASIDE.sub(" ", main)
        blocks = (re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in BREAK.split(main))
        told = (one if one[-1] in ".?:" else f"{one}." for one in blocks if one)
        return LOOKED_UP.sub("", re.sub(r"\s+", " ", unescape(" ".join(told))))

    @property
    def grade(self) -> float:
        """The school grade at which it is read with ease."""
        return grade(self.said)

    @property
    def longest(self) -> list[str]:
        """Its longest sentence, as words."""
        return max(sentences(self.said), key=len, default=[])


def pages(client: Client, world: World) -> Iterator[Page]:
    """Yield every page that somebody with one of everything is shown."""
    for address in addresses():
        policy = address.policy
        if policy is None or policy.audience not in FOR_PATIENTS:
            continue
        path = address.filled(address.whose()[0], world)
        if path.startswith(NOT_THEIRS):
            continue
        reply = _asked(client, path)
        kind = reply.headers.get("Content-Type", "")
        is_shown = reply.status_code == HTTPStatus.OK and kind.startswith("text/html")
        if is_shown and not reply.streaming and b"<main" in reply.content:
            yield Page(address.path, reply.content.decode())


def _asked(client: Client, path: str) -> HttpResponse:
    """Return a page; what asking for it does, such as leaving, is undone."""
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        reply: HttpResponse = client.get(path)  # type: ignore[assignment]
        transaction.set_rollback(True)
    client.cookies = cookies
    return reply


@cache
def compressed(part: str) -> int:
    """Return how much of a static file goes over the line."""
    found = finders.find(part)
    if not isinstance(found, str):
        raise FileNotFoundError(part)
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))
