"""Sealing and opening bytes: AES-256-GCM under keys that are never stored in the clear.

The hierarchy: a root key in its home outside the database; the practice key, wrapped by
it; one data key for each owner (a patient, a person, or the practice), wrapped by the
practice key; from each data key one subkey per category of text, by HKDF. Every sealed
value begins with its format and the number of the key that sealed it, so that old and new
open side by side while keys are rotated.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
NUMBER_BYTES = 4
MARK_BYTES = 8
UNNUMBERED = b"\x01"
"""The first format: no key number; what it sealed belongs to the first key."""
NUMBERED = b"\x02"
FIRST = 1
OTHERS_MAY_READ = stat.S_IROTH | stat.S_IWOTH


class VaultError(Exception):
    """A key is missing or a sealed value cannot be opened."""


class KeyMissing(VaultError):
    """There is no key to open this with."""


class KeyErased(KeyMissing):
    """The key was destroyed on purpose; what it sealed is gone for good."""


class WrongKey(VaultError):
    """The root key here is the key of another database."""


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


def mark_of(root_key: bytes) -> bytes:
    """Return what tells one root key from another without saying anything about it."""
    return fingerprint(derive(root_key, "securebase mark v1"), "which root")[:MARK_BYTES]


def seal(key: bytes, text: bytes, *, bound_to: bytes, number: int = FIRST) -> bytes:
    """Encrypt ``text`` so that it opens only where it is ``bound_to``, under this key."""
    nonce, said = os.urandom(NONCE_BYTES), number.to_bytes(NUMBER_BYTES, "big")
    bound = bound_to + b"|" + said
    return NUMBERED + said + nonce + AESGCM(key).encrypt(nonce, text, bound)


def number_of(sealed: bytes) -> int:
    """Return the number of the key that sealed a value; SealBroken for unknown formats."""
    if sealed[:1] == UNNUMBERED:
        return FIRST
    if sealed[:1] == NUMBERED and len(sealed) > NUMBER_BYTES:
        return int.from_bytes(sealed[1 : 1 + NUMBER_BYTES], "big")
    raise SealBroken("Not a sealed value of a known format.")


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Return the text sealed in ``sealed``; SealBroken if anything about it changed."""
    number_of(sealed)
    start = 1
    if sealed[:1] == NUMBERED:
        start += NUMBER_BYTES
        bound_to += b"|" + sealed[1:start]
    nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, bound_to)
    except (InvalidTag, ValueError) as problem:
        raise SealBroken(
            "A sealed value does not open: changed, moved or another key."
        ) from problem


def fingerprint(key: bytes, text: str) -> bytes:
    """Return a keyed digest of ``text`` for exact search and equality, 32 bytes."""
    mac = HMAC(key, SHA256())
    mac.update(text.encode())
    return mac.finalize()
