"""A clinician begins a session: the one planned for about now, else one that begins now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import plan_session
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.people.accounts.models import User

EARLY, LATE = timedelta(minutes=30), timedelta(minutes=60)
"""A session planned so near to now is the one that is meant."""


@transaction.atomic
def begin_session(*, patient: Patient, by: User, at: datetime) -> TherapySession:
    """Return the session that begins now; pressed twice, it is the same one."""
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    near = sessions_visible_to(by, at=at).filter(
        patient=patient,
        clinician=by,
        state=TherapySession.State.PLANNED,
        starts_at__gt=at - LATE,
        starts_at__lte=at + EARLY,
    )
    meant = near.order_by("starts_at").first()
    return meant or plan_session(patient=patient, clinician=by, starts_at=at, by=by, at=at)
