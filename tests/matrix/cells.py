"""Every cell: an address, a verb, whose thing, and who asks; and what they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from securebase.pages.shared.access import Policy, policy_of
from securebase.people.audit.models import AuditEvent
from tests.matrix.world import ALEX, NOTHING, OWN, SAM, World

VERBS = ("GET", "POST")
LOOKED_AFTER = {"host": ("audit.Concern", "care.Emergency", "care.Supervision")}
"""What somebody looks after for the whole practice: who and when, nothing clinical."""
OPENED = ("shown", "done", "mend")
"""Answers of somebody who was let in; the last shows a form that was filled in wrongly."""
SLUGS = {
    "desk_ask": "phq-9",
    "desk_entry": "phq-9",
    "desk_instrument": "phq-9",
    "desk_wording": "phq-9",
    "me_do": "slow-breathing",
    "me_exercise": "slow-breathing",
    "me_feeling": "afraid",
    "me_kit_add": "words",
    "me_kit_exercise": "slow-breathing",
}
ANSWERS = {
    HTTPStatus.OK: "shown",
    HTTPStatus.NO_CONTENT: "done",
    HTTPStatus.BAD_REQUEST: "mend",
    HTTPStatus.UNPROCESSABLE_ENTITY: "mend",
    HTTPStatus.CONFLICT: "mend",
    HTTPStatus.FORBIDDEN: "refused",
    HTTPStatus.NOT_FOUND: "not there",
    HTTPStatus.METHOD_NOT_ALLOWED: "not this way",
}

AN_ID = re.compile(rb"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Address:
    """One line of the address table."""

    name: str
    path: str
    policy: Policy | None
    converters: dict[str, Any]

    @property
    def of(self) -> str:
        """The model the id belongs to; empty if there is none."""
        return self.policy.of if self.policy else ""

    @property
    def id_in(self) -> str:
        """The part of the address that the id stands in."""
        return "pk" if "pk" in self.converters else next(iter(self.converters), "")

    def whose(self) -> tuple[str, ...]:
        """Whose things can be asked for here."""
        return (SAM, ALEX, NOTHING) if self.of else ("",)

    def filled(self, whose: str, world: World) -> str:
        """Return the address of somebody's thing."""
        path = self.path
        for name, converter in self.converters.items():
            value: Any = SLUGS.get(self.name, "no-such-thing")
            if self.of and name == self.id_in:
                value = world.ids[whose][self.of]
            elif isinstance(converter, IntConverter):
                value = 1
            path = path.replace(f"<{_kind(converter)}:{name}>", str(value))
        return path


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person was told, and what that left on the trail."""

    address: Address
    verb: str
    whose: str
    who: str
    answer: str
    said: bytes
    """Digest of all that a browser learns, with the id itself taken out."""
    refusals: int
    reads: int

    @property
    def is_foreign(self) -> bool:
        """Whether it is part of a record that nothing opens to who asks."""
        if self.address.of in LOOKED_AFTER.get(self.who, ()):
            return False
        return self.whose in {SAM, ALEX} - OWN[self.who]

    @property
    def crosses(self) -> bool:
        """Whether somebody was let in to what is none of theirs."""
        return self.answer in OPENED and self.is_foreign


def addresses() -> list[Address]:
    """Return the address table, without what allauth brings with patterns of its own."""
    return sorted(_addresses(get_resolver().url_patterns), key=lambda one: one.path)


def every_cell(world: World) -> Iterator[Cell]:
    """Ask everywhere, as everybody, for everything; nothing that follows from it stays."""
    browsers = {who: _browser(user) for who, user in world.people.items()}
    for address in addresses():
        for verb in VERBS:
            for whose in address.whose():
                for who, (client, cookies) in browsers.items():
                    client.cookies = SimpleCookie(cookies)
                    yield _cell(client, address, verb, whose, who, world)


def _cell(
    client: Client, address: Address, verb: str, whose: str, who: str, world: World
) -> Cell:
    path = address.filled(whose, world)
    last = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with transaction.atomic():
        reply = client.generic(verb, path)
        rows = AuditEvent.objects.filter(number__gt=last)
        outcomes = list(rows.values_list("outcome", flat=True))
        transaction.set_rollback(True)
    refusals = outcomes.count(AuditEvent.Outcome.REFUSED)
    reads = len(outcomes) - refusals
    return Cell(address, verb, whose, who, told(reply), learned(reply, path), refusals, reads)


def told(reply: Any) -> str:
    """Return in a word what a reply says."""
    if reply.status_code in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}:
        where = reply.headers["Location"]
        return "sign in" if where.startswith("/account/login") else "done"
    return ANSWERS[HTTPStatus(reply.status_code)]


def learned(reply: Any, path: str) -> bytes:
    """Return a digest of all that a reply says, with the path asked and ids left out."""
    headers = sorted(f"{key}: {value}" for key, value in reply.headers.items())
    whole = [str(reply.status_code), *headers, *sorted(reply.cookies)]
    body = b"".join(reply.streaming_content) if reply.streaming else reply.content
    bare = AN_ID.sub(b"", ("\n".join(whole).encode() + body).replace(path.encode(), b""))
    return sha256(bare).digest()


def _browser(user: Any) -> tuple[Client, dict[str, str]]:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user)
        client.get("/healthz")  # The first request of a sign-in writes the visit down.
    return client, {key: morsel.value for key, morsel in client.cookies.items()}


def _addresses(patterns: list[Any], prefix: str = "/") -> Iterator[Address]:
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, path)
        elif isinstance(one, URLPattern) and "^" not in path:
            policy = policy_of(one.callback)
            yield Address(one.name or path, path, policy, one.pattern.converters)


def _kind(converter: Any) -> str:
    return {UUIDConverter: "uuid", IntConverter: "int"}.get(
        type(converter), "slug" if "Slug" in type(converter).__name__ else "str"
    )
