"""Accounts that may sign in."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from securebase.people.accounts.models import User


def open_accounts() -> QuerySet[User]:
    """Return the accounts that are open: invited, accepted and not closed."""
    return User.objects.filter(is_active=True)


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has besides its passphrase."""

    passkeys: int
    others: int


def factors_of(account: User) -> Factors:
    """Return how many passkeys and keys an account has, and how many apps and code sheets."""
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN.value)
    return Factors(passkeys=passkeys, others=len(kinds) - passkeys)
