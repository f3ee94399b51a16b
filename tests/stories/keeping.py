"""What the tests of backups share: a practice that was lived in, and empty places."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection

from securebase.clinic.consent.actions import withdraw
from securebase.clinic.therapy.actions import note_rupture
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.people.vault.crypto import read_root_key
from securebase.stories.keep_safe.manifest import LEFT_OUT
from securebase.stories.keep_safe.moment import connected_to
from tests import factories as make
from tests.clinic.sharing import a_partner, shares

NOW = make.NOW
CANARIES = ("a heron by the weir", "Wilhelmina Quartz", "the blue door on Mill Lane")
"""Words that must be found nowhere but in an opened record."""
MANY_TIMES = 20_000
"""Sealed text does not get smaller: this many words fill several chunks."""


def root_key() -> bytes:
    """Return the root key of the tests."""
    return read_root_key(Path(settings.SECUREBASE_KEY_FILE))


def a_lived_in_practice() -> User:
    """Make a practice with two patients, answers, notes and consents; return its clinician."""
    make.a_practice()
    jo = make.a_clinician()
    yesterday = NOW - timedelta(days=1)
    for hours, name, note in (
        (2, CANARIES[1], f"{CANARIES[0]} {'and so on ' * MANY_TIMES}"),
        (1, "Zoë Ĉapek 🌿", CANARIES[2]),
    ):
        at = NOW - timedelta(hours=hours)
        patient = make.a_patient(of=jo, name=name, at=yesterday)
        make.send(make.a_checkin(patient, at=at), {"phq-9.1": 2, "phq-9.9": 1}, at=at)
        note_rupture(patient=patient, kind="withdrawal", note=note, by=jo, at=at)
        consent = shares(patient, a_partner(patient, at=at), Category.MEASURE, at=at)
        withdraw(consent=consent, by=make.the_account(patient), at=at)
    return jo


@contextmanager
def an_empty_place(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield how to reach an empty database of the same kind; it is gone afterwards."""
    usual = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        folder.mkdir(exist_ok=True)
        yield usual | {"NAME": str(folder / "restored.sqlite3")}
        return
    name = f"empty_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield usual | {"NAME": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def is_empty(place: dict[str, Any]) -> bool:
    """Whether nothing at all was made in the place."""
    if "sqlite" in place["ENGINE"]:
        return list(Path(place["NAME"]).parent.iterdir()) == []
    with connected_to(place):
        return connection.introspection.table_names() == []


def rows_as_the_database_has_them() -> dict[str, list[str]]:
    """Return every row of every table kept, read past the program."""
    passing = {*LEFT_OUT, "django_migrations"}
    tables = set(connection.introspection.table_names()) - passing
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            found[table] = sorted(
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
                for row in cursor.fetchall()
            )
    return found
