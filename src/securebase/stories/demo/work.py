"""What is written at the desk of the demo: notes, promises, goals and what is understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from securebase.clinic.formulation.actions import (
    agree,
    rate_goal,
    set_goal,
    write_formulation,
)
from securebase.clinic.formulation.words import Parts
from securebase.clinic.guidance.readying import view_readiness
from securebase.clinic.guidance.talking import mark_for_supervision
from securebase.clinic.notes.actions import add_to_note
from securebase.clinic.notes.apart import begin_apart, keep_apart
from securebase.clinic.notes.models import Note
from securebase.clinic.notes.promising import keep_promise, promise
from securebase.clinic.practice.actions import keep_doing, share_help
from securebase.clinic.practice.entries import Done
from securebase.clinic.therapy.working import Skill, bring, note_skill
from securebase.people.accounts.models import User
from securebase.stories.demo.cast import ZONE, told
from securebase.stories.demo.noting import held, write_notes, write_the_rest
from securebase.stories.demo.play import Person
from securebase.stories.demo.strains import plan_a_break, strain_and_repair

A_DAY, A_WEEK, AN_HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
BY_THEN = time(18)
"""Whatever is promised for a day is promised by this hour of it."""


def write_work(people: Sequence[Person], *, clinician: User, at: datetime) -> None:
    """Write what the first people's work is, and the notes of everybody."""
    known = told()["work"]
    for person, work in zip(people, known, strict=False):
        for part, write in PARTS.items():
            if part in work:
                write(person, work[part], by=clinician, at=at)
    write_the_rest(people, by=clinician, at=at)


def _add(person: Person, words: Mapping[str, str], *, by: User, at: datetime) -> None:
    note = Note.objects.filter(patient=person.patient).order_by("-signed_at").first()
    if note is not None:
        then = min(at, note.signed_at + A_DAY)
        add_to_note(note=note, text=words["text"], why=words["why"], by=by, at=then)


def _apart(person: Person, words: str, *, by: User, at: datetime) -> None:
    note = begin_apart(patient=person.patient, by=by, at=at - A_WEEK)
    keep_apart(note=note, text=words, version=note.version, by=by, at=at - A_WEEK)


def _understand(person: Person, words: Mapping[str, str], *, by: User, at: datetime) -> None:
    """Write what is understood together, and let both agree to share it."""
    then = at - 3 * A_WEEK
    kept = write_formulation(
        patient=person.patient, parts=Parts(**words), seen=0, by=by, at=then
    )
    for one in (by, person.account):
        agree(formulation=kept, by=one, at=then + A_DAY)


def _aim(person: Person, goals: Sequence[Mapping[str, Any]], *, by: User, at: datetime) -> None:
    """Set goals in the patient's words, and let the patient say how far they are."""
    for known in goals:
        ratings = known["ratings"]
        begun = at - len(ratings) * 2 * A_WEEK
        goal = set_goal(patient=person.patient, words=known["words"], by=by, at=begun)
        for turn, value in enumerate(ratings, start=1):
            then = begun + turn * 2 * A_WEEK - A_DAY
            rate_goal(goal=goal, value=value, by=person.account, at=then)


def _promise(
    person: Person, promises: Sequence[Mapping[str, Any]], *, by: User, at: datetime
) -> None:
    """Make each promise on its day; some are kept, some wait."""
    today = at.astimezone(ZoneInfo(ZONE)).date()
    for known in promises:
        made = promise(
            patient=person.patient,
            kind=known["kind"],
            text=known["text"],
            due_at=datetime.combine(today + known["due"] * A_DAY, BY_THEN, ZoneInfo(ZONE)),
            by=by,
            at=at - known["made"] * A_DAY,
        )
        if "kept" in known:
            keep_promise(promise=made, by=by, at=at - known["kept"] * A_DAY)


def _weigh(
    person: Person, views: Sequence[Mapping[str, str]], *, by: User, at: datetime
) -> None:
    for view in views:
        view_readiness(patient=person.patient, **view, by=by, at=at - A_DAY)


def _practise(
    person: Person, doings: Sequence[Mapping[str, Any]], *, by: User, at: datetime
) -> None:
    """Keep what the patient did of their kit; they share what helps with ``by``."""
    own = person.account
    share_help(patient=person.patient, wanted=True, by=own, at=at - 2 * A_WEEK)
    for known in doings:
        done = Done(
            key=uuid4(),
            exercise=known["exercise"],
            before=known["before"],
            after=known["after"],
        )
        keep_doing(patient=person.patient, done=done, by=own, at=at - known["ago"] * A_DAY)


def _bring(person: Person, things: Sequence[str], *, by: User, at: datetime) -> None:
    for text in things:
        bring(patient=person.patient, text=text, by=by, at=at - A_DAY)


def _teach(person: Person, known: Mapping[str, Any], *, by: User, at: datetime) -> None:
    for session in held(person, at)[-1:]:
        then = session.starts_at + AN_HOUR / 2
        note_skill(session=session, skill=Skill(**known), by=by, at=then)


def _ask(person: Person, question: str, *, by: User, at: datetime) -> None:
    mark_for_supervision(patient=person.patient, question=question, by=by, at=at - A_DAY)


PARTS: Mapping[str, Callable[..., None]] = {
    "notes": write_notes,
    "addendum": _add,
    "process": _apart,
    "formulation": _understand,
    "goals": _aim,
    "promises": _promise,
    "views": _weigh,
    "doings": _practise,
    "brought": _bring,
    "skill": _teach,
    "question": _ask,
    "repair": strain_and_repair,
    "bridge": plan_a_break,
}
"""What may be told of somebody's work in ``demo.toml``, and who writes it, in order."""
