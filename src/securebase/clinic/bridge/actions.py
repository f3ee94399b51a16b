"""Writing a bridge plan in versions, and calling one off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.bridge.policies import check_can_plan_bridge
from securebase.clinic.bridge.queries import versions_of
from securebase.clinic.bridge.words import (
    Parts,
    Span,
    check_parts,
    check_span,
)
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault.parts import packed


@dataclass(frozen=True, slots=True)
class Over:
    """The version a plan was written over; ``plan`` is None for a plan that is new."""

    plan: UUID | None = None
    number: int = 0


class WrittenMeanwhile(ValidationError):
    """Somebody kept another version since this one was opened; neither is lost."""


@transaction.atomic
def write_bridge(
    *, patient: Patient, span: Span, parts: Parts, over: Over, by: User, at: datetime
) -> BridgePlan:
    """Keep the next version of a plan, or the first of a new one."""
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    check_can_plan_bridge(by, patient, at=at)
    said = parts.trimmed()
    check_span(span)
    check_parts(said)
    kept = BridgePlan.objects.create(
        patient=patient,
        plan=over.plan or uuid4(),
        number=_next(over, patient) if over.plan else 1,
        kind=span.kind,
        first_day=span.first_day,
        last_day=span.last_day,
        contact_on=span.contact_on,
        words=packed(said),
        written_by=by,
        written_at=at,
    )
    trail.record(Verb.BRIDGE_WRITE, by=by, at=at, patient=patient.pk, about=kept)
    return kept


@transaction.atomic
def call_off(*, plan: BridgePlan, by: User, at: datetime) -> BridgePlan:
    """Say that a plan does not hold any more; its words stay in the record."""
    plan = BridgePlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    check_can_plan_bridge(by, plan.patient, at=at)
    if plan.called_off_at is None:
        plan.called_off_at = at
        plan.save(update_fields=["called_off_at"])
        trail.record(Verb.BRIDGE_CALL_OFF, by=by, at=at, patient=plan.patient_id, about=plan)
    return plan


def _next(over: Over, patient: Patient) -> int:
    newest = versions_of(over.plan, patient=patient).first() if over.plan else None
    if newest is None:
        raise ValidationError("There is no such plan in this record. Write it as a new one.")
    if newest.number != over.number:
        raise WrittenMeanwhile(
            f"Version {newest.number} was kept while you wrote over version {over.number}. "
            "Yours is still here: read both, and keep what you both mean."
        )
    return newest.number + 1
