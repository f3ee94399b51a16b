"""Who was shown a record, or asked for it in vain: one row on the trail for each.

A refusal carries its reason as a code. An id that belongs to nothing leaves a row too,
without a patient: whoever tries ids is seen, and the answer takes the same time whether
or not there is a record behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import decision_on
from securebase.people.access.words import Action, Category, Decision, Thing
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb

NOTHING_THERE = "nothing_there"
NOT_HERE = "not_here"
"""Their tie opens such things, but not this one, or not at this address."""
WRONG_DOOR = "wrong_door"
"""The address is for people with another role."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address was asked for: the thing by its id, and what one may do there.

    ``of`` is the label of its model; ``wrong_door`` says that the address is for people
    with another role.
    """

    of: str
    pk: Any
    category: Category
    action: Action
    wrong_door: bool = False

    def thing(self) -> models.Model | None:
        """Return what the id belongs to; None if it belongs to nothing."""
        things = apps.get_model(self.of)._base_manager.filter(pk=self.pk)
        found: models.Model | None = things.first()
        return found


def last_row() -> int:
    """Return the number of the last row of the trail."""
    rows = AuditEvent.objects.order_by("-number").values_list("number", flat=True)
    return rows.first() or 0


@transaction.atomic
def note_opened(*, asked: Asked, after: int, by: User, at: datetime) -> None:
    """Put on the trail that somebody was shown a part of a record, if no row says so yet.

    ``after`` is the last row before they asked. A page that knows better what it showed
    writes its own row; no page can forget to.
    """
    if AuditEvent.objects.filter(number__gt=after, actor=by.pk).exists():
        return
    thing = asked.thing()
    verb = Verb.AUDIT_READ if asked.category is Category.AUDIT else Verb.RECORD_READ
    trail.record(verb, by=by, at=at, patient=_patient_of(thing), about=thing)


@transaction.atomic
def note_refusal(*, asked: Asked, hidden: bool, by: User, at: datetime) -> None:
    """Put on the trail that somebody asked for a record, or a part of one, in vain.

    Nothing is written where they may open it and were told what else was wrong with what
    they asked, nor about a person's own record: that is no refusal. ``hidden`` says that
    they were told nothing, as if it did not exist.
    """
    thing = asked.thing()
    patient = _patient_of(thing)
    reason = WRONG_DOOR
    if not asked.wrong_door:
        wanted = Thing(asked.category, about=patient)
        decision = decision_on(by, asked.action, wanted, at=at)
        reason = _reason(decision, hidden=hidden)
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


def _reason(decision: Decision, *, hidden: bool) -> str:
    if not decision.permitted:
        return decision.reason
    own = not decision.obligations
    return NOT_HERE if hidden and not own else ""


def _patient_of(thing: models.Model | None) -> UUID | None:
    """Return whose record a thing is part of; None if it is part of nobody's."""
    if isinstance(thing, Patient):
        return thing.pk
    # A row of the trail keeps only the id, so that it outlives the record.
    patient = getattr(thing, "patient_id", None) or getattr(thing, "patient", None)
    return patient if isinstance(patient, UUID) else None
