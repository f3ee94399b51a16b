"""A check-in answered without a connection, which comes in later with its true time."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.checkins.actions import hold
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import check_can_read_draft
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.science.kit_terms import copy_terms

NOT_THEN = (
    "The time on this device does not fit this check-in, so it cannot be sent. "
    "Your answers are still on the device. You can bring them to the session."
)
TOO_LATE = (
    "This check-in ended too long ago to be sent. "
    "Your answers are still on the device. You can bring them to the session."
)


def check_can_send_late(
    user: User, checkin: CheckIn, *, answered_at: datetime, at: datetime
) -> None:
    """Raise unless it is the person's own, was answered while it was open, and comes soon.

    A device's clock may be off by a few minutes either way, and no more.
    """
    terms = copy_terms()
    check_can_read_draft(user, checkin)
    if checkin.state == CheckIn.State.SUBMITTED:
        raise PermissionDenied("This check-in was sent already. What you sent is kept.")
    if not checkin.due_at - terms.clock <= answered_at <= at + terms.clock:
        raise PermissionDenied(NOT_THEN)
    if answered_at >= checkin.closes_at or at > checkin.closes_at + terms.late:
        raise PermissionDenied(TOO_LATE)


def can_send_late(user: User, checkin: CheckIn, *, answered_at: datetime, at: datetime) -> bool:
    """Whether answers given at that time may still come in."""
    return granted(check_can_send_late, user, checkin, answered_at=answered_at, at=at)


@transaction.atomic
def take_late(
    *, checkin: CheckIn, answered_at: datetime, by: User, at: datetime
) -> tuple[CheckIn, datetime]:
    """Open a check-in that was missed, for answers given in time; return them with their time.

    A clock that was a little off is brought between the moment it was due and now.
    """
    checkin = hold(checkin)
    check_can_send_late(by, checkin, answered_at=answered_at, at=at)
    CheckIn.objects.filter(pk=checkin.pk, state=CheckIn.State.MISSED).update(
        state=CheckIn.State.OPEN
    )
    checkin.refresh_from_db()
    return checkin, max(checkin.due_at, min(answered_at, at))
