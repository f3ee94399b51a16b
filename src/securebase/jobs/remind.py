"""A patient is told by mail, in neutral words, that a check-in is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import open_at
from securebase.jobs.lease import claimed, enter, put_back, settle

WORK = "remind"
SUBJECT = "A reminder for you"
WORDS = """Hello,

Something you agreed on is ready for you:

{link}

It takes a few minutes, and you can skip any part. If now is not a good time, later is
fine too.
"""


def enter_reminders(checkins: Iterable[CheckIn]) -> None:
    """Enter one reminder for each check-in that has just opened."""
    for checkin in checkins:
        enter(
            key=f"{WORK} {checkin.pk}",
            work=WORK,
            about={"checkin": str(checkin.pk)},
            due_at=checkin.due_at,
        )


def send_reminders(*, at: datetime) -> int:
    """Send the reminders that are due; return how many went out.

    One that is not needed any more, because the check-in was sent or is over or the
    person has no way to sign in, is settled without a mail.
    """
    sent = 0
    for duty in claimed(work=WORK, at=at):
        address = _address(duty.about["checkin"], at=at)
        try:
            if address:
                _send(address)
                sent += 1
        except OSError as trouble:
            put_back(duty, at=at, trouble=trouble)
        else:
            settle(duty, at=at)
    return sent


def _address(checkin: str, *, at: datetime) -> str:
    """Return where to send a reminder; nothing if none is needed now."""
    waiting = CheckIn.objects.filter(open_at(at), pk=checkin).select_related("patient__account")
    found = waiting.first()
    account = found.patient.account if found else None
    if account is None or not account.is_active or not account.has_usable_password():
        return ""
    return account.email


def _send(address: str) -> None:
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/me/"
    send_mail(SUBJECT, WORDS.format(link=link), settings.DEFAULT_FROM_EMAIL, [address])
