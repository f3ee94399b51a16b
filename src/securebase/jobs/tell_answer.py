"""A patient is told by mail, in neutral words, that something they asked has an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail

from securebase.clinic.care.models import Patient
from securebase.jobs.lease import claimed, enter, put_back, settle
from securebase.people.audit.models import Concern

WORK = "answer"
SUBJECT = "Something to read"
WORDS = """Hello,

Something you asked about has an answer:

{link}

There is no hurry. It stays there.
"""
NOT_LATER = timedelta(days=7)
"""An answer older than this is not written about any more."""


def tell_answers(*, at: datetime) -> int:
    """Send one mail for each answer that the patient has not read; return how many."""
    answered = Concern.objects.filter(
        answered_at__gte=at - NOT_LATER, answered_at__lte=at, read_at=None
    )
    for pk in answered.values_list("pk", flat=True):
        enter(key=f"{WORK} {pk}", work=WORK, about={"concern": str(pk)}, due_at=at)
    sent = 0
    for duty in claimed(work=WORK, at=at):
        address = _address(duty.about["concern"])
        try:
            if address:
                _send(address)
                sent += 1
        except OSError as trouble:
            put_back(duty, at=at, trouble=trouble)
        else:
            settle(duty, at=at)
    return sent


def _address(concern: str) -> str:
    """Return where to write; nothing if it was read meanwhile or nobody can sign in."""
    waiting = Concern.objects.filter(pk=concern, read_at=None)
    patients = Patient.objects.filter(pk__in=waiting.values("patient"))
    found = patients.select_related("account").first()
    account = found.account if found else None
    if account is None or not account.is_active or not account.has_usable_password():
        return ""
    return account.email


def _send(address: str) -> None:
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/me/"
    send_mail(SUBJECT, WORDS.format(link=link), settings.DEFAULT_FROM_EMAIL, [address])
