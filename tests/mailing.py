"""The worker's round as far as mail goes: what waits is sent, as the clock would send it."""

from __future__ import annotations

from datetime import datetime

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from securebase.jobs.letters import WRITERS
from securebase.people.post.delivery import deliver


def letters_sent(*, at: datetime | None = None) -> list[EmailMessage]:
    """Send what is due, and return every letter sent in this test so far."""
    deliver(WRITERS, at=at or timezone.now())
    return list(mail.outbox)
