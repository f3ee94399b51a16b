"""Browsers of people who are signed in, for tests that need two at once."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.test import Client

from securebase.people.accounts.models import User


def signed_in(user: User, client: Client | None = None) -> Client:
    """Return a browser of this person, who has a second factor; a new one if none is given."""
    totp = Authenticator.Type.TOTP
    Authenticator.objects.get_or_create(user=user, type=totp, defaults={"data": {}})
    client = client or Client()
    client.force_login(user)
    return client
