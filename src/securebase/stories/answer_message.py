"""A clinician answers a message: the words go out, and a promised reply is kept by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.promising import keep_by_deed
from securebase.clinic.said import actions as said
from securebase.clinic.said.models import Answer, Message
from securebase.people.accounts.models import User


@transaction.atomic
def answer_message(*, message: Message, words: str, by: User, at: datetime) -> Answer:
    """Answer a message of a patient; a reply that was promised before is kept."""
    answer = said.answer(message=message, words=words, by=by, at=at)
    keep_by_deed(patient=message.patient, kind=Promise.Kind.REPLY, done_at=at, by=by, at=at)
    return answer
