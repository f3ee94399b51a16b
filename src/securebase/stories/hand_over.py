"""A device is handed to the patient for one form: by whom, for whom, and for what.

The answers are the patient's own, in their name and for nobody else until they are sent.
So the device changes to the patient's account, limited to this one form; whoever handed
it over signs in again to come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.at_once import (
    ask_at_once,
    check_can_hand_over,
    hand_over_waiting,
    waiting_unbegun,
)
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import minutes_for
from securebase.clinic.measurement.targets import targets_of
from securebase.clinic.measurement.wordings import words_here
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.science.errors import BadInput
from securebase.science.groups import put_together
from securebase.science.library import instruments
from securebase.science.words import Instrument

WAITING = "waiting"
"""Stands for the check-in that waits, where a form is chosen."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One form that can be handed over: its entry, its name and about how long it takes."""

    entry: str
    name: str
    questions: int
    minutes: int


def can_hand_over(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may hand a device to this patient."""
    return granted(check_can_hand_over, user, patient, at=at)


def forms_to_hand_over(*, patient: Patient, by: User, at: datetime) -> list[Offered]:
    """Return what can be answered here and now, the waiting check-in first.

    Only what has words that may be shown; a form about one person once for each person.
    """
    check_can_hand_over(by, patient, at=at)
    waiting = waiting_unbegun(patient, at=at).first()
    offered = [_waiting(waiting)] if waiting is not None else []
    people = {one.key: one.name or one.get_kind_display() for one in targets_of(patient)}
    words = words_here()
    for asked in sorted(instruments().values(), key=lambda one: one.name.casefold()):
        if words.get(asked.slug):
            offered += _forms(asked, people)
    return offered


@transaction.atomic
def hand_over(*, patient: Patient, entry: str, by: User, at: datetime) -> CheckIn:
    """Return the check-in to be answered on this device, and note who handed it over."""
    if entry not in {one.entry for one in forms_to_hand_over(patient=patient, by=by, at=at)}:
        raise BadInput(f"{entry!r} cannot be handed over now. Choose a form from the list.")
    if entry != WAITING:
        return ask_at_once(patient=patient, entry=entry, by=by, at=at)
    return hand_over_waiting(checkin=waiting_unbegun(patient, at=at)[0], by=by, at=at)


def _waiting(checkin: CheckIn) -> Offered:
    slugs = [entry.partition("@")[0] for entry in checkin.instruments]
    count = sum(len(put_together(instruments()[slug].items)) for slug in slugs)
    return Offered(WAITING, "The check-in that waits", count, minutes_for(slugs))


def _forms(asked: Instrument, people: Mapping[str, str]) -> list[Offered]:
    length = len(put_together(asked.items)), minutes_for([asked.slug])
    if not asked.target:
        return [Offered(asked.slug, asked.name, *length)]
    if asked.target != "person":
        return []
    return [
        Offered(f"{asked.slug}@{key}", f"{asked.name}: {name}", *length)
        for key, name in people.items()
    ]
