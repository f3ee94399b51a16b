"""A link goes out by mail: neutral words, sent once, by the task worker.

A mailbox may be shared or watched, so the message names no practice, no clinician and
no kind of care. The link waits sealed in the task's row, never in the clear.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django_tasks import task

from securebase.people.accounts.models import Invitation
from securebase.people.vault.keys import PRACTICE
from securebase.people.vault.sealing import open_for, seal_for

if TYPE_CHECKING:
    from uuid import UUID

POST = "post"
"""Category of what waits sealed to be sent."""
SUBJECT = "A link for you"
WORDS = """Hello,

Here is the link you were told about:

{link}

It works once, until {until}. If you did not expect it, you can leave it: nothing happens.

Nobody reads answers to this address.
"""


def send_invitation(invitation: Invitation, token: str) -> None:
    """Ask the task worker to send the link of this invitation to its account's address."""
    sealed = seal_for(PRACTICE, POST, token.encode(), bound_to=invitation.pk.bytes)
    post_link.enqueue(str(invitation.pk), base64.b64encode(sealed).decode())


def invitation_link(token: str) -> str:
    """Return the whole address at which an invitation is accepted."""
    return f"{settings.SECUREBASE_BASE_URL.rstrip('/')}{reverse('welcome', args=[token])}"


@task
def post_link(invitation_id: str, sealed_token: str) -> None:
    """Send one invitation's link; an invitation used or withdrawn meanwhile is not sent."""
    invitation = Invitation.objects.select_related("account").filter(pk=invitation_id).first()
    if invitation is None or invitation.used_at is not None:
        return
    link = invitation_link(_opened(sealed_token, bound_to=invitation.pk))
    words = WORDS.format(link=link, until=f"{invitation.expires_at:%A %-d %B}")
    send_mail(SUBJECT, words, settings.DEFAULT_FROM_EMAIL, [invitation.account.email])


def _opened(sealed: str, *, bound_to: UUID) -> str:
    data = base64.b64decode(sealed)
    return open_for(PRACTICE, POST, data, bound_to=bound_to.bytes).decode()
