"""What a host does with keys: rotate, prove the sheet, erase; each leaves a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.people.accounts.factors import reseal_factors
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault import erasure, recovery, rotation
from securebase.people.vault.models import ErasedOwner, Rotation, SheetTrial
from securebase.people.vault.resealing import rebuild_index


def check_can_keep_keys(user: User | None) -> None:
    """Raise unless a host asks, or nobody: then it is the command on the machine itself."""
    if user is not None and not user.holds(Role.HOST):
        raise PermissionDenied("Only a host keeps the keys.")


def can_keep_keys(user: User | None) -> bool:
    """Whether this person may rotate keys and see the recovery sheet."""
    return granted(check_can_keep_keys, user)


def rotate(
    *,
    kind: str,
    by: User | None,
    at: datetime,
    passphrase: str | None = None,
) -> rotation.Rotated:
    """Rotate the root, practice or data keys, from the beginning or where it was left.

    Not one transaction: people read and write meanwhile.
    """
    check_can_keep_keys(by)
    if kind == Rotation.Kind.ROOT:
        done = rotation.rotate_root(at=at, passphrase=passphrase)
    elif kind == Rotation.Kind.PRACTICE:
        done = rotation.rotate_practice(at=at)
    else:
        done = rotation.rotate_data(at=at, others=reseal_others)
    trail.record(Verb.KEYS_ROTATE, by=by, at=at, reason=f"{kind} keys")
    return done


def reseal_others() -> int:
    """Seal anew what is sealed outside of text fields, and renew the blind index."""
    return reseal_factors() + rebuild_index()


@transaction.atomic
def make_sheet(*, shared: bool, by: User | None, at: datetime) -> recovery.Sheet:
    """Return the recovery sheet in words, to be shown once."""
    check_can_keep_keys(by)
    sheet = recovery.make_sheet(shared=shared)
    trail.record(Verb.KEYS_SHEET, by=by, at=at)
    return sheet


@transaction.atomic
def try_sheet(*, texts: Sequence[str], by: User | None, at: datetime) -> SheetTrial:
    """Prove that the words typed back rebuild the root key."""
    check_can_keep_keys(by)
    trial = recovery.try_sheet(texts, by=by.pk if by else None, at=at)
    trail.record(Verb.KEYS_TRY, by=by, at=at)
    return trial


@transaction.atomic
def erase_owner(*, owner: UUID, by: User | None, at: datetime) -> ErasedOwner:
    """Destroy the keys of one person: what they sealed cannot be opened by anybody again."""
    check_can_keep_keys(by)
    tomb = erasure.destroy_keys(owner=owner, by=by.pk if by else None, at=at)
    trail.record(Verb.KEYS_ERASE, by=by, at=at, patient=owner)
    return tomb


def check_sheet_tried() -> None:
    """Raise unless somebody proved that the recovery sheet rebuilds the key in force."""
    if recovery.last_trial() is None:
        raise ValidationError(
            "The recovery sheet was not tried yet, so a lost key could not be rebuilt. "
            "Ask the host to open Keys and type the words of the sheet back once."
        )
