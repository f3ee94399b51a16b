"""What people of the demo wrote, named and planned, so that each page has something on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from securebase.clinic.safety.actions import Lines, write_plan
from securebase.clinic.said.actions import (
    Seen,
    Words,
    answer,
    begin_draft,
    bring,
    keep_draft,
    send,
)
from securebase.clinic.said.feelings import Named, choose_course, name_feeling
from securebase.people.accounts.models import User
from securebase.stories.demo.cast import told
from securebase.stories.demo.play import Person

A_DAY, BEFORE = timedelta(days=1), timedelta(hours=2)
REVIEWED_IN = timedelta(days=90)
FEELINGS = (
    Named("tense", 6, ("chest", "hands"), ("safe",)),
    Named("hopeful", 4, ("face",), ("close",)),
)
SEEN_OF_COURSE = ("goals", "phq-9.total", "session-check-in.alliance")


def write_words(people: Sequence[Person], *, clinician: User, at: datetime) -> None:
    """Let the first people say something, and make a plan with the first."""
    for person, words in zip(people, told()["words"], strict=False):
        _say(person, words, clinician=clinician, at=at - BEFORE)
    for person in people[:1]:
        _plan(person, clinician=clinician, at=at - A_DAY)


class Who(TypedDict):
    """Who does it, and when."""

    by: User
    at: datetime


def _plan(person: Person, *, clinician: User, at: datetime) -> None:
    patient, own = person.patient, Who(by=person.account, at=at)
    write_plan(
        patient=patient,
        lines=Lines(told()["safety_plan"]),
        review_on=(at + REVIEWED_IN).date(),
        seen=0,
        by=clinician,
        at=at,
    )
    choose_course(patient=patient, measures=SEEN_OF_COURSE, numbers=False, **own)
    for named in FEELINGS:
        name_feeling(patient=patient, named=named, shown=True, **own)


def _say(person: Person, words: Mapping[str, str], *, clinician: User, at: datetime) -> None:
    by = Who(by=person.account, at=at)
    draft = begin_draft(patient=person.patient, about=words["about"], **by)
    said = Words(words["title"], words["words"])
    draft = keep_draft(draft=draft, said=said, seen=Seen(draft.version), **by)
    if words["way"] == "brought":
        bring(draft=draft, whole=False, **by)
        return
    message = send(draft=draft, seen=Seen(draft.version), wants_answer=True, **by)
    if words["way"] == "answered":
        answer(message=message, words=words["answer"], by=clinician, at=at + BEFORE / 2)
