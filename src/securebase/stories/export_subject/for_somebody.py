"""The copy of a record for somebody who cannot make it: two hosts agree, one takes it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.people.access.words import Action, Category, Kind, Obligation, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.approvals.actions import ask
from securebase.people.approvals.models import Approval
from securebase.people.approvals.terms import terms
from securebase.stories.erase_subject.erase import is_erased
from securebase.stories.export_subject.gather import copy_of
from securebase.stories.export_subject.pack import packed

KEPT = frozenset({Obligation.AUDIT, Obligation.TWO_PEOPLE, Obligation.STEP_UP})
"""What whoever takes the copy owes; the pages ask once more who it is."""


@transaction.atomic
def ask_to_export(*, patient: Patient, reason: str, by: User, at: datetime) -> Approval:
    """Ask for the copy of somebody's record; it waits for a second person."""
    _check_may_export(by, patient, at=at)
    return ask(kind=Approval.Kind.EXPORT, about=patient.pk, reason=reason, by=by, at=at)


def allow_export(approval: Approval, *, by: User, at: datetime) -> None:
    """Agree that the copy may be taken; refused if there is nothing left to copy."""
    _check_may_export(by, Patient.objects.get(pk=approval.about), at=at)


def check_can_take_copy(user: User, approval: Approval, *, at: datetime) -> None:
    """Raise unless the copy was agreed on, and that was not too long ago."""
    agreed = approval.confirmed_at
    if approval.kind != Approval.Kind.EXPORT or agreed is None:
        raise PermissionDenied("No copy was agreed on here.")
    if not agreed <= at < agreed + terms().open_for:
        raise PermissionDenied("This copy was agreed on too long ago; ask for it anew.")
    _check_may_export(user, Patient.objects.get(pk=approval.about), at=at)


def can_take_copy(user: User, approval: Approval, *, at: datetime) -> bool:
    """Whether this person may take the copy that was agreed on."""
    return granted(check_can_take_copy, user, approval, at=at)


@transaction.atomic
def take_copy(*, approval: Approval, by: User, at: datetime) -> bytes:
    """Return the copy two people agreed on; each taking is a row the patient reads."""
    check_can_take_copy(by, approval, at=at)
    return packed(copy_of(patient=Patient.objects.get(pk=approval.about), by=by, at=at))


def _check_may_export(user: User, patient: Patient, *, at: datetime) -> None:
    if patient.account_id == user.pk:
        raise PermissionDenied("Your own copy is under Your record; nobody confirms it.")
    if is_erased(patient.pk):
        raise PermissionDenied("This person was erased; there is nothing to copy.")
    thing = Thing(Category.IDENTITY, kind=Kind.RECORD, about=patient.pk)
    check_may(user, Action.EXPORT, thing, at=at, keeping=KEPT)
