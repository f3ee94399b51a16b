"""Who asked for a record in vain: one row on the trail, with the reason as a code.

An id that belongs to nothing leaves a row too, without a patient: whoever tries ids is
seen, and the answer takes the same time whether or not there is a record behind it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import PLAIN, decision_on
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb

NOTHING_THERE = "nothing_there"
WRONG_DOOR = "wrong_door"
"""The address is for people with another role."""


@transaction.atomic
def note_refusal(
    *,
    of: str,
    pk: Any,
    category: Category,
    action: Action,
    wrong_door: bool,
    by: User,
    at: datetime,
) -> None:
    """Put on the trail that somebody asked for a record, or a part of one, in vain.

    Nothing is written where they may open it, and something else was wrong with what
    they asked: that is no refusal.
    """
    thing = apps.get_model(of)._base_manager.filter(pk=pk).first()
    patient = _patient_of(thing)
    reason = WRONG_DOOR if wrong_door else _reason(by, action, category, patient, at=at)
    if thing is None:
        reason = NOTHING_THERE
    if reason:
        trail.record(
            Verb.RECORD_REFUSE,
            by=by,
            at=at,
            patient=patient,
            about=thing,
            reason=reason,
            outcome=AuditEvent.Outcome.REFUSED,
        )


def _reason(
    by: User, action: Action, category: Category, patient: UUID | None, *, at: datetime
) -> str:
    decision = decision_on(by, action, Thing(category, about=patient), at=at)
    if not decision.permitted:
        return decision.reason
    return "" if decision.obligations <= PLAIN else "not_this"


def _patient_of(thing: models.Model | None) -> UUID | None:
    """Return whose record a thing is part of; None if it is part of nobody's."""
    patient: UUID | None = getattr(thing, "patient_id", None)
    return thing.pk if isinstance(thing, Patient) else patient
