"""A second person confirms, and the act is done in the same moment, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from securebase.people.accounts.models import User
from securebase.people.approvals.actions import confirm
from securebase.people.approvals.models import Approval
from securebase.stories.erase_subject.erase import erase_as_agreed
from securebase.stories.keep_people import give_role, renew_factor

DONE_BY: dict[str, Callable[..., None]] = {
    Approval.Kind.GRANT_ROLE: give_role,
    Approval.Kind.RENEW_FACTOR: renew_factor,
    Approval.Kind.ERASE: erase_as_agreed,
}
"""Who does what was agreed; each takes the approval, by whom and when."""


@transaction.atomic
def confirm_act(*, approval: Approval, by: User, at: datetime) -> Approval:
    """Confirm an act and do it; if it cannot be done, it is not confirmed either."""
    approval = confirm(approval=approval, by=by, at=at)
    DONE_BY[approval.kind](approval, by=by, at=at)
    return approval
