"""Acts that wait for a second person, and those that are over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.approvals.policies import can_ask

WAITS = Q(confirmed_at=None, withdrawn_at=None)


def approvals_visible_to(user: User) -> QuerySet[Approval]:
    """Return every act for a host; none for anybody else."""
    if not can_ask(user):
        return Approval.objects.none()
    return Approval.objects.select_related("asked_by", "confirmed_by", "withdrawn_by")


def waiting(user: User, *, at: datetime) -> QuerySet[Approval]:
    """Return the acts that may still be confirmed, the oldest first."""
    found = approvals_visible_to(user).filter(WAITS, open_until__gt=at)
    return found.order_by("asked_at", "pk")


def settled(user: User, *, at: datetime) -> QuerySet[Approval]:
    """Return the acts that were confirmed, withdrawn, or are over; the newest first."""
    found = approvals_visible_to(user).filter(~WAITS | Q(open_until__lte=at))
    return found.order_by("-asked_at", "pk")
