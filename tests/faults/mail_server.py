"""A mail server that remembers every letter, and a place for a worker to be killed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "tests.faults.mail_server.Server"
OPENED = "check-ins opened, not yet on the disk"
CLAIMED = "a letter claimed, not yet written"
REACHED = "the mail server reached, the table not told"
HANDED = "the letter handed over, not accepted"
ACCEPTED = "the letter accepted, not written down"
POINTS = (OPENED, CLAIMED, REACHED, HANDED, ACCEPTED)


class Killed(BaseException):
    """The worker dies here; nothing in it can prevent that or clear up."""


class Server(BaseEmailBackend):
    """Accepts every letter; kills the worker once at the point that was chosen."""

    accepted: ClassVar[Counter[str]] = Counter()
    """How often each letter was accepted, by its Message-ID."""
    kill_at: ClassVar[str] = ""
    kills: ClassVar[Counter[str]] = Counter()

    @classmethod
    def begin(cls) -> None:
        """Forget everything."""
        cls.accepted, cls.kills, cls.kill_at = Counter(), Counter(), ""

    @classmethod
    def pass_by(cls, point: str) -> None:
        """Die here if this is the place."""
        if cls.kill_at == point:
            cls.kill_at = ""
            cls.kills[point] += 1
            raise Killed

    def open(self) -> bool:
        """Let somebody connect."""
        self.pass_by(REACHED)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take letters."""
        for message in email_messages:
            self.pass_by(HANDED)
            type(self).accepted[str(message.extra_headers["Message-ID"])] += 1
            self.pass_by(ACCEPTED)
        return len(email_messages)
