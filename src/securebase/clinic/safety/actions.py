"""Writing a safety plan, looking it over, and noting who of others has read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import is_own_record
from securebase.clinic.safety.models import SafetyPlan
from securebase.clinic.safety.policies import check_can_read_plan, check_can_write_plan
from securebase.clinic.safety.queries import current_plan
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.safety_plan import plan_form

MOST_LINES = 12
LONGEST_LINE = 200


class PlanChanged(ValidationError):
    """Somebody else wrote a newer version since this one was opened."""

    def __init__(self, plan: SafetyPlan) -> None:
        super().__init__("The plan was changed since you opened it.")
        self.plan = plan
        """The version that holds now."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of each part, without empty ones; within what fits on a page."""

    parts: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        """Refuse a part that is not ours, too many lines, and lines too long."""
        names = {part.slug: part.name for part in plan_form().parts}
        strange = sorted(set(self.parts) - set(names))
        if strange:
            raise ValidationError(f"A plan has no part {strange[0]!r}.")
        for slug, lines in self.parts.items():
            if len(lines) > MOST_LINES:
                raise ValidationError(
                    {slug: f"These are {len(lines)} lines; {MOST_LINES} fit. Keep the best."}
                )
            if any(len(line) > LONGEST_LINE for line in lines):
                raise ValidationError(
                    {slug: f"A line can have {LONGEST_LINE} characters. Make it shorter."}
                )

    @property
    def empty(self) -> bool:
        """Whether nothing is written in any part."""
        return not any(self.parts.values())

    def as_json(self) -> str:
        """Return the lines as they are kept, the parts in their order."""
        order = [part.slug for part in plan_form().parts]
        return json.dumps({slug: list(self.parts.get(slug, ())) for slug in order})


@transaction.atomic
def write_plan(
    *, patient: Patient, lines: Lines, review_on: date, seen: int, by: User, at: datetime
) -> SafetyPlan:
    """Keep a new version; refused if there is a newer one than ``seen``, 0 for none.

    Raises
    ------
    PlanChanged
        With the version that holds now, so that both can be shown.
    """
    check_can_write_plan(by, patient, at=at)
    if lines.empty:
        raise ValidationError("The plan is empty. Write one line, in any part.")
    _check_review(review_on, patient, at=at)
    how = SafetyPlan.How.ALONE if is_own_record(by, patient) else SafetyPlan.How.TOGETHER
    held = _held(patient, seen=seen)
    content = lines.as_json()
    if held is not None and held.content == content:
        how = SafetyPlan.How.LOOKED_OVER
    return _keep(patient, content, how=how, review_on=review_on, by=by, at=at)


@transaction.atomic
def look_over(*, plan: SafetyPlan, review_on: date, by: User, at: datetime) -> SafetyPlan:
    """Note that the plan still fits, and when to look at it again."""
    patient = plan.patient
    check_can_write_plan(by, patient, at=at)
    _check_review(review_on, patient, at=at)
    held = _held(patient, seen=plan.number)
    if held is None:
        raise ValidationError("There is no plan yet to look over. Make one first.")
    how = SafetyPlan.How.LOOKED_OVER
    return _keep(patient, held.content, how=how, review_on=review_on, by=by, at=at)


@transaction.atomic
def read_plan(*, patient: Patient, by: User, at: datetime) -> SafetyPlan | None:
    """Open the plan as somebody else than the patient, which leaves a row."""
    check_can_read_plan(by, patient, at=at)
    plan = current_plan(patient)
    trail.record(Verb.SAFETY_READ, by=by, at=at, patient=patient.pk, about=plan)
    return plan


def _keep(
    patient: Patient,
    content: str,
    *,
    how: SafetyPlan.How,
    review_on: date,
    by: User,
    at: datetime,
) -> SafetyPlan:
    held = current_plan(patient)
    plan = SafetyPlan.objects.create(
        patient=patient,
        number=held.number + 1 if held else 1,
        content=content,
        how=how,
        review_on=review_on,
        written_by=by,
        written_at=at,
    )
    looked = how == SafetyPlan.How.LOOKED_OVER
    verb = Verb.SAFETY_REVIEW if looked else Verb.SAFETY_WRITE
    trail.record(verb, by=by, at=at, patient=patient.pk, about=plan)
    return plan


def _held(patient: Patient, *, seen: int) -> SafetyPlan | None:
    """Return the version that holds, kept still until this is done."""
    Patient.objects.select_for_update(no_key=True, of=("self",)).get(pk=patient.pk)
    held = current_plan(patient)
    if held is not None and held.number != seen:
        raise PlanChanged(held)
    return held


def _check_review(review_on: date, patient: Patient, *, at: datetime) -> None:
    today = at.astimezone(ZoneInfo(patient.time_zone)).date()
    if review_on <= today:
        raise ValidationError(
            {"review_on": f"{review_on:%d %B %Y} is not ahead. Choose a day after today."}
        )
