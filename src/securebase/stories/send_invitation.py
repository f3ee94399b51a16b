"""A link goes out by mail: neutral words, sent once, by the worker.

A mailbox may be shared or watched, so the message names no practice, no clinician and
no kind of care. The link waits sealed in the letter's row, never in the clear, and is
wiped from it once the letter is settled.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.language import language_at
from securebase.clinic.consent.queries import is_all_taken_back
from securebase.people.accounts.models import Invitation
from securebase.people.post.delivery import Written
from securebase.people.post.languages import speaking
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "invitation"
SUBJECT = gettext_noop("A link for you")
WORDS = gettext_noop(
    """Hello,

Here is the link you were told about:

%(link)s

It works once, until %(until)s. If you did not expect it, you can leave it: nothing happens.

Nobody reads answers to this address.
"""
)


def send_invitation(invitation: Invitation, token: str) -> None:
    """Enter the letter that carries the link of this invitation to its account's address."""
    letter = Letter(
        key=f"{KIND} {invitation.pk}",
        kind=KIND,
        account=invitation.account,
        about={"invitation": str(invitation.pk)},
        secret=token,
        due_at=invitation.made_at,
        not_after=invitation.expires_at,
    )
    enter([letter])


def invitation_link(token: str) -> str:
    """Return the whole address at which an invitation is accepted."""
    return f"{settings.SECUREBASE_BASE_URL.rstrip('/')}{reverse('welcome', args=[token])}"


def write_invitation(letter: Letter, at: datetime) -> Written | None:
    """Write the letter; an invitation used or withdrawn meanwhile is not sent.

    Nor is one to somebody whom everybody stopped sharing with before the letter left.
    """
    found = Invitation.objects.select_related("account").filter(pk=letter.about["invitation"])
    invitation = found.first()
    if invitation is None or not invitation.is_open(at):
        return None
    if is_all_taken_back(invitation.account):
        return None
    address = invitation.account.email
    with speaking(language_at(address)):
        words = gettext(WORDS) % {
            "link": invitation_link(letter.secret),
            "until": date_format(invitation.expires_at, gettext("l j F")),
        }
        return Written(address, gettext(SUBJECT), words)
