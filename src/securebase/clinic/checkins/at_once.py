"""One form asked here and now, beside the rhythm: on a device handed to the patient."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.entries import draw_orders, entry_of
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import check_can_plan
from securebase.clinic.checkins.queries import open_at
from securebase.clinic.checkins.questions import wording_of
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

OPEN_FOR = timedelta(hours=24)
"""What is stopped half-way can be gone on with at home until the next day."""


@transaction.atomic
def ask_at_once(*, patient: Patient, entry: str, by: User, at: datetime) -> CheckIn:
    """Open a check-in that asks one form, now; it belongs to no rhythm.

    ``entry`` is ``phq-9``, or ``ecr-rs@k1`` about one person. BadInput if it has no
    wording that may be shown.
    """
    check_can_hand_over(by, patient, at=at)
    wording_of(entry_of(entry).instrument, patient.language)
    checkin = CheckIn.objects.create(
        patient=patient,
        instruments=[entry],
        orders=draw_orders([entry]),
        due_at=at,
        closes_at=at + OPEN_FOR,
    )
    trail.record(Verb.CHECKIN_HAND_OVER, by=by, at=at, patient=patient.pk, about=checkin)
    return checkin


@transaction.atomic
def hand_over_waiting(*, checkin: CheckIn, by: User, at: datetime) -> CheckIn:
    """Hand over the check-in that waits; what was begun elsewhere stays where it is."""
    check_can_hand_over(by, checkin.patient, at=at)
    if not waiting_unbegun(checkin.patient, at=at).filter(pk=checkin.pk).exists():
        raise PermissionDenied(
            "This check-in was begun on another device, or is not open. "
            "What was written there is for nobody else. Choose another form."
        )
    trail.record(
        Verb.CHECKIN_HAND_OVER, by=by, at=at, patient=checkin.patient_id, about=checkin
    )
    return checkin


def waiting_unbegun(patient: Patient, *, at: datetime) -> QuerySet[CheckIn]:
    """Return the check-ins that wait for a patient and hold no answer yet, latest first."""
    waiting = CheckIn.objects.filter(open_at(at), patient=patient, draft__isnull=True)
    return waiting.select_related("patient").order_by("-due_at")


def check_can_hand_over(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless the clinician treats the patient, who has an account to answer with."""
    check_can_plan(user, patient, at=at)
    if patient.account is None or not patient.account.is_active:
        raise PermissionDenied(
            "This person has no open account, so no answer could be theirs. "
            "Enter a paper form instead."
        )
