"""Gathering what a person may read of themselves, from every table that holds any of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from securebase.clinic.care.models import Emergency, Patient
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.anchors import end_of_rows
from securebase.people.audit.models import Anchor, AuditEvent
from securebase.people.audit.verbs import WORDS, Verb
from securebase.people.vault.crypto import VaultError
from securebase.people.vault.fields import SealedText
from securebase.people.vault.keys import hold_keys
from securebase.stories.read_trail import GONE, OF_EMERGENCY, THE_SYSTEM, events_visible_to
from securebase.stories.subject_tables import Subject, Table, tables

YOU = "you"
SECRETS = frozenset({"password", "text_digest", "digest"})
"""Columns that open something, or prove something to a machine only."""
LEFT_OUT = (
    "Process notes: what a therapist writes for themselves stays with its author.",
    "Estimates and suggestions made for your therapist, and strains they noted: "
    "ask them to go through these with you.",
    "Secrets: your passphrase, second factors and the links that open your account.",
)
"""What is not in the copy, said in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table."""

    table: str
    says: str
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything a person may read of themselves at one moment."""

    made_at: datetime
    parts: tuple[Part, ...]
    seen: tuple[dict[str, str], ...]
    """Who saw or did what."""
    head: str
    """Number and head of the trail, so that a later change of it would show."""


def check_can_export(user: User | None, patient: Patient) -> None:
    """Raise unless the person asks, or nobody: then it is the command on the machine."""
    if user is not None and patient.account_id != user.pk:
        raise PermissionDenied("Only the person has a copy of the whole record made.")


def can_export(user: User | None, patient: Patient) -> bool:
    """Whether this person may have a copy of the record made."""
    return granted(check_can_export, user, patient)


@transaction.atomic
def gather(*, patient: Patient, by: User | None, at: datetime) -> Copy:
    """Return the copy; that it was made is the last row of the trail it tells of."""
    check_can_export(by, patient)
    return copy_of(patient=patient, by=by, at=at)


@transaction.atomic
def copy_of(*, patient: Patient, by: User | None, at: datetime) -> Copy:
    """Return the copy for whoever was checked to have it made."""
    trail.record(Verb.RECORD_EXPORT, by=by, at=at, patient=patient.pk, about=patient)
    # Their own account is theirs, whatever else they are here.
    subject = Subject(patient.pk, patient.account_id)
    parts = tuple(_part(table, subject, at=at) for table in tables() if table.readable)
    number, head = end_of_rows(after=Anchor.objects.last())
    seen = tuple(_seen(patient, at=at))
    return Copy(at, tuple(one for one in parts if one.rows), seen, f"{number}:{head}")


def _part(table: Table, subject: Subject, *, at: datetime) -> Part:
    kept = table.readable_rows(subject, at=at).order_by("pk")
    rows = tuple(_row(row, subject) for row in kept)
    return Part(table.label, table.says, rows)


def _row(row: models.Model, subject: Subject) -> dict[str, Any]:
    return dict(_columns(row, subject))


def _columns(row: models.Model, subject: Subject) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        hidden = isinstance(field, models.BinaryField) or field.name in SECRETS
        if not hidden:
            yield field.name, _value(row, field, subject)


def _value(row: models.Model, field: models.Field[Any, Any], subject: Subject) -> Any:
    if isinstance(field, SealedText):
        return _opened(row, field)
    if field.is_relation and field.related_model is User:
        return _who(getattr(row, field.attname), subject)
    return _said(getattr(row, field.attname))


def _opened(row: models.Model, field: SealedText) -> Any:
    """Return sealed text; what was kept as JSON is given as what it means."""
    text = getattr(row, field.attname)
    try:
        meant = json.loads(text)
    except ValueError:
        return text
    return meant if isinstance(meant, dict | list) else text


def _who(pk: UUID | None, subject: Subject) -> str | None:
    """Return somebody's name: whom you shared with, who treats you, or yourself."""
    if pk is None:
        return None
    if pk == subject.account:
        return YOU
    account = User.objects.filter(pk=pk).first()
    return _name(account) if account else GONE


def _name(account: User) -> str:
    try:
        return account.get_full_name()
    except VaultError:
        return GONE


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _seen(patient: Patient, *, at: datetime) -> Iterator[dict[str, str]]:
    """Yield who saw or did what, as the person may read it at that moment."""
    events = AuditEvent.objects.filter(patient=patient.pk)
    if patient.account is not None:
        events = events_visible_to(patient.account, patient, at=at)
    elif Emergency.objects.filter(patient=patient, told_from__gt=at).exists():
        urgent = AuditEvent.Purpose.EMERGENCY
        events = events.exclude(purpose=urgent).exclude(verb__startswith=OF_EMERGENCY)
    actors = set(events.order_by().values_list("actor", flat=True)) - {None}
    hold_keys(actor for actor in actors if actor is not None)
    names = {pk: _name(one) for pk, one in User.objects.in_bulk(list(actors)).items()}
    for event in events.order_by("number"):
        own = patient.account_id is not None and event.actor == patient.account_id
        someone = names.get(event.actor, GONE) if event.actor else THE_SYSTEM
        yield {
            "at": event.at.astimezone(UTC).isoformat(),
            "who": YOU if own else someone,
            "role": event.role,
            "did": WORDS.get(event.verb, event.verb),  # type: ignore[call-overload]
            "outcome": event.outcome,
        }
