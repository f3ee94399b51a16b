"""Recording answers, the scores they give, and scores from before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Response, Score, Verdict
from securebase.clinic.measurement.over_targets import keep_over_targets
from securebase.clinic.measurement.policies import check_can_record
from securebase.clinic.measurement.sheets import AnswerSheet, PastScore
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.scoring import score
from securebase.science.words import Instrument, ScoreSheet, State


@transaction.atomic
def record_responses(
    *, patient: Patient, sheets: Sequence[AnswerSheet], by: User, at: datetime
) -> list[Response]:
    """Keep answers to one or more instruments for good; sending them twice keeps one.

    The same key with other content is refused: one of the two would be lost.
    """
    for source in sorted({sheet.source for sheet in sheets}):
        check_can_record(by, patient, source, at=at)
    kept = _kept_under({sheet.key for sheet in sheets})
    for sheet in sheets:
        _refuse_other_content(sheet, kept.get(sheet.key), patient)
    new = {
        sheet.key: _response(sheet, patient=patient, by=by, at=at)
        for sheet in sheets
        if sheet.key not in kept
    }
    Response.objects.bulk_create(list(new.values()))
    if new:
        trail.record(Verb.RESPONSE_RECORD, by=by, at=at, patient=patient.pk)
    return [kept.get(sheet.key) or new[sheet.key] for sheet in sheets]


@transaction.atomic
def keep_scores(responses: Sequence[Response]) -> tuple[list[ScoreSheet], list[Score]]:
    """Keep what responses score; nobody decides here, so the trail has no row of its own.

    Scores over several people, where the authors make them, come after the others.
    """
    sheets = [_scored(one) for one in responses]
    pairs = list(zip(responses, sheets, strict=True))
    scores = [
        Score(
            response=response,
            patient_id=response.patient_id,
            measure=one.measure,
            at=response.answered_at,
            value=one.value,
            state=one.state.value,
            answered=one.answered,
            band=one.band or "",
            error=one.error,
        )
        for response, sheet in pairs
        for one in sheet.scores
    ]
    Score.objects.bulk_create(scores)
    scores += keep_over_targets(responses)
    Verdict.objects.bulk_create(
        Verdict(response=response, key=key, value=value)
        for response, sheet in pairs
        for key, value in sheet.outcomes.items()
    )
    return sheets, scores


@transaction.atomic
def keep_past_scores(
    *, patient: Patient, past: Sequence[PastScore], by: User, at: datetime
) -> list[Score]:
    """Keep scores from before, without answers; those kept already stay as they are.

    Returns the scores that are new, oldest first. One that differs from the score kept
    for the same moment is refused: the record would hold two truths.
    """
    check_can_record(by, patient, Response.Source.IMPORT, at=at)
    new = _not_kept_yet(patient, past)
    kept = _kept_under({one.key_for(patient.pk) for one in new})
    made = {
        one.key_for(patient.pk): _past_response(one, patient=patient, by=by, at=at)
        for one in new
        if one.key_for(patient.pk) not in kept
    }
    Response.objects.bulk_create(list(made.values()))
    scores = [
        Score(
            response=(kept | made)[one.key_for(patient.pk)],
            patient=patient,
            measure=one.measure,
            at=one.at,
            value=one.value,
            state=State.SCORED.value,
            answered=0,
            band=one.band,
        )
        for one in new
    ]
    Score.objects.bulk_create(scores)
    trail.record(Verb.RESPONSE_IMPORT, by=by, at=at, patient=patient.pk)
    return scores


def _scored(response: Response) -> ScoreSheet:
    """Return what a response scores; of an adaptive form, what it estimated."""
    sheet = score(instrument(response.instrument), response.answers)
    found: Mapping[str, Any] | None = response.adaptive
    if not found or not found["answered"]:
        return sheet
    estimate = replace(
        sheet.scores[0],
        value=found["t"],
        error=found["se"],
        answered=found["answered"],
        state=State.SCORED,
    )
    return replace(sheet, scores=(estimate,))


def _response(sheet: AnswerSheet, *, patient: Patient, by: User, at: datetime) -> Response:
    asked = instrument(sheet.instrument)
    result = score(asked, sheet.answers)
    _check_about(sheet, asked, patient)
    return Response(
        patient=patient,
        target=sheet.target,
        key=sheet.key,
        instrument=asked.slug,
        version=result.version,
        digest=result.digest,
        recall=asked.recall,
        source=sheet.source,
        answered_at=sheet.answered_at,
        recorded_at=at,
        recorded_by=by,
        answers=dict(sheet.answers),
        texts=json.dumps(dict(sheet.texts)),
        safety=list(result.safety),
        item_order=list(sheet.put.order),
        took_ms=dict(sheet.put.took_ms),
        straight_lined=result.straight_lined,
        given_totals=dict(sheet.given_totals),
        adaptive=sheet.put.adaptive,
    )


def _check_about(sheet: AnswerSheet, asked: Instrument, patient: Patient) -> None:
    """Refuse answers about somebody else's person, and totals of scales there are not."""
    if sheet.target is not None and sheet.target.patient_id != patient.pk:
        raise BadInput(f"{asked.name}: the answers are about a person of another record.")
    scales = {scale.slug for scale in asked.scales}
    unknown = sorted(set(sheet.given_totals) - scales)
    if unknown:
        raise BadInput(
            f"{asked.name} has no score {unknown[0]!r}; it has {', '.join(sorted(scales))}."
        )


def _past_response(one: PastScore, *, patient: Patient, by: User, at: datetime) -> Response:
    return Response(
        patient=patient,
        key=one.key_for(patient.pk),
        instrument=one.instrument.slug,
        version=one.instrument.version,
        digest=one.instrument.digest,
        recall=one.instrument.recall,
        source=Response.Source.IMPORT,
        answered_at=one.at,
        recorded_at=at,
        recorded_by=by,
        texts=json.dumps({}),
    )


def _not_kept_yet(patient: Patient, past: Sequence[PastScore]) -> list[PastScore]:
    keys = {one.key_for(patient.pk) for one in past}
    rows = Score.objects.filter(response__key__in=keys)
    kept = {
        (key, measure): value
        for key, measure, value in rows.values_list("response__key", "measure", "value")
    }
    known, new = dict(kept), dict[tuple[UUID, str], PastScore]()
    for one in sorted(past, key=lambda one: one.at):
        name = (one.key_for(patient.pk), one.measure)
        value = known.setdefault(name, one.value)
        if value != one.value:
            raise BadInput(
                f"{one.measure} of {one.at:%d %b %Y} is {one.value:g}, and {value:g} is "
                "already there. Correct one of them or leave it out."
            )
        new[name] = one
    return [one for name, one in new.items() if name not in kept]


def _kept_under(keys: set[UUID]) -> dict[UUID, Response]:
    held = Response.objects.select_for_update(no_key=True).filter(key__in=keys)
    return {response.key: response for response in held}


def _refuse_other_content(sheet: AnswerSheet, kept: Response | None, patient: Patient) -> None:
    if kept is not None and (kept.patient_id != patient.pk or not sheet.same_as(kept)):
        raise PermissionDenied(
            "Other answers were kept under this key. Send these with a new key."
        )
