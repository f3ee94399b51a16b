"""Sealing and opening bytes: AES-256-GCM under keys that are never stored in the clear.

The hierarchy: a root key in a file outside the database; from it a key-encryption key;
one data key per owner (a patient, a person, or the practice), wrapped by that key;
from each data key one subkey per category of text, by HKDF. Destroying an owner's data
key makes everything sealed for that owner unreadable for good, in old backups too.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"


class VaultError(Exception):
    """A key is missing or a sealed value cannot be opened."""


class KeyMissing(VaultError):
    """There is no key to open this with."""


class SealBroken(VaultError):
    """The sealed value was changed, moved to another row, or sealed under another key."""


def make_root_key(path: Path) -> None:
    """Write a new root key to ``path``, readable by its owner alone; never overwrites."""
    write_secret(path, os.urandom(KEY_BYTES).hex().encode() + b"\n")


def write_secret(path: Path, secret: bytes) -> None:
    """Write a secret file for its owner alone: whole or not at all, never over another.

    A process killed halfway leaves no half a key behind, which nothing could open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o400)
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    finally:
        os.unlink(name)


def read_root_key(path: Path) -> bytes:
    """Return the root key in ``path``; KeyMissing says what to do when it is not there."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as problem:
        raise KeyMissing(
            f"No usable root key at {path.name}. Restore it from the recovery sheet, "
            "or point SECUREBASE_KEY_FILE at it; without it nothing sealed can be read."
        ) from problem
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{path.name} holds {len(key)} bytes; a root key has {KEY_BYTES}.")
    return key


def derive(key: bytes, purpose: str) -> bytes:
    """Return a 32-byte subkey of ``key`` for one purpose (HKDF-SHA256)."""
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return hkdf.derive(key)


def new_key() -> bytes:
    """Return a fresh random 32-byte key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, text: bytes, *, bound_to: bytes) -> bytes:
    """Encrypt ``text`` so that it opens only in the place it is ``bound_to``."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, text, bound_to)


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Return the text sealed in ``sealed``; SealBroken if anything about it changed."""
    if sealed[:1] != FORMAT:
        raise SealBroken("Not a sealed value of a known format.")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, bound_to)
    except InvalidTag as problem:
        raise SealBroken(
            "A sealed value does not open: changed, moved or another key."
        ) from problem


def fingerprint(key: bytes, text: str) -> bytes:
    """Return a keyed digest of ``text`` for exact search and equality, 32 bytes."""
    mac = HMAC(key, SHA256())
    mac.update(text.encode())
    return mac.finalize()
