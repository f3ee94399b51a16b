"""Writing the formulation in versions, agreeing to it, and setting and rating goals."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.models import MOST_PROGRESS, Formulation, Goal, Progress
from securebase.clinic.formulation.policies import (
    check_can_agree,
    check_can_move_goal,
    check_can_set_goal,
    check_can_write,
    is_own,
)
from securebase.clinic.formulation.queries import newest_of
from securebase.clinic.formulation.words import Parts
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault.parts import packed

MOST_GOAL_WORDS = 300


class WrittenMeanwhile(ValidationError):
    """Somebody kept another version since this one was opened; neither is lost."""


@transaction.atomic
def write_formulation(
    *, patient: Patient, parts: Parts, seen: int, by: User, at: datetime
) -> Formulation:
    """Keep the next version; ``seen`` is the number it was written over, 0 for none.

    Writing it is not yet agreeing that it is shared, except for the patient: what they
    write is theirs, and waits for the clinician's yes.
    """
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    check_can_write(by, patient, at=at)
    newest = newest_of(patient)
    number = newest.number if newest else 0
    if number != seen:
        raise WrittenMeanwhile(
            f"Version {number} was kept while you wrote over version {seen}. "
            "Yours is still here: read both, and keep what you both mean."
        )
    if parts.is_empty:
        raise ValidationError("Nothing is written yet. Fill in one part, then keep it.")
    formulation = Formulation.objects.create(
        patient=patient,
        number=number + 1,
        words=packed(parts),
        written_by=by,
        written_at=at,
        taken_at=at if is_own(by, patient) else None,
    )
    trail.record(Verb.FORMULATION_WRITE, by=by, at=at, patient=patient.pk, about=formulation)
    return formulation


@transaction.atomic
def agree(*, formulation: Formulation, by: User, at: datetime) -> Formulation:
    """Say yes to sharing this version, each for themselves; twice is once."""
    return _say(Verb.FORMULATION_AGREE, formulation, since=at, by=by, at=at)


@transaction.atomic
def take_back(*, formulation: Formulation, by: User, at: datetime) -> Formulation:
    """Take one's own yes back; the version is then no longer shared."""
    return _say(Verb.FORMULATION_TAKE_BACK, formulation, since=None, by=by, at=at)


def _say(
    verb: Verb, formulation: Formulation, *, since: datetime | None, by: User, at: datetime
) -> Formulation:
    """Keep since when one's own side says yes; nothing happens if it says so already."""
    held = Formulation.objects.select_for_update(no_key=True).get(pk=formulation.pk)
    check_can_agree(by, held, at=at)
    side = "taken_at" if is_own(by, held.patient) else "offered_at"
    if (getattr(held, side) is None) != (since is None):
        setattr(held, side, since)
        held.save(update_fields=[side])
        trail.record(verb, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def set_goal(*, patient: Patient, words: str, by: User, at: datetime) -> Goal:
    """Keep a goal in the patient's words; it does not change afterwards."""
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    check_can_set_goal(by, patient, at=at)
    said = words.strip()
    if not 1 <= len(said) <= MOST_GOAL_WORDS:
        raise ValidationError(
            f"A goal of {len(said)} characters; write 1 to {MOST_GOAL_WORDS}."
        )
    goal = Goal.objects.create(patient=patient, words=said, set_by=by, set_at=at)
    trail.record(Verb.GOAL_SET, by=by, at=at, patient=patient.pk, about=goal)
    return goal


@transaction.atomic
def rate_goal(*, goal: Goal, value: int, by: User, at: datetime) -> Progress:
    """Keep how far a goal is now."""
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    check_can_move_goal(by, goal, at=at)
    if not 0 <= value <= MOST_PROGRESS:
        raise ValidationError(f"Progress is {value}; it goes from 0 to {MOST_PROGRESS}.")
    rating = Progress.objects.create(goal=goal, value=value, by=by, at=at)
    trail.record(Verb.GOAL_RATE, by=by, at=at, patient=goal.patient_id, about=rating)
    return rating


@transaction.atomic
def close_goal(*, goal: Goal, state: str, by: User, at: datetime) -> Goal:
    """Note that a goal is reached, or set aside for now; its ratings stay."""
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    check_can_move_goal(by, goal, at=at)
    closing = Goal.State(state)
    if closing == Goal.State.OPEN:
        raise ValidationError("Say whether the goal is reached or set aside.")
    goal.state, goal.closed_at = closing, at
    goal.save(update_fields=["state", "closed_at"])
    trail.record(Verb.GOAL_CLOSE, by=by, at=at, patient=goal.patient_id, about=goal)
    return goal
