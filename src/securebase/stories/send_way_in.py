"""Somebody asks for a link: the page says the same to everybody, the worker decides.

The request seals the address and puts it down, whoever it belongs to; only the task
worker looks whether there is an account and whether its person left this way open. So
neither the answer nor its time tells who has an account here.
"""

from __future__ import annotations

import base64
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django_tasks import task

from securebase.people.accounts.figures import link_open_for
from securebase.people.accounts.models import MailLink
from securebase.people.accounts.ways import make_link
from securebase.people.vault.keys import PRACTICE
from securebase.people.vault.sealing import open_for, seal_for
from securebase.stories.send_invitation import POST

SUBJECT = "A link for you"
BOUND = b"way in"


WORDS = """Hello,

Here is the link you asked for:

{link}

It works once, for {minutes} minutes. If you did not ask for it, you can leave it:
nothing happens.

Nobody reads answers to this address.
"""
LEADS_TO = {
    MailLink.Purpose.CHECK_IN: "account_link_open",
    MailLink.Purpose.PASSPHRASE: "account_passphrase",
}


def ask_for_link(*, email: str, purpose: MailLink.Purpose, at: datetime) -> None:
    """Put the wish down for the worker, the address sealed.

    The link's time runs from now, however long the worker takes.
    """
    sealed = seal_for(PRACTICE, POST, email.strip().lower().encode(), bound_to=BOUND)
    post_way_in.enqueue(base64.b64encode(sealed).decode(), purpose.value, at.isoformat())


@task
def post_way_in(sealed_email: str, purpose_value: str, asked_at: str) -> None:
    """Make the link and send it, where there is an account that is open in this way."""
    purpose = MailLink.Purpose(purpose_value)
    email = open_for(PRACTICE, POST, base64.b64decode(sealed_email), bound_to=BOUND).decode()
    token = make_link(email=email, purpose=purpose, at=datetime.fromisoformat(asked_at))
    if token is None:
        return
    base = settings.SECUREBASE_BASE_URL.rstrip("/")
    words = WORDS.format(
        link=f"{base}{reverse(LEADS_TO[purpose], args=[token])}",
        minutes=int(link_open_for(purpose.value).total_seconds() // 60),
    )
    send_mail(SUBJECT, words, settings.DEFAULT_FROM_EMAIL, [email])
