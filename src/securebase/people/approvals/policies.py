"""Who may ask for, confirm and withdraw an act that needs two persons."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted
from securebase.people.approvals.models import Approval, Standing
from securebase.people.approvals.terms import terms

ENDED = {
    Standing.CONFIRMED: "This act was confirmed already.",
    Standing.WITHDRAWN: "This act was withdrawn; ask for it anew.",
    Standing.OVER: "Nobody confirmed this in time; ask for it anew.",
}


def is_alone(user: User, *, at: datetime) -> bool:
    """Whether nobody else is a host, or was one a few days ago.

    Whoever closes a colleague's account is not alone on the same day.
    """
    late = at - terms().alone_after
    others = RoleHeld.objects.filter(role=Role.HOST).exclude(user=user)
    return not others.filter(Q(until=None) | Q(until__gt=late)).exists()


def check_can_ask(user: User) -> None:
    """Raise unless this person may ask for an act that needs two persons."""
    if not (user.is_active and user.holds(Role.HOST)):
        raise PermissionDenied("Only a host asks for this.")


def can_ask(user: User) -> bool:
    """Whether this person may ask for an act that needs two persons."""
    return granted(check_can_ask, user)


def check_can_confirm(user: User, approval: Approval, *, at: datetime) -> None:
    """Raise unless this person may confirm the act now.

    Never who asked for it, unless there was and is nobody else, and a day has gone by.
    """
    check_can_ask(user)
    standing = approval.standing(at=at)
    if standing in ENDED:
        raise PermissionDenied(ENDED[standing])
    if approval.asked_by_id != user.pk:
        return
    if not approval.alone or not is_alone(user, at=at):
        raise PermissionDenied("You asked for this yourself; another host confirms it.")
    if at < approval.ready_at:
        ready = f"{approval.ready_at:%d %b %Y %H:%M} UTC"
        raise PermissionDenied(f"You are the only host, so this waits until {ready}.")


def can_confirm(user: User, approval: Approval, *, at: datetime) -> bool:
    """Whether this person may confirm the act now."""
    return granted(check_can_confirm, user, approval, at=at)


def check_can_withdraw(user: User, approval: Approval, *, at: datetime) -> None:
    """Raise unless this person may withdraw the act: any host, while it waits."""
    check_can_ask(user)
    standing = approval.standing(at=at)
    if standing in ENDED:
        raise PermissionDenied(ENDED[standing])


def can_withdraw(user: User, approval: Approval, *, at: datetime) -> bool:
    """Whether this person may withdraw the act."""
    return granted(check_can_withdraw, user, approval, at=at)
