"""Secrets of the second factor, as the account library keeps them: sealed."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from securebase.people.vault.keys import PRACTICE
from securebase.people.vault.sealing import open_for, seal_for

SECOND_FACTOR = "second factor"
"""Category of the secrets of authenticator apps and recovery codes."""


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep the secrets of authenticator apps and recovery codes encrypted."""

    def encrypt(self, text: str) -> str:
        """Return the text sealed under the practice's key."""
        sealed = seal_for(PRACTICE, SECOND_FACTOR, text.encode(), bound_to=b"mfa")
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what ``encrypt`` was given."""
        sealed = base64.b64decode(encrypted_text)
        return open_for(PRACTICE, SECOND_FACTOR, sealed, bound_to=b"mfa").decode()
