"""What patients sent that waits for a clinician: to be read, or for the promised answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds, patients_treated_by
from securebase.clinic.said.models import Message
from securebase.clinic.said.queries import messages_waiting, promises_of_answers
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys

LATELY = timedelta(days=28)
"""How far back the promises of answers are counted."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message, whose it is, and what was promised by when."""

    message: Message
    patient: Patient
    due_at: datetime
    to_answer: bool
    """Whether it was read and waits for its answer."""


@dataclass(frozen=True, slots=True)
class WordsWaiting:
    """What waits, the first due first, and how promises of answers were held lately."""

    waiting: tuple[Waiting, ...]
    promised: int
    kept: int


def words_waiting(*, user: User, at: datetime) -> WordsWaiting:
    """Return what waits for this clinician; whoever covers reads, and does not answer."""
    mine = patients_treated_by(user, at=at)
    found = list(messages_waiting(mine))
    hold_keys(message.patient_id for message in found)
    patients = Patient.objects.in_bulk([message.patient_id for message in found])
    covering = set(
        Care.objects.filter(
            open_bonds(at), clinician=user, part=Care.Part.COVERING
        ).values_list("patient", flat=True)
    )
    waiting = [
        one
        for message in found
        for one in _waiting(message, patients[message.patient_id])
        if not (one.to_answer and message.patient_id in covering)
    ]
    promised, kept = promises_of_answers(mine, at=at, within=LATELY)
    in_order = sorted(waiting, key=lambda one: (one.due_at, one.message.pk))
    return WordsWaiting(tuple(in_order), promised, kept)


def _waiting(message: Message, patient: Patient) -> Iterator[Waiting]:
    if message.read_at is None:
        yield Waiting(message, patient, message.due_at, to_answer=False)
    elif message.answer_due_at is not None:
        yield Waiting(message, patient, message.answer_due_at, to_answer=True)
