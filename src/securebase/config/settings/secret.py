"""The signing key of sessions and forms: made once, kept beside the data, owner-only."""

from __future__ import annotations

import secrets
from pathlib import Path

from securebase.people.vault.crypto import write_secret


def secret_key(data_dir: Path) -> str:
    """Return the installation's signing key, made on the first start."""
    path = data_dir / "keys" / "signing.key"
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(64).encode())
    return path.read_text().strip()
