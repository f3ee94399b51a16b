"""A clinician reads a record that an emergency opened: to read, and no process notes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.emergency import note_emergency_read
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.stories.open_record import Record, gather


@transaction.atomic
def read_in_emergency(*, patient: Patient, by: User, at: datetime) -> Record:
    """Return the record for as long as the emergency access holds, and note the reading.

    Strains come without the notes about them: those are process notes.
    """
    note_emergency_read(patient=patient, by=by, at=at)
    record = gather(patient, at=at)
    for rupture in record.ruptures:
        rupture.note = ""
    return record
