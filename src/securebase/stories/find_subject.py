"""A host looks for one patient by the exact address, says why, and it is on the trail.

A host sees patients as numbers. Somebody who asks to be erased, or who lost the way in,
is found by the address they write from; the person reads of the look.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

NOBODY = "nobody found"
NUMBER = 8
"""How many signs a record number has."""


class Reason(StrEnum):
    """Why somebody is looked for; free words could hold what a trail must not."""

    ACCESS = "they cannot sign in"
    ERASE = "they asked to be erased"
    RETENTION = "the record is past its time"
    LAW = "a duty under the law"


def check_can_find(user: User) -> None:
    """Raise unless this person may look for a patient by address."""
    if not (user.is_active and user.holds(Role.HOST)):
        raise PermissionDenied("Only a host looks for people by their address.")


def can_find(user: User) -> bool:
    """Whether this person may look for a patient by address."""
    return granted(check_can_find, user)


@transaction.atomic
def find_subject(*, called: str, reason: Reason, by: User, at: datetime) -> Patient | None:
    """Return the patient with exactly this address or record number.

    Each search is a row on the trail, also one that found nobody.
    """
    check_can_find(by)
    called = called.strip().lower()
    found = Patient.objects.filter(account__email=called).first()
    if found is None and len(called) >= NUMBER:
        some = [pk for pk in _all_records() if str(pk).startswith(called)]
        found = Patient.objects.get(pk=some[0]) if len(some) == 1 else None
    trail.record(
        Verb.ACCOUNT_FIND,
        by=by,
        at=at,
        patient=found.pk if found else None,
        about=found,
        reason=reason.value if found else NOBODY,
    )
    return found


def subject_open_to(user: User, record: UUID) -> Patient | None:
    """Return the patient a host found before; None for anybody else."""
    if not can_find(user):
        return None
    return Patient.objects.select_related("account").filter(pk=record).first()


def _all_records() -> list[UUID]:
    return list(Patient.objects.values_list("pk", flat=True))
