"""A patient does not recognise a line of the trail, and the practice answers in words.

Whoever looks after the practice and the clinician of record both see it, because the line
may be about one of them. The patient reads who answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import may, patients_open_to
from securebase.clinic.care.policies import is_own_record
from securebase.content import content_toml
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent, Concern
from securebase.people.audit.verbs import Verb
from securebase.people.vault.crypto import VaultError
from securebase.people.vault.keys import hold_keys
from securebase.stories.read_trail import Line, lines_of
from securebase.stories.send_answer import send_answer

FILE = "concerns.toml"
LONGEST = 2000
TRAIL = Thing(Category.AUDIT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A concern, the line it is about, and who answered."""

    concern: Concern
    line: Line
    answered_by: str


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A concern that waits for an answer, and whose it is."""

    concern: Concern
    patient: Patient


@cache
def answer_within() -> timedelta:
    """Return how long the practice may take to answer."""
    told = content_toml(FILE)
    return timedelta(days=told["answer"]["days"])


def concerns_visible_to(user: User, *, at: datetime) -> QuerySet[Concern]:
    """Return the concerns this person may read: their own, their patients', or as host."""
    if user.holds(Role.HOST):
        return Concern.objects.all()
    patients = patients_open_to(user, TRAIL, at=at)
    return Concern.objects.filter(patient__in=patients.values("pk"))


def records_with_trail(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the records of other people whose trail this clinician may read."""
    return patients_open_to(user, TRAIL, at=at).exclude(account=user)


def check_can_raise(user: User, patient: Patient, event: AuditEvent) -> None:
    """Raise unless this is a line of the person's own record."""
    if not is_own_record(user, patient) or event.patient != patient.pk:
        raise PermissionDenied("You can ask only about lines of your own record.")


def check_can_answer(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is a host or the clinician of record; never the person themself."""
    thing = Thing(Category.AUDIT, about=patient.pk)
    treats = user.holds(Role.CLINICIAN) and may(user, Action.READ, thing, at=at)
    if is_own_record(user, patient) or not (user.holds(Role.HOST) or treats):
        raise PermissionDenied("Only a host or the clinician of record can answer this.")


def can_answer(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this is a host or the clinician of record."""
    return granted(check_can_answer, user, patient, at=at)


@transaction.atomic
def raise_concern(
    *, patient: Patient, event: AuditEvent, words: str, by: User, at: datetime
) -> Concern:
    """Ask the practice about one line; asking twice about it is asking once."""
    check_can_raise(by, patient, event)
    trail.lock()
    there = Concern.objects.filter(event=event).first()
    if there is not None:
        return there
    concern = Concern.objects.create(
        patient=patient.pk,
        event=event,
        raised_by=by.pk,
        raised_at=at,
        words=_fitting(words),
        due_at=at + answer_within(),
    )
    trail.record(Verb.CONCERN_RAISE, by=by, at=at, patient=patient.pk, about=concern)
    return concern


@transaction.atomic
def answer_concern(*, concern: Concern, words: str, by: User, at: datetime) -> Concern:
    """Answer in words that the patient reads; an answer is given once."""
    check_can_answer(by, patient_of(concern), at=at)
    if not words.strip():
        raise ValidationError("The answer is empty. Write what happened; the patient reads it.")
    concern = Concern.objects.select_for_update(no_key=True).get(pk=concern.pk)
    if concern.answered_at is not None:
        raise ValidationError("This was answered meanwhile. Open it again to read the answer.")
    concern.answered_at, concern.answered_by = at, by.pk
    concern.answer = _fitting(words)
    concern.save(update_fields=["answered_at", "answered_by", "answer"])
    send_answer(concern, at=at)
    trail.record(Verb.CONCERN_ANSWER, by=by, at=at, patient=concern.patient, about=concern)
    return concern


@transaction.atomic
def open_concern(*, concern: Concern, by: User, at: datetime) -> Asked:
    """Read one concern as somebody who may answer it."""
    patient = patient_of(concern)
    check_can_answer(by, patient, at=at)
    trail.record(Verb.CONCERN_READ, by=by, at=at, patient=concern.patient, about=concern)
    [asked] = _asked([concern], patient, None)
    return asked


def own_concerns(*, patient: Patient, by: User, at: datetime) -> list[Asked]:
    """Return what a patient asked, the newest first; answers count as read from now on."""
    if not is_own_record(by, patient):
        raise PermissionDenied("You can read only what you asked yourself.")
    concerns = list(Concern.objects.filter(patient=patient.pk).order_by("-raised_at"))
    unread = [one.pk for one in concerns if one.answered_at and not one.read_at]
    if unread:
        Concern.objects.filter(pk__in=unread).update(read_at=at)
    return _asked(concerns, patient, by)


def has_new_answer(*, patient: Patient) -> bool:
    """Whether there is an answer that the patient has not read."""
    waiting = Concern.objects.filter(patient=patient.pk, answered_at__isnull=False)
    return waiting.filter(read_at=None).exists()


def concerns_to_answer(*, user: User, at: datetime) -> list[ToAnswer]:
    """Return the concerns of a clinician's own patients that wait, the first due first."""
    patients = records_with_trail(user, at=at)
    concerns = Concern.objects.filter(patient__in=patients.values("pk"), answered_at=None)
    return with_patients(concerns.order_by("due_at", "pk"))


def with_patients(concerns: QuerySet[Concern]) -> list[ToAnswer]:
    """Return concerns with the people who raised them, in three queries."""
    found = list(concerns)
    hold_keys(one.patient for one in found)
    patients = Patient.objects.in_bulk([one.patient for one in found])
    people = {pk: patient for pk, patient in patients.items() if _has_a_name(patient)}
    return [ToAnswer(one, people[one.patient]) for one in found if one.patient in people]


def _has_a_name(patient: Patient) -> bool:
    """Whether the record was not erased; then nobody is left to answer."""
    try:
        return bool(patient.name)
    except VaultError:
        return False


def patient_of(concern: Concern) -> Patient:
    """Return the person who raised it."""
    return Patient.objects.get(pk=concern.patient)


def _asked(concerns: list[Concern], patient: Patient, you: User | None) -> list[Asked]:
    lines = lines_of(concerns, patient=patient, you=you)
    answering = [one.answered_by for one in concerns if one.answered_by]
    hold_keys(answering)
    accounts = User.objects.in_bulk(answering)
    names = {pk: account.get_full_name() for pk, account in accounts.items()}
    return [
        Asked(one, lines[one.pk], names.get(one.answered_by, "") if one.answered_by else "")
        for one in concerns
    ]


def _fitting(words: str) -> str:
    """Return the words without the space around them; refuse more than can be kept."""
    words = words.strip()
    if len(words) > LONGEST:
        raise ValidationError(
            f"This has {len(words)} characters; {LONGEST} can be kept. Make it shorter."
        )
    return words
