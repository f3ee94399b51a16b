"""Erasing a person: rows, keys, sessions and letters, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.people.access.words import Action, Category, Kind, Obligation, Thing
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.approvals.actions import ask
from securebase.people.approvals.models import Approval
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault import erasure
from securebase.people.vault.models import ErasedOwner
from securebase.stories.keep_keys.care_for_keys import erase_owner
from securebase.stories.subject_tables import Subject, Table, Then, subject_of, tables

KEPT = frozenset({Obligation.AUDIT, Obligation.TWO_PEOPLE, Obligation.STEP_UP})
"""What whoever erases owes; the pages ask once more who it is."""
NOWHERE = "erased.invalid"
"""A domain that can never exist: the address of an emptied account."""
TOLD_BY_NAME = ("jobs.Duty", "post.Letter")
"""Tables that name things by an id in their words; a story may not lean on the jobs."""
AGAIN = "again, after a backup was restored"


@transaction.atomic
def ask_to_erase(*, patient: Patient, reason: str, by: User, at: datetime) -> Approval:
    """Ask for the erasure of a person; it waits for a second person."""
    _check_can_erase(by, patient.pk, at=at)
    _check_not_own(by, patient)
    if is_erased(patient.pk):
        raise ValidationError("This person was erased already.")
    return ask(kind=Approval.Kind.ERASE, about=patient.pk, reason=reason, by=by, at=at)


def erase_as_agreed(approval: Approval, *, by: User, at: datetime) -> None:
    """Erase the person two people agreed on."""
    _check_can_erase(by, approval.about, at=at)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=approval.about)
    _check_not_own(by, patient)
    _erase(subject_of(patient), by=by, at=at)
    trail.record(Verb.RECORD_ERASE, by=by, at=at, patient=patient.pk, about=approval)


def erase_again(*, at: datetime) -> list[UUID]:
    """Erase whoever was erased and came back with an older backup; return their records.

    The list of erased owners lies beside the database, so it outlives a restore.
    """
    back = [
        patient
        for patient in Patient.objects.filter(pk__in=erasure.read_list())
        if left_of(subject_of(patient)) or patient.account_id is not None
    ]
    for patient in back:
        with transaction.atomic():
            _erase(subject_of(patient), by=None, at=at)
            trail.record(Verb.RECORD_ERASE, by=None, at=at, patient=patient.pk, reason=AGAIN)
    return [patient.pk for patient in back]


def is_erased(record: UUID) -> bool:
    """Whether the person of this record was erased."""
    return ErasedOwner.objects.filter(owner=record).exists()


def left_of(subject: Subject) -> dict[str, int]:
    """Return what an erasure should have taken and did not, by table."""
    counted = {table.label: table.rows(subject).count() for table in _to_erase()}
    return {label: rows for label, rows in counted.items() if rows}


def _erase(subject: Subject, *, by: User | None, at: datetime) -> None:
    """Delete the rows, children first; then the words that stay lose their keys."""
    _drop_duties(_ids_of(subject))
    for table in in_order(_to_erase()):
        _delete(table.model, table.rows(subject))
    account = Patient.objects.values_list("account", flat=True).get(pk=subject.record)
    Patient.objects.filter(pk=subject.record).update(
        account=None, language="en", time_zone="UTC", welcomed_at=at
    )
    if subject.works_here:
        RoleHeld.objects.filter(user=account, role=Role.PATIENT).delete()
    if subject.account is not None:
        _empty_account(subject.account)
    for owner in subject.owners:
        erase_owner(owner=owner, by=by, at=at)


def _empty_account(pk: UUID) -> None:
    """Leave of an account only the row that the ledger points at; nobody signs in."""
    unusable = make_password(None)
    User.objects.filter(pk=pk).update(
        email=f"{pk}@{NOWHERE}", password=unusable, is_active=False, last_login=None
    )
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(pk):
            session.delete()


def in_order(some: Iterable[Table]) -> list[Table]:
    """Return tables so that each comes before those its rows point at."""
    waiting, ordered = list(some), list[Table]()
    while waiting:
        pointed_at = {target for one in waiting for target in _points_at(one.model)}
        free = [one for one in waiting if one.model not in pointed_at]
        if not free:
            names = ", ".join(one.label for one in waiting)
            raise RuntimeError(f"These tables point at each other: {names}.")
        ordered += free
        waiting = [one for one in waiting if one not in free]
    return ordered


def _points_at(model: type[Model]) -> set[type[Model]]:
    found = {
        field.related_model
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one) and field.concrete
    }
    return {target for target in found if isinstance(target, type) and target is not model}


def _to_erase() -> list[Table]:
    return [table for table in tables() if table.then is Then.ERASE]


def _delete(model: type[Model], rows: QuerySet[Model]) -> None:
    """Delete rows as the database sees them; its own foreign keys still watch."""
    some = model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    some._raw_delete(some.db)


def _ids_of(subject: Subject) -> set[str]:
    """Return every id by which something of this person could be named elsewhere."""
    ids = {str(owner) for owner in subject.owners}
    for table in _to_erase():
        ids |= {str(pk) for pk in table.rows(subject).values_list("pk", flat=True)}
    return {one for one in ids if not one.isdigit()}


def _drop_duties(ids: set[str]) -> None:
    """Drop work and letters to others that name one of these, asked for by name."""
    for table in tables():
        if table.label not in TOLD_BY_NAME:
            continue
        for row in table.model._base_manager.iterator():
            told = f"{getattr(row, 'key', '')} {getattr(row, 'about', '')}"
            if any(one in told for one in ids):
                row.delete()


def _check_can_erase(user: User, record: UUID, *, at: datetime) -> None:
    thing = Thing(Category.IDENTITY, kind=Kind.RECORD, about=record)
    check_may(user, Action.ERASE, thing, at=at, keeping=KEPT)


def _check_not_own(user: User, patient: Patient) -> None:
    if patient.account_id == user.pk:
        raise ValidationError("Nobody erases their own record; ask another host.")
