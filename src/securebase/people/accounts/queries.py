"""Accounts that may sign in."""

from __future__ import annotations

from django.db.models import QuerySet

from securebase.people.accounts.models import User


def open_accounts() -> QuerySet[User]:
    """Return the accounts that are open: invited, accepted and not closed."""
    return User.objects.filter(is_active=True)
