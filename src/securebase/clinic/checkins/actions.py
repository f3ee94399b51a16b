"""Agreeing a rhythm, keeping what is answered as it is answered, and sending it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.asking import check_entries
from securebase.clinic.checkins.models import CheckIn, Draft, Rhythm
from securebase.clinic.checkins.policies import (
    check_can_answer,
    check_can_plan,
    check_can_read_draft,
    check_can_submit,
)
from securebase.clinic.checkins.questions import Value, check_value
from securebase.clinic.checkins.terms import Terms, check_terms
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


class Content(TypedDict):
    """What a draft holds: answers and texts by ref, and the place reached, from 0.

    ``times`` says when each ref was kept first, as the server saw it.
    """

    answers: dict[str, int | None]
    texts: dict[str, str]
    place: int
    times: dict[str, str]


@transaction.atomic
def plan_rhythm(*, patient: Patient, terms: Terms, by: User, at: datetime) -> Rhythm:
    """Agree when check-ins come and what they ask; the rhythm before ends the day before."""
    check_can_plan(by, patient, at=at)
    check_terms(terms, zone=patient.time_zone, at=at)
    check_entries(terms.instruments, patient=patient)
    Rhythm.objects.filter(patient=patient, ends_on__isnull=True).update(
        ends_on=terms.starts_on - timedelta(days=1)
    )
    rhythm = Rhythm.objects.create(
        patient=patient,
        weekdays=sorted(set(terms.weekdays)),
        at_time=terms.at_time,
        time_zone=patient.time_zone,
        open_hours=terms.open_hours,
        every_weeks=terms.every_weeks,
        instruments=[dict(one) for one in terms.instruments],
        starts_on=terms.starts_on,
        planned_by=by,
        planned_at=at,
    )
    trail.record(Verb.CHECKIN_PLAN, by=by, at=at, patient=patient.pk, about=rhythm)
    return rhythm


@transaction.atomic
def keep_answers(
    *,
    checkin: CheckIn,
    given: Mapping[str, Value],
    by: User,
    at: datetime,
    answered_at: datetime | None = None,
) -> Draft:
    """Keep answers of an open check-in by ref; None says that a question was skipped.

    A ref is such as ``phq-9.1``. The others stay as they are, so that two devices do not
    overwrite each other's. ``answered_at`` is when they were given without a connection,
    once ``late`` took it.
    """
    checkin, given_at = hold(checkin), answered_at or at
    check_can_answer(by, checkin, at=given_at)
    draft, content = _opened(checkin)
    for ref, value in given.items():
        asked = check_value(checkin, ref, value)
        content["texts"].pop(ref, None)
        content["answers"].pop(ref, None)
        if asked.kind == "text" and value:
            content["texts"][ref] = str(value)
        else:
            content["answers"][ref] = value if isinstance(value, int) else None
        content["times"].setdefault(ref, given_at.isoformat())
    return _keep(draft, content, by=by, at=at)


@transaction.atomic
def keep_place(*, checkin: CheckIn, place: int, by: User, at: datetime) -> Draft:
    """Keep which question the patient has reached, to go on there on any device."""
    checkin = hold(checkin)
    check_can_answer(by, checkin, at=at)
    draft, content = _opened(checkin)
    content["place"] = max(0, place)
    return _keep(draft, content, by=by, at=at)


def hold(checkin: CheckIn) -> CheckIn:
    """Return the check-in as it is now, held until the transaction ends."""
    held = CheckIn.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "patient"
    )
    return held.get(pk=checkin.pk)


def read_draft(*, checkin: CheckIn, by: User) -> Content:
    """Return what the patient has answered so far; for nobody but them."""
    check_can_read_draft(by, checkin)
    _, content = _opened(checkin)
    return content


@transaction.atomic
def complete_checkin(
    *,
    checkin: CheckIn,
    key: UUID,
    by: User,
    at: datetime,
    answered_at: datetime | None = None,
) -> CheckIn:
    """Close a check-in as sent, under the key its sender made; the draft goes.

    ``answered_at`` is when it was answered without a connection, once ``late`` took it.
    """
    checkin = hold(checkin)
    check_can_submit(by, checkin, at=answered_at or at)
    if CheckIn.objects.filter(submission=key).exists():
        raise PermissionDenied("Another check-in was sent under this key. Send with a new one.")
    checkin.state = CheckIn.State.SUBMITTED
    checkin.submitted_at, checkin.submission = at, key
    checkin.save(update_fields=["state", "submitted_at", "submission"])
    Draft.objects.filter(checkin=checkin).delete()
    trail.record(Verb.CHECKIN_SUBMIT, by=by, at=at, patient=checkin.patient_id, about=checkin)
    return checkin


def _opened(checkin: CheckIn) -> tuple[Draft, Content]:
    draft = Draft.objects.filter(checkin=checkin).first()
    if draft is None:
        empty = Content(answers={}, texts={}, place=0, times={})
        return Draft(checkin=checkin, patient=checkin.patient), empty
    content: Content = json.loads(draft.content)
    content.setdefault("times", {})
    return draft, content


def _keep(draft: Draft, content: Content, *, by: User, at: datetime) -> Draft:
    draft.content = json.dumps(content)
    draft.version, draft.kept_at = draft.version + 1, at
    draft.save()
    trail.record(Verb.CHECKIN_KEEP, by=by, at=at, patient=draft.patient_id, about=draft.checkin)
    return draft
