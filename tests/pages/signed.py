"""Browsers of people who are signed in, for tests that need two at once."""

from __future__ import annotations

from django.test import Client

from securebase.people.accounts.models import User
from tests.factories import with_factor


def signed_in(user: User, client: Client | None = None) -> Client:
    """Return a browser of this person, who has a second factor; a new one if none is given."""
    client = client or Client()
    client.force_login(with_factor(user))
    return client
