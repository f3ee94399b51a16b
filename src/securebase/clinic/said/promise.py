"""What a patient is told before sending: who reads it, by when, and when an answer comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from securebase.clinic.care.cover import reader_at, reading_bonds
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import the_practice
from securebase.people.accounts.models import User

MOST_READINGS = 400
"""How many readings ahead an answer is looked for: more than a year of weekdays."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Who reads what is sent now and by when; who answers it and by when."""

    reader: User
    read_by: datetime
    answerer: User
    answer_by: datetime | None
    """None if the one who answers is away for longer than we can promise anything."""


def promise_for(patient: Patient, *, at: datetime) -> Promise | None:
    """Return the promise for what is sent now; None while nobody is named to read it.

    Whoever covers reads; the answer comes at the next reading after that at which the
    clinician of record is back.
    """
    bonds, practice = reading_bonds(patient, at=at), the_practice()
    record = reader_at((one for one in bonds if one.part == Care.Part.OF_RECORD), at=at)
    if record is None or practice is None:
        return None
    zone = practice.time_zone
    read_by = next_reading(record, after=at, zone=zone)
    reading = reader_at(bonds, at=read_by) or record
    return Promise(
        reader=reading.clinician,
        read_by=read_by,
        answerer=record.clinician,
        answer_by=_answer_by(record, bonds, after=read_by, zone=zone),
    )


def _answer_by(
    record: Care, bonds: list[Care], *, after: datetime, zone: str
) -> datetime | None:
    for _ in range(MOST_READINGS):
        after = next_reading(record, after=after, zone=zone)
        if reader_at(bonds, at=after) == record:
            return after
    return None
