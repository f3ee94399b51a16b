"""The people somebody's answers are about: named by both together, ended, never mixed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import may, patients_open_to
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.queries import MEASURED
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.errors import BadInput

LONGEST_NAME = 60
"""Characters of what somebody is called."""


def targets_visible_to(user: User, *, at: datetime) -> QuerySet[Target]:
    """Return the people named by everybody whose answers this person may see."""
    return Target.objects.filter(patient__in=patients_open_to(user, MEASURED, at=at))


def targets_of(patient: Patient) -> QuerySet[Target]:
    """Return the people questions are asked about now, in the order they were named."""
    return Target.objects.filter(patient=patient, ended_at__isnull=True)


def target_with(patient: Patient, key: str) -> Target | None:
    """Return the person with a key, ended or not; None if the patient named no such one."""
    return Target.objects.filter(patient=patient, key=key).first()


def check_can_name(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the patient, or the clinician who plans with them."""
    theirs = Thing(Category.MEASURE, about=patient.pk)
    own = Thing(Category.MEASURE, about=patient.pk, author=patient.account_id, kind=Kind.DRAFT)
    if not any(may(user, Action.WRITE, thing, at=at) for thing in (theirs, own)):
        raise PermissionDenied(
            "Only the patient and the clinician who plans with them say who answers are about."
        )


def can_name(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may say whom the patient's answers are about."""
    return granted(check_can_name, user, patient, at=at)


@transaction.atomic
def name_target(*, patient: Patient, kind: str, name: str, by: User, at: datetime) -> Target:
    """Note a person whom answers will be about, under a key of their own."""
    check_can_name(by, patient, at=at)
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    target = Target.objects.create(
        patient=patient,
        key=f"k{1 + Target.objects.filter(patient=patient).count()}",
        kind=_known(kind),
        name=_short(name),
        named_by=by,
        named_at=at,
    )
    trail.record(Verb.TARGET_NAME, by=by, at=at, patient=patient.pk, about=target)
    return target


@transaction.atomic
def call_target(*, target: Target, name: str, by: User, at: datetime) -> Target:
    """Call a person by another name; the answers about them stay theirs."""
    check_can_name(by, target.patient, at=at)
    target.name = _short(name)
    target.save(update_fields=["name"])
    trail.record(Verb.TARGET_NAME, by=by, at=at, patient=target.patient_id, about=target)
    return target


@transaction.atomic
def end_target(*, target: Target, by: User, at: datetime) -> Target:
    """Ask about this person no more; what was answered stays. A second end changes nothing."""
    check_can_name(by, target.patient, at=at)
    if target.ended_at is None:
        target.ended_at = at
        target.save(update_fields=["ended_at"])
        trail.record(Verb.TARGET_END, by=by, at=at, patient=target.patient_id, about=target)
    return target


def _known(kind: str) -> str:
    if kind not in Target.Kind.values:
        raise BadInput(f"{kind!r} is no kind of person; there are {', '.join(Target.Kind)}.")
    return kind


def _short(name: str) -> str:
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME:
        raise BadInput(f"A name of {len(said)} characters; use {LONGEST_NAME} at most.")
    return said
