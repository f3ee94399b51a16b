"""What a reminder says: the same words in the mail and on the page that shows it before."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class ReminderWords:
    """A mail as its receiver sees it."""

    sender: str
    subject: str
    words: str


def reminder_words() -> ReminderWords:
    """Return the words of a reminder in the language that is spoken now.

    They name no illness, no feeling and nobody: whoever else reads the mail learns that
    something was agreed on, and nothing else.
    """
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/me/"
    return ReminderWords(
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=gettext("A reminder for you"),
        words=gettext(
            "Hello,\n"
            "\n"
            "Something you agreed on is ready for you:\n"
            "\n"
            "%(link)s\n"
            "\n"
            "It takes a few minutes, and you can skip any part. If now is not a good time, "
            "later is\n"
            "fine too.\n"
        )
        % {"link": link},
    )
