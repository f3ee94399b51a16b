"""A plan for a break or an ending is written; the patient can read it from then on.

Whoever promised such a plan has kept their word with it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.bridge.actions import Over, write_bridge
from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.bridge.words import Parts, Span
from securebase.clinic.care.models import Patient
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.promising import keep_by_deed
from securebase.people.accounts.models import User


@transaction.atomic
def plan_break(
    *, patient: Patient, span: Span, parts: Parts, over: Over, by: User, at: datetime
) -> BridgePlan:
    """Keep a plan, or its next version, and with it the promise of one."""
    plan = write_bridge(patient=patient, span=span, parts=parts, over=over, by=by, at=at)
    keep_by_deed(patient=patient, kind=Promise.Kind.PLAN, done_at=at, by=by, at=at)
    return plan
