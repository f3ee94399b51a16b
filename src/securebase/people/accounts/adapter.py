"""What allauth may do here: no open sign-up, and second-factor secrets sealed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from securebase.people.vault import crypto, keys

if TYPE_CHECKING:
    from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by invitation, never by a public form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse public sign-up."""
        return False


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep the secrets of authenticator apps and recovery codes encrypted."""

    def encrypt(self, text: str) -> str:
        """Return the text sealed under the practice's key."""
        key = keys.subkey(keys.PRACTICE, "second factor", sealing=True)
        return base64.b64encode(crypto.seal(key, text.encode(), bound_to=b"mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what ``encrypt`` was given."""
        key = keys.subkey(keys.PRACTICE, "second factor")
        return crypto.unseal(key, base64.b64decode(encrypted_text), bound_to=b"mfa").decode()
