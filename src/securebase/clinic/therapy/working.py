"""In a session: what is brought to it, and the skills that were taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.therapy.hour import MOST, AgendaItem, SkillTaught
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.policies import check_can_note
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.exercises import exercises

MOST_WORDS = 500
MOST_WAITING = 20
CLOSING_MINUTES = 10
"""Before the planned end: from here on nothing new is opened, and what is open is closed."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill practised in the session, with the patient's distress before and after it."""

    exercise: str
    before: int | None = None
    after: int | None = None

    def __post_init__(self) -> None:
        """Refuse a skill nobody knows, and a rating outside its scale."""
        known = {one.slug for one in exercises()}
        if self.exercise not in known:
            raise ValidationError(
                f"There is no exercise {self.exercise!r}; choose one of {sorted(known)}."
            )
        for name, value in (("before", self.before), ("after", self.after)):
            if value is not None and not 0 <= value <= MOST:
                raise ValidationError(f"Distress {name} is {value}; it goes from 0 to {MOST}.")


def agenda_visible_to(user: User, *, at: datetime) -> QuerySet[AgendaItem]:
    """Return what clinicians brought for people whose sessions this one may plan."""
    when = Thing(Category.SCHEDULE)
    plan = patients_open_to(user, when, at=at, action=Action.WRITE)
    return AgendaItem.objects.filter(patient__in=plan)


def skills_visible_to(user: User, *, at: datetime) -> QuerySet[SkillTaught]:
    """Return the skills taught in the sessions this person may see, their own included."""
    seen = patients_open_to(user, Thing(Category.SCHEDULE), at=at)
    return SkillTaught.objects.filter(patient__in=seen)


@transaction.atomic
def bring(*, patient: Patient, text: str, by: User, at: datetime) -> AgendaItem:
    """Put something on the agenda of the next session."""
    check_can_note(by, patient, at=at)
    words = text.strip()
    if not words:
        raise ValidationError("Nothing is written yet. Say it in a few words.")
    if len(words) > MOST_WORDS:
        raise ValidationError(
            f"This has {len(words)} characters; an item holds {MOST_WORDS}. Shorten it."
        )
    if AgendaItem.objects.filter(patient=patient, done_at=None).count() >= MOST_WAITING:
        raise ValidationError(f"{MOST_WAITING} things wait already. Tick some off first.")
    item = AgendaItem.objects.create(patient=patient, text=words, by=by, added_at=at)
    trail.record(Verb.AGENDA_BRING, by=by, at=at, patient=patient.pk, about=item)
    return item


@transaction.atomic
def tick(*, item: AgendaItem, by: User, at: datetime) -> AgendaItem:
    """Take something off the agenda: it was talked about, or is not needed any more."""
    held = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    check_can_note(by, held.patient, at=at)
    if held.done_at is None:
        held.done_at = at
        held.save(update_fields=["done_at"])
        trail.record(Verb.AGENDA_TICK, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def note_skill(*, session: TherapySession, skill: Skill, by: User, at: datetime) -> SkillTaught:
    """Note a skill that was practised, with the two ratings if they were asked."""
    check_can_note(by, session.patient, at=at)
    if session.state in (TherapySession.State.MISSED, TherapySession.State.CANCELLED):
        raise PermissionDenied("This session did not take place; nothing was taught in it.")
    taught = SkillTaught.objects.create(
        patient_id=session.patient_id,
        session=session,
        exercise=skill.exercise,
        before=skill.before,
        after=skill.after,
        by=by,
        at=at,
    )
    trail.record(Verb.SKILL_NOTE, by=by, at=at, patient=session.patient_id, about=session)
    return taught
