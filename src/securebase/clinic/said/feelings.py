"""Naming a feeling, and what a patient sees of their own course."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.said.actions import EMPTY, LONGEST_WORDS
from securebase.clinic.said.models import CourseNote, CourseView, Feeling
from securebase.clinic.said.policies import check_can_write_own
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.feelings import vocabulary

STRONGEST = 10


@dataclass(frozen=True, slots=True)
class Named:
    """A feeling as it was named; every part may be left out.

    ``word`` is a slug of ``content/feelings.toml``, empty for "I don't know yet".
    ``strength`` goes from 0 to 10. ``pleasant`` and ``energy`` are -1, 0, 1 or None.
    """

    word: str = ""
    strength: int | None = None
    places: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    note: str = ""
    pleasant: int | None = None
    energy: int | None = None

    def __post_init__(self) -> None:
        """Refuse a word, place or need that is not ours, and a number off its scale."""
        known = vocabulary()
        for what, given, all_ in (
            ("word", {self.word} - {""}, known.words),
            ("place", set(self.places), known.places),
            ("need", set(self.needs), known.needs),
        ):
            strange = sorted(given - all_.keys())
            if strange:
                raise ValidationError(f"No {what} is called {strange[0]!r}. Choose another.")
        if self.strength is not None and not 0 <= self.strength <= STRONGEST:
            raise ValidationError(f"Strength is {self.strength}; it goes from 0 to 10.")
        if not {self.pleasant, self.energy} <= {None, -1, 0, 1}:
            raise ValidationError("Pleasant and energy are -1, 0, 1 or left out.")
        if len(self.note) > LONGEST_WORDS:
            raise ValidationError("The note is too long to keep. Make it a little shorter.")


@transaction.atomic
def name_feeling(
    *, patient: Patient, named: Named, shown: bool, by: User, at: datetime
) -> Feeling:
    """Keep a feeling that was named; the clinician sees it only if it is shown."""
    check_can_write_own(by, patient, at=at)
    feeling = Feeling.objects.create(
        patient=patient, content=json.dumps(asdict(named)), named_at=at, shown=shown
    )
    trail.record(Verb.FEELING_NAME, by=by, at=at, patient=patient.pk, about=feeling)
    return feeling


@transaction.atomic
def drop_feeling(*, feeling: Feeling, by: User, at: datetime) -> None:
    """Take back a feeling that was named; nothing of it stays."""
    check_can_write_own(by, feeling.patient, at=at)
    trail.record(Verb.FEELING_DROP, by=by, at=at, patient=feeling.patient_id, about=feeling)
    feeling.delete()


@transaction.atomic
def choose_course(
    *,
    patient: Patient,
    measures: Sequence[str],
    numbers: bool,
    by: User,
    at: datetime,
) -> CourseView:
    """Keep what the patient wants to see of their course; no measure hides it all."""
    check_can_write_own(by, patient, at=at)
    chosen = {"measures": list(dict.fromkeys(measures)), "numbers": numbers, "chosen_at": at}
    view, _ = CourseView.objects.update_or_create(
        patient=patient, defaults={"shown": bool(measures), **chosen}
    )
    trail.record(Verb.COURSE_CHOOSE, by=by, at=at, patient=patient.pk, about=view)
    return view


@transaction.atomic
def write_beside(
    *, patient: Patient, day: date, words: str, shown: bool, by: User, at: datetime
) -> CourseNote:
    """Write a line beside the course: a day, and what it was like."""
    check_can_write_own(by, patient, at=at)
    if not words.strip():
        raise ValidationError(EMPTY)
    if len(words) > LONGEST_WORDS:
        raise ValidationError("This is too long to keep. Make it a little shorter.")
    note = CourseNote.objects.create(
        patient=patient, day=day, words=words.strip(), written_at=at, shown=shown
    )
    trail.record(Verb.COURSE_NOTE, by=by, at=at, patient=patient.pk, about=note)
    return note
