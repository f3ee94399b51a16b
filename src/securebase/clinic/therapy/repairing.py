"""What becomes of a strain between first notice and repair: raised, written about, spoken of.

It stays open until the patient says that it is mended, or a clinician closes it with a
reason that says so; both are in ``actions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.clinic.therapy.policies import (
    check_can_raise,
    check_can_repair,
    check_can_say_mended,
)
from securebase.clinic.therapy.repairs import MOST_RESOLVED, RepairEntry
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_WORDS = 1000
Step = RepairEntry.Step
LOGGED = (Step.MARKER, Step.WISH, Step.ACTION)
"""Steps written in words; how far it is resolved is a number beside them."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What is added to a log at once: words by step, and how far it is resolved, 1 to 5.

    ``session`` is the meeting it belongs to.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    resolved: int | None = None
    session: TherapySession | None = None

    def __post_init__(self) -> None:
        """Refuse what is not of the log: another step, too many words, another number."""
        for step, text in self.words.items():
            if step not in LOGGED or len(text) > MOST_WORDS:
                raise ValidationError(
                    f"{step}: {len(text)} characters; write at most {MOST_WORDS} under "
                    f"{', '.join(LOGGED)}."
                )
        if self.resolved is not None and not 1 <= self.resolved <= MOST_RESOLVED:
            raise ValidationError(
                f"Resolved is {self.resolved}; it goes from 1 to {MOST_RESOLVED}."
            )


@transaction.atomic
def raise_strain(*, patient: Patient, words: str, by: User, at: datetime) -> Rupture:
    """Keep that the patient says something is between the two; nobody asked them to."""
    check_can_raise(by, patient, at=at)
    said = words.strip()
    if len(said) > MOST_WORDS:
        raise ValidationError(f"{len(said)} characters; write at most {MOST_WORDS}.")
    rupture = Rupture.objects.create(
        patient=patient,
        kind=Rupture.Kind.UNCLEAR,
        source=Rupture.Source.PATIENT,
        noticed_at=at,
        noticed_by=by,
    )
    if said:
        _add(rupture, Step.MARKER, said, by=by, at=at)
    trail.record(Verb.RUPTURE_NOTE, by=by, at=at, patient=patient.pk, about=rupture)
    return rupture


@transaction.atomic
def write_log(*, rupture: Rupture, lines: Lines, by: User, at: datetime) -> list[RepairEntry]:
    """Add to the log of an open strain; what was written before stays."""
    rupture = Rupture.objects.select_for_update(no_key=True).get(pk=rupture.pk)
    check_can_repair(by, rupture, at=at)
    if lines.session is not None and lines.session.patient_id != rupture.patient_id:
        raise ValidationError("This session is with somebody else. Choose one with them.")
    written = [(step, lines.words.get(step, "").strip()) for step in LOGGED]
    added = [
        _add(rupture, step, text, by=by, at=at, session=lines.session)
        for step, text in written
        if text
    ]
    if lines.resolved is not None:
        added.append(_rate(rupture, lines.resolved, by=by, at=at, session=lines.session))
    if not added:
        raise ValidationError("Nothing is written yet. Fill in one step, then keep it.")
    trail.record(Verb.RUPTURE_LOG, by=by, at=at, patient=rupture.patient_id, about=rupture)
    return added


@transaction.atomic
def say_spoken_of(*, rupture: Rupture, by: User, at: datetime) -> Rupture:
    """Note that it was spoken of together; the patient sees it from now on."""
    rupture = Rupture.objects.select_for_update(no_key=True).get(pk=rupture.pk)
    check_can_repair(by, rupture, at=at)
    if rupture.spoken_at is None:
        rupture.spoken_at = at
        rupture.save(update_fields=["spoken_at"])
        trail.record(
            Verb.RUPTURE_SPEAK, by=by, at=at, patient=rupture.patient_id, about=rupture
        )
    return rupture


@transaction.atomic
def say_how_far(*, rupture: Rupture, resolved: int, by: User, at: datetime) -> RepairEntry:
    """Keep how far the patient finds it resolved, 1 to 5; it stays open."""
    rupture = Rupture.objects.select_for_update(no_key=True).get(pk=rupture.pk)
    check_can_say_mended(by, rupture)
    Lines(resolved=resolved)
    entry = _rate(rupture, resolved, by=by, at=at)
    trail.record(Verb.RUPTURE_LOG, by=by, at=at, patient=rupture.patient_id, about=rupture)
    return entry


def _add(
    rupture: Rupture,
    step: Step,
    words: str,
    *,
    by: User,
    at: datetime,
    session: TherapySession | None = None,
) -> RepairEntry:
    return RepairEntry.objects.create(
        rupture=rupture, session=session, step=step, words=words, by=by, at=at
    )


def _rate(
    rupture: Rupture,
    resolved: int,
    *,
    by: User,
    at: datetime,
    session: TherapySession | None = None,
) -> RepairEntry:
    return RepairEntry.objects.create(
        rupture=rupture, session=session, step=Step.RESOLVED, resolved=resolved, by=by, at=at
    )
