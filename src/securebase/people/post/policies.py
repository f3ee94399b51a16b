"""Who may choose whether reminders come."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from securebase.people.accounts.models import Role, User


def check_can_choose_reminders(user: User, account: User) -> None:
    """Raise unless this is the patient's own account."""
    if user.pk != account.pk or not account.holds(Role.PATIENT):
        raise PermissionDenied("Only the person who gets reminders can turn them on or off.")


def can_choose_reminders(user: User, account: User) -> bool:
    """Whether this is the patient's own account."""
    try:
        check_can_choose_reminders(user, account)
    except PermissionDenied:
        return False
    return True
