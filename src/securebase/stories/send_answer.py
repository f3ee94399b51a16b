"""A patient is told by mail, in neutral words, that something they asked has an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from securebase.clinic.care.models import Patient
from securebase.people.audit.models import Concern
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "answer"
SUBJECT = "Something to read"
WORDS = """Hello,

Something you asked about has an answer:

{link}

There is no hurry. It stays there.
"""
NOT_LATER = timedelta(days=7)
"""An answer older than this is not written about any more."""


def send_answer(concern: Concern, *, at: datetime) -> None:
    """Enter the letter about an answer; a patient without an account gets none."""
    patient = Patient.objects.select_related("account").get(pk=concern.patient)
    if patient.account is None:
        return
    letter = Letter(
        key=f"{KIND} {concern.pk}",
        kind=KIND,
        account=patient.account,
        about={"concern": str(concern.pk)},
        due_at=at,
        not_after=at + NOT_LATER,
    )
    enter([letter])


def write_answer(letter: Letter, at: datetime) -> Written | None:
    """Write the letter; nothing if the answer was read or its person cannot sign in."""
    waiting = Concern.objects.filter(pk=letter.about["concern"], read_at=None)
    patient = Patient.objects.filter(pk__in=waiting.values("patient")).first()
    account = letter.account
    if patient is None or account is None or not account.has_usable_password():
        return None
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/me/"
    return Written(account.email, SUBJECT, WORDS.format(link=link), by_day_in=patient.time_zone)
