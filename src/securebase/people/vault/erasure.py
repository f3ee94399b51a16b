"""Destroying somebody's keys, so that what they sealed is gone for good.

A tombstone stays: erased is not the same as never there, and no key is ever made again
for an erased owner. The same list stands in a file of the data directory, so that a
backup from before does not bring anybody back at the next start.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from securebase.people.vault import keys, ring
from securebase.people.vault.models import BlindIndex, DataKey, ErasedOwner

LIST = "erased.list"


def erased_list() -> Path:
    """Return the file that names every erased owner."""
    return Path(settings.DATA_DIR) / LIST


@transaction.atomic
def destroy_keys(*, owner: UUID, by: UUID | None, at: datetime) -> ErasedOwner:
    """Destroy every key of an owner; what they sealed cannot be opened by anybody again.

    Every process that remembers the keys drops them at its next request.
    """
    if owner.int <= max(keys.NEVER_ROTATED).int:
        raise ValueError(f"{owner} is the practice itself, and cannot be erased.")
    ring.alone()
    tomb, _ = ErasedOwner.objects.get_or_create(owner=owner, defaults={"at": at, "by": by})
    DataKey.objects.filter(owner=owner).delete()
    BlindIndex.objects.filter(owner=owner).delete()
    ring.moved()
    keys.forget_keys()
    transaction.on_commit(keys.forget_keys)
    transaction.on_commit(write_list)
    return tomb


def write_list() -> None:
    """Add to the file whoever is erased in the database and not yet named there."""
    path, named = erased_list(), set(read_list())
    missing = ErasedOwner.objects.exclude(owner__in=named).order_by("at")
    lines = "".join(
        f"{tomb.owner} {tomb.at.isoformat()} {tomb.by or '-'}\n" for tomb in missing
    )
    if not lines:
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def read_list(path: Path | None = None) -> dict[UUID, tuple[datetime, UUID | None]]:
    """Return every owner a list names, with when and by whom; a torn last line is left out."""
    named = {}
    try:
        text = (path or erased_list()).read_text()
    except FileNotFoundError:
        return {}
    for line in text.splitlines():
        try:
            owner, at, by = line.split()
            who = None if by == "-" else UUID(by)
            named[UUID(owner)] = (datetime.fromisoformat(at), who)
        except ValueError:
            continue
    return named


def resurrected(path: Path | None = None) -> list[UUID]:
    """Return whom the list names and whose keys are in the database all the same."""
    named = read_list(path)
    found = DataKey.objects.filter(owner__in=named).values_list("owner", flat=True)
    return sorted(set(found))


def apply_list(path: Path | None = None) -> list[UUID]:
    """Erase again whomever a restored backup brought back; return them."""
    back, named = resurrected(path), read_list(path)
    for owner in back:
        at, by = named[owner]
        destroy_keys(owner=owner, by=by, at=at)
    write_list()
    return back
