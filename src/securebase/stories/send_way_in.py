"""Somebody asks for a link: the page says the same to everybody, the worker decides.

The request seals the address and puts it down, whoever it belongs to; only the
worker looks whether there is an account and whether its person left this way open. So
neither the answer nor its time tells who has an account here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.language import language_at
from securebase.people.accounts.figures import link_open_for
from securebase.people.accounts.models import MailLink
from securebase.people.accounts.ways import make_link
from securebase.people.post.delivery import Written
from securebase.people.post.languages import speaking
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "way in"
SUBJECT = gettext_noop("A link for you")

WORDS = gettext_noop(
    """Hello,

Here is the link you asked for:

%(link)s

It works once, for %(minutes)s minutes. If you did not ask for it, you can leave it:
nothing happens.

Nobody reads answers to this address.
"""
)
LEADS_TO = {
    MailLink.Purpose.CHECK_IN: "account_link_open",
    MailLink.Purpose.PASSPHRASE: "account_passphrase",
}


def ask_for_link(*, email: str, purpose: MailLink.Purpose, at: datetime) -> None:
    """Put the wish down for the worker, the address sealed.

    The link's time runs from now, however long the worker takes.
    """
    letter = Letter(
        key=f"{KIND} {uuid4()}",
        kind=KIND,
        about={"purpose": purpose.value, "asked_at": at.isoformat()},
        secret=email.strip().lower(),
        due_at=at,
        not_after=at + link_open_for(purpose.value),
    )
    enter([letter])


def write_way_in(letter: Letter, at: datetime) -> Written | None:
    """Make the link and write the letter, where there is an account open in this way."""
    purpose = MailLink.Purpose(letter.about["purpose"])
    asked_at = datetime.fromisoformat(letter.about["asked_at"])
    token = make_link(email=letter.secret, purpose=purpose, at=asked_at)
    if token is None:
        return None
    base = settings.SECUREBASE_BASE_URL.rstrip("/")
    with speaking(language_at(letter.secret)):
        words = gettext(WORDS) % {
            "link": f"{base}{reverse(LEADS_TO[purpose], args=[token])}",
            "minutes": int(link_open_for(purpose.value).total_seconds() // 60),
        }
        return Written(letter.secret, gettext(SUBJECT), words)
