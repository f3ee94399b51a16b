"""A paper form is entered by hand; what follows is what follows from a check-in.

The day on the paper counts, not the day of entering: the scores stand in the trajectory
where they belong, and only a form of the last weeks says anything about today. A marked
safety question is always shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import the_practice
from securebase.clinic.care.wall_time import moment_of
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response, Target
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.words import Instrument
from securebase.stories.what_follows import what_follows

NOON = time(12)
"""A form known by its day only counts as filled in at noon where the patient lives."""
EARLIEST = date(1990, 1, 1)
"""An earlier day is a slip of the pen: hardly a form of the library is as old."""
A_DAY = timedelta(days=1)
LONGEST_TEXT = 5000
"""Characters of a free-text answer, as in a check-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """A form as it lies on the desk; ``key`` is made once, when its entering begins."""

    instrument: str
    answers: Mapping[str, int | None]
    filled_on: date
    key: UUID
    texts: Mapping[str, str] = field(default_factory=dict)
    target: Target | None = None


def enterable(one: Instrument) -> bool:
    """Whether a paper form of this instrument can be entered: not what is asked in a set."""
    return one.target in ("", "person")


@transaction.atomic
def enter_answers(*, patient: Patient, form: PaperForm, by: User, at: datetime) -> Response:
    """Keep a paper form and what follows from it; entering it twice keeps one."""
    return keep_form(checked(form, patient=patient, at=at), patient=patient, by=by, at=at)


@transaction.atomic
def keep_form(sheet: AnswerSheet, *, patient: Patient, by: User, at: datetime) -> Response:
    """Keep answers that were given outside a check-in, and what follows from them."""
    return keep_forms([sheet], patient=patient, by=by, at=at)[0]


@transaction.atomic
def keep_forms(
    sheets: Sequence[AnswerSheet], *, patient: Patient, by: User, at: datetime
) -> list[Response]:
    """Keep answers that were given at one moment, and what follows from them together."""
    keys = {sheet.key for sheet in sheets}
    known = set(Response.objects.filter(key__in=keys).values_list("key", flat=True))
    responses = record_responses(patient=patient, sheets=sheets, by=by, at=at)
    new = [one for one in responses if one.key not in known]
    if new:
        _, scores = keep_scores(new)
        practice = the_practice()
        what_follows(
            patient=patient,
            responses=new,
            scores=scores,
            signals_on=practice is not None and practice.signals_on,
            at=at,
        )
    return responses


def checked(form: PaperForm, *, patient: Patient, at: datetime) -> AnswerSheet:
    """Return a paper form as it will be kept; BadInput says what of it cannot be."""
    asked = instrument(form.instrument)
    numbers = [item.id for item in asked.items if item.kind != "text"]
    unknown = sorted({*form.answers, *form.texts} - {item.id for item in asked.items})
    if unknown:
        raise BadInput(f"{asked.name} has no question {unknown[0]}. Leave it out.")
    if all(form.answers.get(item) is None for item in numbers):
        raise BadInput(f"No question of {asked.name} is answered. Give at least one answer.")
    if asked.target == "person" and form.target is None:
        raise BadInput(f"{asked.name} is about one person. Say who this paper is about.")
    texts = {item: words for item, words in form.texts.items() if words.strip()}
    if any(len(words) > LONGEST_TEXT for words in texts.values()):
        raise BadInput(f"An answer in words has {LONGEST_TEXT} characters at most. Shorten it.")
    return AnswerSheet(
        instrument=asked.slug,
        answers={item: form.answers.get(item) for item in numbers},
        texts=texts,
        source=Response.Source.PAPER,
        key=form.key,
        answered_at=_moment(form.filled_on, patient=patient, at=at),
        target=form.target,
    )


def days_late(response: Response, *, zone: str) -> int:
    """Return how many days after it was filled in a form was entered."""
    where = ZoneInfo(zone)
    filled, entered = (
        moment.astimezone(where).date()
        for moment in (response.answered_at, response.recorded_at)
    )
    return (entered - filled).days


def has_twin(sheet: AnswerSheet, *, patient: Patient) -> bool:
    """Whether the record holds a form of this kind from about the same time."""
    near = Response.objects.filter(
        patient=patient,
        instrument=sheet.instrument,
        target=sheet.target,
        answered_at__range=(sheet.answered_at - A_DAY / 2, sheet.answered_at + A_DAY / 2),
    )
    return near.exclude(key=sheet.key).exists()


def _moment(day: date, *, patient: Patient, at: datetime) -> datetime:
    today = at.astimezone(ZoneInfo(patient.time_zone)).date()
    if not EARLIEST <= day <= today:
        raise BadInput(
            f"The paper is of {day:%d %b %Y}; a day from {EARLIEST:%d %b %Y} to today, "
            f"{today:%d %b %Y}, is possible. Look at the date once more."
        )
    return min(moment_of(day, NOON, patient.time_zone), at)
