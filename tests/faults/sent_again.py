"""Every form of every page, sent twice as a browser does whose answer got lost.

The pages are asked for their own forms, so that a new one is tried as soon as it is there.
A form is filled in with the first thing that its fields would take, sent, and sent once
more exactly as it was; the second must add nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.faults.forms import Form, Forms
from tests.matrix.cells import Address, addresses
from tests.matrix.world import SAM, World

NOT_COUNTED = ("audit", "accounts")
"""Rooms whose rows say that somebody came, not what they sent."""
WHO = ("sam", "of record")


@dataclass(slots=True)
class Sent:
    """What became of a form that was sent twice."""

    who: str
    form: Form
    statuses: tuple[int, int]
    first: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)


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
