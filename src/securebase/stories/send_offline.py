"""A check-in answered without a connection is sent: once, and with its true time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from securebase.clinic.checkins.actions import hold, keep_answers
from securebase.clinic.checkins.late import take_late
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import check_can_read_draft
from securebase.clinic.checkins.questions import Value
from securebase.clinic.practice.actions import mark_offline
from securebase.clinic.practice.models import AnsweredOffline
from securebase.people.accounts.models import User
from securebase.stories.submit_checkin import Receipt, receipt_of, submit_checkin


@dataclass(frozen=True, slots=True)
class OfflineSheet:
    """What a device kept: answers by ref, when they were finished, and a key of its own."""

    key: UUID
    answered_at: datetime
    given: Mapping[str, Value]


@transaction.atomic
def send_offline(*, checkin: CheckIn, sheet: OfflineSheet, by: User, at: datetime) -> Receipt:
    """Send what a device kept; sent again under its key it changes nothing."""
    checkin = hold(checkin)
    if checkin.state == CheckIn.State.SUBMITTED and checkin.submission == sheet.key:
        check_can_read_draft(by, checkin)
        return receipt_of(checkin, at=at)
    checkin, answered_at = take_late(
        checkin=checkin, answered_at=sheet.answered_at, by=by, at=at
    )
    keep_answers(checkin=checkin, given=sheet.given, by=by, at=at, answered_at=answered_at)
    receipt = submit_checkin(
        checkin=checkin, key=sheet.key, by=by, at=at, answered_at=answered_at
    )
    sent = AnsweredOffline(checkin=checkin.pk, answered_at=answered_at)
    mark_offline(patient=checkin.patient, sent=sent, by=by, at=at)
    return receipt
