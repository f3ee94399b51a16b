"""A patient sends a check-in; everything that follows from it follows here, or nothing.

Response, scores, trajectories, signals, suggestions: one transaction. The patient gets
thanks, when it will be read, and help at once if a safety question was marked; never a
signal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from securebase.clinic.care.models import Practice
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import bond_of_record, the_practice
from securebase.clinic.checkins.actions import Content, complete_checkin, hold, read_draft
from securebase.clinic.checkins.asking import shown_in
from securebase.clinic.checkins.entries import Entry, entry_of
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.pace import took_ms
from securebase.clinic.checkins.policies import check_can_read_draft, check_can_submit
from securebase.clinic.checkins.questions import numbers_of
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.sheets import AnswerSheet, Putting
from securebase.clinic.measurement.targets import target_with
from securebase.people.accounts.models import User
from securebase.science.adaptive.forms import form_of
from securebase.science.words import Kind
from securebase.stories.repair_found import repair_said
from securebase.stories.what_follows import what_follows


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the patient is told: it is sent, when it will be read, and whether help is near."""

    checkin: CheckIn
    read_by: datetime | None
    """None while no clinician of record has promised to read."""
    safety: bool
    """Whether a safety question was marked: help now is shown at once."""


@transaction.atomic
def submit_checkin(
    *,
    checkin: CheckIn,
    key: UUID,
    by: User,
    at: datetime,
    answered_at: datetime | None = None,
) -> Receipt:
    """Send what was answered; sending again with the same key changes nothing.

    ``answered_at`` is when it was answered without a connection, once ``late`` took it.
    """
    checkin, practice = hold(checkin), the_practice()
    if checkin.state == CheckIn.State.SUBMITTED and checkin.submission == key:
        check_can_read_draft(by, checkin)
        return receipt_of(checkin, at=at)
    check_can_submit(by, checkin, at=answered_at or at)
    content = read_draft(checkin=checkin, by=by)
    responses = record_responses(
        patient=checkin.patient,
        sheets=_sheets(checkin, content, key=key, at=answered_at or at),
        by=by,
        at=at,
    )
    _, scores = keep_scores(responses)
    signals = what_follows(
        patient=checkin.patient,
        responses=responses,
        scores=scores,
        signals_on=practice is not None and practice.signals_on,
        at=at,
    )
    if any(signal.kind == Kind.REPAIR.value for signal in signals):
        repair_said(patient=checkin.patient, by=by, at=at)
    checkin = complete_checkin(checkin=checkin, key=key, by=by, at=at, answered_at=answered_at)
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
    """Return what was answered, one sheet for each entry; skipped items are None.

    What can no longer be shown is passed over, unless something of it was answered.
    """
    shown, took = shown_in(checkin), took_ms(content["times"])
    given = {entry_of(ref).name for ref in (*content["answers"], *content["texts"])}
    sheets = []
    for entry in map(entry_of, checkin.instruments):
        if entry not in shown and entry.name not in given:
            continue
        ids = [item.id for item in entry.instrument.items if item.kind != "text"]
        adaptive = _found(entry, content["answers"])
        ids = adaptive["asked"] if adaptive else ids
        texts = {i.id: content["texts"].get(entry.ref(i.id)) for i in entry.instrument.items}
        sheets.append(
            AnswerSheet(
                instrument=entry.slug,
                target=target_with(checkin.patient, entry.key) if entry.key else None,
                answers={item: content["answers"].get(entry.ref(item)) for item in ids},
                texts={item: words for item, words in texts.items() if words},
                key=_key(key, entry.name),
                answered_at=at,
                put=Putting(
                    order=tuple(checkin.orders.get(entry.name, ())),
                    took_ms={i: took[entry.ref(i)] for i in ids if entry.ref(i) in took},
                    adaptive=adaptive,
                ),
            )
        )
    return sheets


def _found(entry: Entry, answers: Mapping[str, int | None]) -> dict[str, Any] | None:
    """Return what an adaptive form asked and found; None for an ordinary instrument."""
    form = form_of(entry.slug)
    return None if form is None else form.found(numbers_of(entry, answers))
