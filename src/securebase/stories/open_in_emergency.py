"""A clinician without a tie opens a record in an emergency.

The record is found by exactly what is known of the person, never by a list. Whoever is
clinician of record sees it on Today at once and is told by mail; the patient is told on
their first page.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.emergency import (
    Ground,
    begin_emergency,
    check_can_ask,
    find_exactly,
    note_miss,
)
from securebase.clinic.care.exclusion import is_kept_out
from securebase.clinic.care.models import Emergency
from securebase.people.accounts.models import User
from securebase.stories.tell_emergency import tell_emergency


@transaction.atomic
def open_in_emergency(*, said: str, ground: Ground, by: User, at: datetime) -> Emergency | None:
    """Open the record that ``said`` names exactly; None, and a row, if it names nobody.

    A record whose patient keeps this person out is none for them: the answer must not
    tell them that they are kept out.

    Raises
    ------
    PermissionDenied
        If this person may not ask now, or has another way into the record.
    ValidationError
        If the ground does not say enough; the message names each part.
    """
    check_can_ask(by, at=at)
    patient = find_exactly(said)
    if patient is None:
        note_miss(by=by, at=at)
        return None
    if is_kept_out(by, patient):
        note_miss(by=by, at=at, kept_from=patient)
        return None
    emergency, is_new = begin_emergency(patient=patient, ground=ground, by=by, at=at)
    if is_new:
        tell_emergency(emergency, at=at)
    return emergency
