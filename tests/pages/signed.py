"""Browsers of people who are signed in, for tests that need two at once."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.test import Client

from securebase.people.accounts.models import User


def signed_in(user: User) -> Client:
    """Return a browser of its own for this person, who has a second factor."""
    totp = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(user=user, type=totp, defaults={"data": {}})
    client = Client()
    client.force_login(user)
    return client
