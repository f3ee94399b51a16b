"""Bringing work to supervision, and keeping what came of it; by initials, never ranked."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.care.supervision import (
    check_can_supervise,
    patients_supervised_by,
    supervisees_of,
)
from securebase.clinic.guidance.talks import AgendaMark, SupervisionNote
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_WORDS = 4000
MOST_QUESTION = 500


def check_can_mark(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician treats the patient and may take the work to supervision."""
    check_may(user, Action.WRITE, Thing(Category.PLAN, about=patient.pk), at=at)


def can_mark(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may take the work with this patient to supervision."""
    return granted(check_can_mark, user, patient, at=at)


def check_can_take_up(user: User, mark: AgendaMark, *, at: datetime) -> None:
    """Raise unless the mark is open and this is its clinician, or who supervises them."""
    if mark.taken_up_at is not None:
        raise PermissionDenied("This was taken up already.")
    if mark.by_id != user.pk:
        check_can_supervise(user, mark.patient, at=at)


def can_take_up(user: User, mark: AgendaMark, *, at: datetime) -> bool:
    """Whether this person may say that a mark was taken up."""
    return granted(check_can_take_up, user, mark, at=at)


def open_marks(user: User, *, at: datetime) -> QuerySet[AgendaMark]:
    """Return the marks this person made, and those of clinicians they supervise now."""
    supervised = supervisees_of(user, at=at).values("supervisee")
    theirs = Q(by__in=supervised, patient__in=patients_supervised_by(user, at=at).values("pk"))
    waiting = AgendaMark.objects.filter(taken_up_at__isnull=True)
    return waiting.filter(Q(by=user) | theirs).select_related("patient", "by")


def supervision_notes_of(user: User) -> QuerySet[SupervisionNote]:
    """Return the notes of supervision in which this person took part."""
    both = Q(supervisor=user) | Q(supervisee=user)
    return SupervisionNote.objects.filter(both).select_related("by", "patient")


@transaction.atomic
def mark_for_supervision(
    *, patient: Patient, question: str, by: User, at: datetime
) -> AgendaMark:
    """Put the work with somebody on the agenda of supervision; once while it is open."""
    check_can_mark(by, patient, at=at)
    asked = question.strip()
    if len(asked) > MOST_QUESTION:
        raise ValidationError(f"{len(asked)} characters; ask in at most {MOST_QUESTION}.")
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    waiting = AgendaMark.objects.filter(patient=patient, by=by, taken_up_at__isnull=True)
    if waiting.exists():
        raise ValidationError("This is on the agenda already. Take it up first.")
    mark = AgendaMark.objects.create(patient=patient, question=asked, by=by, at=at)
    trail.record(Verb.TALK_MARK, by=by, at=at, patient=patient.pk, about=mark)
    return mark


@transaction.atomic
def take_up(*, mark: AgendaMark, by: User, at: datetime) -> AgendaMark:
    """Note that what was marked has been spoken of."""
    mark = AgendaMark.objects.select_for_update(no_key=True, of=("self",)).get(pk=mark.pk)
    check_can_take_up(by, mark, at=at)
    mark.taken_up_at = at
    mark.save(update_fields=["taken_up_at"])
    trail.record(Verb.TALK_MARK, by=by, at=at, patient=mark.patient_id, about=mark)
    return mark


@transaction.atomic
def note_supervision(
    *, patient: Patient, words: str, by: User, at: datetime
) -> SupervisionNote:
    """Keep, as the supervisor, what came of talking about the work with somebody."""
    check_can_supervise(by, patient, at=at)
    said = words.strip()
    if not 1 <= len(said) <= MOST_WORDS:
        raise ValidationError(f"A note of {len(said)} characters; write 1 to {MOST_WORDS}.")
    bond = bond_of_record(patient, at=at)
    if bond is None:
        raise ValidationError("Nobody is clinician of record now. Name one first.")
    note = SupervisionNote.objects.create(
        patient=patient,
        supervisor=by,
        supervisee=bond.clinician,
        words=said,
        by=by,
        at=at,
    )
    trail.record(Verb.TALK_NOTE, by=by, at=at, patient=patient.pk, about=note)
    return note
