"""A patient sends a check-in; everything that follows from it follows here, or nothing.

Response, scores, trajectories, signals, suggestions: one transaction. The patient gets
thanks, when it will be read, and help at once if a safety question was marked; never a
signal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from securebase.clinic.care.models import Practice
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import bond_of_record, the_practice
from securebase.clinic.checkins.actions import Content, complete_checkin, hold, read_draft
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import check_can_read_draft, check_can_submit
from securebase.clinic.episodes.actions import episode_at_hand
from securebase.clinic.episodes.around import (
    day_after,
    dissociation_of,
    forms_of,
    mending_of,
    sides_of,
)
from securebase.clinic.episodes.following import (
    dose_of,
    extend_trajectories,
    raise_signals,
)
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.queries import instruments_answered
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.people.accounts.models import User
from securebase.science.library import instrument
from securebase.science.signals.assess import Situation
from securebase.science.signals.safety import SafetyAnswer
from securebase.science.words import Kind
from securebase.stories.repair_found import repair_said


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the patient is told: it is sent, when it will be read, and whether help is near."""

    checkin: CheckIn
    read_by: datetime | None
    """None while no clinician of record has promised to read."""
    safety: bool
    """Whether a safety question was marked: help now is shown at once."""


@transaction.atomic
def submit_checkin(*, checkin: CheckIn, key: UUID, by: User, at: datetime) -> Receipt:
    """Send what was answered; sending again with the same key changes nothing."""
    checkin, practice = hold(checkin), the_practice()
    if checkin.state == CheckIn.State.SUBMITTED and checkin.submission == key:
        check_can_read_draft(by, checkin)
        return receipt_of(checkin, at=at)
    check_can_submit(by, checkin, at=at)
    content = read_draft(checkin=checkin, by=by)
    responses = record_responses(
        patient=checkin.patient,
        sheets=_sheets(checkin, content, key=key, at=at),
        by=by,
        at=at,
    )
    _, scores = keep_scores(responses)
    signals = _what_follows(
        checkin,
        responses,
        scores,
        signals_on=practice is not None and practice.signals_on,
        at=at,
    )
    if any(signal.kind == Kind.REPAIR.value for signal in signals):
        repair_said(patient=checkin.patient, by=by, at=at)
    if signals:
        suggest_for(
            signals=signals, measured=instruments_answered(checkin.patient, at=at), at=at
        )
    checkin = complete_checkin(checkin=checkin, key=key, by=by, at=at)
    return _receipt(checkin, responses, practice, at=at)


def receipt_of(checkin: CheckIn, *, at: datetime) -> Receipt:
    """Return the receipt of a check-in that was sent, to show it once more."""
    keys = [_key(checkin.submission, slug) for slug in checkin.instruments]
    responses = list(Response.objects.filter(key__in=keys))
    return _receipt(checkin, responses, the_practice(), at=at)


def _receipt(
    checkin: CheckIn, responses: Sequence[Response], practice: Practice | None, *, at: datetime
) -> Receipt:
    bond = bond_of_record(checkin.patient, at=at)
    sent = checkin.submitted_at or at
    zone = practice.time_zone if practice else checkin.patient.time_zone
    return Receipt(
        checkin=checkin,
        read_by=next_reading(bond, after=sent, zone=zone) if bond else None,
        safety=any(response.safety for response in responses),
    )


def _key(submission: UUID | None, slug: str) -> UUID:
    """Return the key of one instrument's response within a submission."""
    if submission is None:
        raise ValueError("This check-in was not sent, so its responses have no key yet.")
    return uuid5(submission, slug)


def _sheets(
    checkin: CheckIn, content: Content, *, key: UUID, at: datetime
) -> list[AnswerSheet]:
    """Return what was answered, one sheet for each instrument; skipped items are None."""
    sheets = []
    for asked in map(instrument, checkin.instruments):
        numbers = [item.id for item in asked.items if item.kind != "text"]
        texts = {
            item.id: content["texts"].get(f"{asked.slug}.{item.id}", "") for item in asked.items
        }
        sheets.append(
            AnswerSheet(
                instrument=asked.slug,
                answers={i: content["answers"].get(f"{asked.slug}.{i}") for i in numbers},
                texts={item: words for item, words in texts.items() if words},
                key=_key(key, asked.slug),
                answered_at=at,
            )
        )
    return sheets


def _what_follows(
    checkin: CheckIn,
    responses: Sequence[Response],
    scores: Sequence[Score],
    *,
    signals_on: bool,
    at: datetime,
) -> list[Signal]:
    """Extend the trajectories and raise signals.

    A marked safety question is always shown. Everything else is worked out only where
    the practice has switched signals on; trajectories are drawn in any case.
    """
    episode = episode_at_hand(patient=checkin.patient, at=at)
    dose = dose_of(episode, at=at)
    trajectories = extend_trajectories(episode=episode, scores=scores, dose=dose)
    situation = Situation(at=at, session=0.0, safety=tuple(_marked(responses)))
    if signals_on:
        end, now = day_after(scores, dose)
        situation = replace(
            situation,
            trajectories=tuple(trajectories),
            sides=sides_of(scores, trajectories, dose),
            mending=mending_of(scores, episode, dose, at=at),
            ended=end,
            day_after=now,
            dissociation=dissociation_of(scores),
            forms=forms_of(responses),
        )
    return raise_signals(episode=episode, situation=situation, dose=dose)


def _marked(responses: Sequence[Response]) -> Iterator[SafetyAnswer]:
    for response in responses:
        for item in response.safety:
            yield SafetyAnswer(
                instrument=response.instrument,
                item=item,
                value=response.answers[item],
                at=response.answered_at,
            )
