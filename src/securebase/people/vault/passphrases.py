"""A root key kept under a passphrase: Argon2id makes the key that seals it.

The root key itself stays random, so a recovery sheet stays good when the passphrase
changes.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from securebase.people.vault import crypto

WORD = "securebase-locked"
FORMAT = 1
SALT_BYTES = 16
SHORTEST = 15
"""Characters; NIST SP 800-63B-4 asks for fifteen where a passphrase stands alone."""
TIMES, MEMORY_KIB, LANES = 3, 128 * 1024, 1
"""Cost of one guess: about half a second and 128 MiB, once after each start."""


class WrongPassphrase(crypto.VaultError):
    """The passphrase does not open the root key."""


def is_locked_file(path: Path) -> bool:
    """Whether a file is a root key kept under a passphrase."""
    try:
        with path.open("rb") as file:
            return file.read(len(WORD) + 2) == f'{{"{WORD}'.encode()
    except OSError:
        return False


def write_file(path: Path, key: bytes, passphrase: str) -> None:
    """Write a root key under a passphrase, for its owner alone, never over another file."""
    if len(passphrase) < SHORTEST:
        raise crypto.VaultError(
            f"The passphrase has {len(passphrase)} characters; it needs {SHORTEST} or more. "
            "Six words picked by chance are good."
        )
    salt = os.urandom(SALT_BYTES)
    head = {
        WORD: FORMAT,
        "salt": salt.hex(),
        "times": TIMES,
        "memory_kib": MEMORY_KIB,
        "lanes": LANES,
    }
    sealed = crypto.seal(_stretched(passphrase, head), key, bound_to=_bound(head))
    crypto.write_secret(path, json.dumps(head | {"sealed": sealed.hex()}).encode() + b"\n")


def open_file(path: Path, passphrase: str) -> bytes:
    """Return the root key kept in a file, or WrongPassphrase."""
    try:
        head = json.loads(path.read_text())
        sealed = bytes.fromhex(head.pop("sealed"))
        key = _stretched(passphrase, head)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise crypto.KeyMissing(
            f"{path.name} is damaged. Rebuild the key from the recovery sheet."
        ) from problem
    try:
        return crypto.unseal(key, sealed, bound_to=_bound(head))
    except crypto.SealBroken:
        raise WrongPassphrase("This passphrase does not open the root key.") from None


def _stretched(passphrase: str, head: dict[str, object]) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        bytes.fromhex(str(head["salt"])),
        time_cost=int(str(head["times"])),
        memory_cost=int(str(head["memory_kib"])),
        parallelism=int(str(head["lanes"])),
        hash_len=crypto.KEY_BYTES,
        type=Type.ID,
    )


def _bound(head: dict[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()
