"""Every form of every page, sent twice as a browser does whose answer got lost.

The pages are asked for their own forms, so that a new one is tried as soon as it is there.
A form is filled in with the first thing that its fields would take, sent, and sent once
more exactly as it was; the second must add nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.matrix.cells import Address, addresses
from tests.matrix.world import SAM, World

NOT_COUNTED = ("audit", "accounts")
"""Rooms whose rows say that somebody came, not what they sent."""
WHO = ("sam", "of record")
WORDS = "It was a long week."
BY_TYPE = {
    "date": "2026-12-19",
    "time": "09:00",
    "datetime-local": "2026-12-19T10:00",
    "email": "kim@example.org",
    "number": "2",
    "range": "2",
    "file": "",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page, and one way to send it."""

    page: str
    action: str
    fields: dict[str, list[str]]

    @property
    def name(self) -> str:
        """Where it goes, and with which button."""
        return f"{self.action} ({', '.join(sorted(self.fields))})"


@dataclass(slots=True)
class Sent:
    """What became of a form that was sent twice."""

    who: str
    form: Form
    statuses: tuple[int, int]
    first: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)


class Forms(HTMLParser):
    """The forms of a page with what each field would take."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._page, self._within = page, ""
        self._action: str | None = None
        self._fields: dict[str, list[str]] = {}
        self._buttons: list[tuple[str, str]] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one element for what it would send."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._action = given.get("action") or self._page
            self._fields, self._buttons = {}, []
        elif self._action is not None:
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            self._fields.setdefault(self._select, [given["value"]])
        elif tag == "textarea" and name:
            self._fields.setdefault(name, [WORDS])
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            value = given.get("value") or BY_TYPE.get(kind, WORDS)
            if kind != "radio" or value:
                self._fields.setdefault(name, [value])

    def handle_endtag(self, tag: str) -> None:
        """End a form: each of its buttons is a way to send it."""
        if tag == "select":
            self._select = ""
        if tag == "form" and self._action is not None:
            for name, value in self._buttons or [("", "")]:
                fields = self._fields | ({name: [value]} if name else {})
                self.found.append(Form(self._page, self._action, fields))
            self._action = None


def sent_twice(world: World) -> Iterator[Sent]:
    """Send every form that a patient and a clinician find, twice; nothing of it stays."""
    for who in WHO:
        client = Client(raise_request_exception=False)
        user = world.people[who]
        assert user is not None
        client.force_login(user)
        client.get("/healthz")
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        tried: set[str] = set()
        for address in addresses():
            client.cookies = SimpleCookie(cookies)
            for form in _forms(client, address, world):
                if form.name not in tried:
                    tried.add(form.name)
                    client.cookies = SimpleCookie(cookies)
                    yield _twice(client, who, form)


def _forms(client: Client, address: Address, world: World) -> list[Form]:
    own = not address.of or address.of in world.ids[SAM]
    if not address.path.startswith(("/me/", "/desk/")) or not own:
        return []
    path = address.filled(SAM if address.of else "", world)
    with transaction.atomic():
        reply = client.get(path)
        transaction.set_rollback(True)
    if reply.status_code != 200 or "text/html" not in reply.headers["Content-Type"]:
        return []
    return Forms(path, reply.content.decode()).found


def _twice(client: Client, who: str, form: Form) -> Sent:
    with transaction.atomic():
        counts, statuses = [_rows()], []
        for _ in range(2):
            with transaction.atomic():
                statuses.append(client.post(form.action, form.fields).status_code)
            counts.append(_rows())
        transaction.set_rollback(True)
    before, once, twice = counts
    return Sent(who, form, (statuses[0], statuses[1]), once - before, twice - once)


def _rows() -> Counter[str]:
    """Return how many rows each table of ours has."""
    ours: list[Any] = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("securebase.")
        and model._meta.app_label not in NOT_COUNTED
    ]
    return Counter({model._meta.label: model._base_manager.count() for model in ours})
