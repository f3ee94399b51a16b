"""A clinician sits down to write: the note is begun for the session it is about."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.notes import actions as notes
from securebase.clinic.notes.models import Note, NoteDraft
from securebase.clinic.notes.shapes import the_shapes
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.people.accounts.models import User

NEAR = timedelta(hours=24)
"""A note begun so soon after a session without one is taken to be about it."""


@transaction.atomic
def begin_note(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    shape: str = "",
    session: TherapySession | None = None,
) -> NoteDraft:
    """Begin a note for a session: the one named, else the last of the day without a note.

    Without a shape it has the first one of the practice.
    """
    about = session or _session_to_note(patient, by, at=at)
    chosen = shape or the_shapes().shapes[0].slug
    return notes.begin_note(patient=patient, shape=chosen, session=about, by=by, at=at)


def _session_to_note(patient: Patient, by: User, *, at: datetime) -> TherapySession | None:
    gone = (TherapySession.State.MISSED, TherapySession.State.CANCELLED)
    signed = Note.objects.filter(patient=patient, session__isnull=False).values("session")
    near = (
        sessions_visible_to(by, at=at)
        .filter(patient=patient, clinician=by, starts_at__lte=at, starts_at__gt=at - NEAR)
        .exclude(state__in=gone)
        .exclude(pk__in=signed)
    )
    return near.order_by("-starts_at").first()
