"""Tries that led nowhere: links that are over, and forms that no page of ours sends.

Each leaves one row, so that whoever looks at the trail sees somebody trying doors. Staff
are named; where a patient was is nobody's business but theirs.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from securebase.people.accounts.models import Invitation, MailLink, User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb


class Trouble(StrEnum):
    """Why a link or a form was refused."""

    UNKNOWN = "unknown"
    """No such link was ever made, or it went with its account."""
    USED = "used"
    TOO_OLD = "too_old"
    NO_MARK = "no_mark"
    """The form lacks the mark of its page: open for too long, or from another site."""
    NOT_OFFERED = "not_offered"
    """A value that the page does not offer to choose."""


@transaction.atomic
def note_link_over(*, token: str, at: datetime) -> None:
    """Put on the trail that a link was tried which opens nothing any more, or never did."""
    digest = hashlib.sha256(token.encode()).digest()
    link: Invitation | MailLink | None = (
        Invitation.objects.select_related("account").filter(digest=digest).first()
        or MailLink.objects.select_related("account").filter(digest=digest).first()
    )
    trouble = Trouble.UNKNOWN
    if link is not None:
        trouble = Trouble.USED if link.used_at else Trouble.TOO_OLD
    about = link.account if link and link.account.needs_second_factor else None
    _refuse(Verb.ACCOUNT_LINK_REFUSE, trouble, by=None, about=about, at=at)


@transaction.atomic
def note_form_refused(*, trouble: Trouble, by: User | None, at: datetime) -> None:
    """Put on the trail that a form came which no page sends as it is."""
    named = by if by and by.needs_second_factor else None
    _refuse(Verb.ACCOUNT_FORM_REFUSE, trouble, by=named, about=None, at=at)


def _refuse(
    verb: Verb, trouble: Trouble, *, by: User | None, about: User | None, at: datetime
) -> None:
    refused = AuditEvent.Outcome.REFUSED
    trail.record(verb, by=by, at=at, about=about, reason=trouble.value, outcome=refused)
