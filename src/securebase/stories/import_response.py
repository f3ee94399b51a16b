"""Answers given elsewhere are added to a record; what follows is what follows from a form.

They are looked at first and kept only then. Totals that came with them stand beside ours,
and reading the same answers twice keeps one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Response, Target
from securebase.clinic.measurement.policies import check_can_record
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput
from securebase.science.words import Instrument
from securebase.stories.enter_answers import EARLIEST, has_twin, keep_forms

FROM_ELSEWHERE = UUID("0b9a1f36-6a55-5f0e-8f2b-6f8a9c1d2e47")
"""Name space of keys for answers from a file, which brings none of its own."""
A_SECOND = timedelta(seconds=1)
"""Files give the moment of answering to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One response as it came from elsewhere, read and checked against its instrument."""

    asked: Instrument
    answers: Mapping[str, int]
    answered_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    given_totals: Mapping[str, float] = field(default_factory=dict)
    target: Target | None = None
    """The person of this record they are about, where they are about one."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What keeping a response would do: it is in the record already, or has a near twin."""

    known: bool
    twin: bool


def preview_response(*, arrived: Arrived, patient: Patient, by: User, at: datetime) -> Foreseen:
    """Say what keeping it would do; refused as keeping it would be. Nothing is kept."""
    check_can_record(by, patient, Response.Source.IMPORT, at=at)
    sheet = _sheet(arrived, patient, at=at)
    return Foreseen(_kept(sheet, patient) is not None, has_twin(sheet, patient=patient))


@transaction.atomic
def import_response(*, arrived: Arrived, patient: Patient, by: User, at: datetime) -> Response:
    """Keep it with what follows from it; one that is in the record stays as it is."""
    return import_responses(arrived=[arrived], patient=patient, by=by, at=at)[0]


@transaction.atomic
def import_responses(
    *, arrived: Sequence[Arrived], patient: Patient, by: User, at: datetime
) -> list[Response]:
    """Keep several, all or none; what was answered at one moment is scored together."""
    check_can_record(by, patient, Response.Source.IMPORT, at=at)
    sheets = [_sheet(one, patient, at=at) for one in arrived]
    first = _each_once(sheets)
    kept = {key: _kept(sheet, patient) for key, sheet in first.items()}
    at_once: dict[datetime, list[AnswerSheet]] = defaultdict(list)
    for key, sheet in first.items():
        if kept[key] is None:
            at_once[sheet.answered_at].append(sheet)
    for together in at_once.values():
        made = keep_forms(together, patient=patient, by=by, at=at)
        kept |= {one.key: one for one in made}
    return [one for sheet in sheets if (one := kept[sheet.key]) is not None]


def _each_once(sheets: Sequence[AnswerSheet]) -> dict[UUID, AnswerSheet]:
    """Return each of them once by key; the same moment told in two ways is refused."""
    first: dict[UUID, AnswerSheet] = {}
    for sheet in sheets:
        one = first.setdefault(sheet.key, sheet)
        if (one.answers, one.texts) != (sheet.answers, sheet.texts):
            raise BadInput(
                f"{sheet.instrument} of {sheet.answered_at.isoformat()} comes twice, with "
                "other answers. Keep one of them in the file."
            )
    return first


def _sheet(arrived: Arrived, patient: Patient, *, at: datetime) -> AnswerSheet:
    asked, given = arrived.asked, arrived.answered_at
    _check_whom(arrived)
    if not arrived.answers:
        raise BadInput(f"No question of {asked.name} is answered. There is nothing to keep.")
    if not given.date() >= EARLIEST or given > at:
        raise BadInput(
            f"{asked.name} was answered on {given:%d %b %Y}; a moment from "
            f"{EARLIEST:%d %b %Y} to now is possible. Correct it where it was written."
        )
    numbers = [one.id for one in asked.items if one.kind != "text"]
    return AnswerSheet(
        instrument=asked.slug,
        answers={item: arrived.answers.get(item) for item in numbers},
        texts=dict(arrived.texts),
        source=Response.Source.IMPORT,
        key=uuid5(FROM_ELSEWHERE, f"{patient.pk} {_named(arrived)} {given.isoformat()}"),
        answered_at=given,
        target=arrived.target,
        given_totals=arrived.given_totals,
    )


def _check_whom(arrived: Arrived) -> None:
    """Refuse answers that are about somebody, and do not say whom; and the reverse."""
    asked = arrived.asked
    if asked.target not in ("", "person"):
        raise BadInput(
            f"{asked.name} is asked of one {asked.target} at a time, and no file can say of "
            "which. Enter it in the session."
        )
    if asked.target and arrived.target is None:
        raise BadInput(f"{asked.name} is about one person. Say whom the answers are about.")
    if arrived.target is not None and not asked.target:
        raise BadInput(f"{asked.name} is not about one person. Name nobody.")


def _named(arrived: Arrived) -> str:
    """Return the entry the answers belong to: the form, or the form about one person."""
    slug = arrived.asked.slug
    return f"{slug}@{arrived.target.key}" if arrived.target else slug


def _kept(sheet: AnswerSheet, patient: Patient) -> Response | None:
    """Return the response that says exactly this, however it came into the record."""
    near = Response.objects.filter(
        patient=patient,
        instrument=sheet.instrument,
        answered_at__range=(sheet.answered_at - A_SECOND, sheet.answered_at + A_SECOND),
    )
    return next((one for one in near if sheet.same_as(one)), None)
