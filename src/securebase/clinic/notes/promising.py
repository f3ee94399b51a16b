"""Promises: made with a day, kept by what was done, or released by the patient."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.actions import MOST_REASON
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.policies import check_can_promise, check_can_settle
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


@transaction.atomic
def promise(
    *, patient: Patient, kind: str, text: str, due_at: datetime, by: User, at: datetime
) -> Promise:
    """Note what was promised, and by when."""
    check_can_promise(by, patient, at=at)
    if due_at <= at:
        raise ValidationError("The day of a promise lies ahead; choose a later one.")
    if len(text) > MOST_REASON:
        raise ValidationError(
            f"A promise of {len(text)} characters; it holds {MOST_REASON}. Shorten it."
        )
    made = Promise.objects.create(
        patient=patient,
        kind=Promise.Kind(kind),
        text=text.strip(),
        made_by=by,
        made_at=at,
        due_at=due_at,
    )
    trail.record(Verb.PROMISE_MAKE, by=by, at=at, patient=patient.pk, about=made)
    return made


@transaction.atomic
def keep_promise(*, promise: Promise, by: User, at: datetime) -> Promise:
    """Note that a promise was kept, on time or late."""
    held = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    check_can_settle(by, held, at=at)
    return _kept(held, at, by=by, at=at)


@transaction.atomic
def release_promise(*, promise: Promise, by: User, at: datetime) -> Promise:
    """Note that the patient does not need it any more; it counts neither way."""
    held = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)
    check_can_settle(by, held, at=at)
    held.released_at = at
    held.save(update_fields=["released_at"])
    trail.record(Verb.PROMISE_RELEASE, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def keep_by_deed(
    *, patient: Patient, kind: str, done_at: datetime, by: User, at: datetime
) -> list[Promise]:
    """Note the promises that something done at ``done_at`` has kept, and return them.

    What was promised only afterwards, in the session that was the deed for instance, is
    not kept by it.
    """
    check_can_promise(by, patient, at=at)
    waiting = Promise.objects.select_for_update(no_key=True).filter(
        patient=patient,
        kind=Promise.Kind(kind),
        made_at__lt=done_at,
        kept_at__isnull=True,
        released_at__isnull=True,
    )
    return [_kept(one, done_at, by=by, at=at) for one in waiting]


def _kept(held: Promise, done_at: datetime, *, by: User, at: datetime) -> Promise:
    held.kept_at, held.kept_by = done_at, by
    held.save(update_fields=["kept_at", "kept_by"])
    trail.record(Verb.PROMISE_KEEP, by=by, at=at, patient=held.patient_id, about=held)
    return held
