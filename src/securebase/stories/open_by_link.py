"""A check-in is opened by a link from the mailbox: to write in, not to look back.

Whoever can read the mailbox can press the link. So it opens nothing that was written
before: a check-in that has been begun asks for a whole sign-in.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to
from securebase.people.accounts.models import MailLink, User
from securebase.people.accounts.ways import use_link


@transaction.atomic
def open_by_link(*, token: str, at: datetime) -> User | None:
    """Use a link up and return whose check-in it opens; None if the link is over."""
    return use_link(token=token, purpose=MailLink.Purpose.CHECK_IN, at=at)


def was_begun_before(account: User, *, at: datetime) -> bool:
    """Whether an open check-in of this person holds answers that a link must not show."""
    begun = checkins_visible_to(account, at=at).filter(
        patient__account=account, state=CheckIn.State.OPEN, draft__isnull=False
    )
    return begun.exists()
