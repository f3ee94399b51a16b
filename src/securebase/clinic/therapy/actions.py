"""Planning sessions, noting how they ended, and ruptures with their repairs."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.clinic.therapy.policies import (
    check_can_close,
    check_can_note,
    check_can_notice,
    check_can_repair,
)
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_MINUTES = 240


@transaction.atomic
def plan_session(
    *,
    patient: Patient,
    clinician: User,
    starts_at: datetime,
    by: User,
    at: datetime,
    minutes: int = 50,
) -> TherapySession:
    """Put a session with a patient in a clinician's day."""
    check_can_note(by, patient, at=at)
    check_can_note(clinician, patient, at=at)
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError(f"A session of {minutes} minutes; choose 1 to {MOST_MINUTES}.")
    session = TherapySession.objects.create(
        patient=patient, clinician=clinician, starts_at=starts_at, minutes=minutes
    )
    trail.record(Verb.SESSION_PLAN, by=by, at=at, patient=patient.pk, about=session)
    return session


@transaction.atomic
def close_session(
    *, session: TherapySession, state: str, by: User, at: datetime
) -> TherapySession:
    """Note that a planned session was held, missed or cancelled."""
    session = TherapySession.objects.select_for_update().get(pk=session.pk)
    check_can_close(by, session, at=at)
    ending = TherapySession.State(state)
    if ending == TherapySession.State.PLANNED:
        raise ValidationError("Say whether the session was held, missed or cancelled.")
    if ending == TherapySession.State.HELD and session.starts_at > at:
        raise PermissionDenied("This session has not begun yet; it cannot have been held.")
    session.state = ending
    session.save(update_fields=["state"])
    trail.record(Verb.SESSION_CLOSE, by=by, at=at, patient=session.patient_id, about=session)
    return session


@transaction.atomic
def note_rupture(*, patient: Patient, kind: str, note: str, by: User, at: datetime) -> Rupture:
    """Note a strain in the working relationship; it stays open until a repair is noted."""
    check_can_notice(by, patient, at=at)
    rupture = Rupture.objects.create(
        patient=patient, kind=Rupture.Kind(kind), note=note, noticed_at=at, noticed_by=by
    )
    trail.record(Verb.RUPTURE_NOTE, by=by, at=at, patient=patient.pk, about=rupture)
    return rupture


@transaction.atomic
def repair_rupture(*, rupture: Rupture, by: User, at: datetime) -> Rupture:
    """Note that a strain was talked through; refused if it is repaired already."""
    rupture = Rupture.objects.select_for_update().get(pk=rupture.pk)
    check_can_repair(by, rupture, at=at)
    rupture.repaired_by, rupture.repaired_at = by, at
    rupture.save(update_fields=["repaired_by", "repaired_at"])
    trail.record(Verb.RUPTURE_REPAIR, by=by, at=at, patient=rupture.patient_id, about=rupture)
    return rupture
