"""Where the root key lives: a key file, a systemd credential, or a file with a passphrase.

The home is named by ``SECUREBASE_KEY_FILE``. A file with a passphrase is opened once
after each boot into memory-backed storage, where every process of the practice finds it;
until then the vault is locked. While the root key is being replaced, the new one waits
beside the old one, and the database says which of the two is in force.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from django.conf import settings

from securebase.people.vault import crypto, passphrases

NEXT = ".next"
MEMORY = Path("/dev/shm")  # noqa: S108
"""Debian keeps this in memory; it is empty after a restart."""
OWNER_ONLY = 0o700
CREDENTIALS = "CREDENTIALS_DIRECTORY"


class Locked(crypto.KeyMissing):
    """The passphrase was not given since this machine started."""


def key_path() -> Path:
    """Return the file that is the home of the root key."""
    return Path(settings.SECUREBASE_KEY_FILE)


def next_path() -> Path:
    """Return where a new root key waits while it takes the place of the old one."""
    return key_path().with_name(key_path().name + NEXT)


def kind() -> str:
    """Return what kind of home it is: ``passphrase``, ``credential`` or ``file``."""
    if passphrases.is_locked_file(key_path()):
        return "passphrase"
    given = os.environ.get(CREDENTIALS)
    if given and key_path().is_relative_to(given):
        return "credential"
    return "file"


def is_locked() -> bool:
    """Whether a passphrase is still to be given before anything sealed opens."""
    return passphrases.is_locked_file(key_path()) and not _opened(key_path()).exists()


def root_key() -> bytes:
    """Return the root key in its home; Locked or KeyMissing say what to do."""
    return _read(key_path())


def candidates() -> list[bytes]:
    """Return the root key, and the one that waits to take its place if there is one."""
    waiting = [next_path()] if next_path().exists() else []
    return [_read(path) for path in (key_path(), *waiting)]


def unlock(passphrase: str) -> None:
    """Open the home into memory for every process of this practice."""
    waiting = [next_path()] if next_path().exists() else []
    opened = {path: passphrases.open_file(path, passphrase) for path in (key_path(), *waiting)}
    for path, key in opened.items():
        _remember(path, key)


def lock() -> None:
    """Forget what ``unlock`` opened; what runs keeps what it has already read."""
    for path in (key_path(), next_path()):
        _opened(path).unlink(missing_ok=True)


def set_passphrase(passphrase: str) -> None:
    """Keep the root key under a passphrase from now on; the old file gives way at once."""
    key = root_key()
    part = key_path().with_name(key_path().name + ".part")
    part.unlink(missing_ok=True)
    passphrases.write_file(part, key, passphrase)
    part.replace(key_path())
    _remember(key_path(), key)


def prepare_next(passphrase: str | None) -> bytes:
    """Return the root key that is to come: one that already waits, or a new one."""
    if not next_path().exists():
        if kind() == "passphrase":
            if passphrase is None:
                raise crypto.KeyMissing("A new root key needs the passphrase to be kept under.")
            passphrases.open_file(key_path(), passphrase)
            passphrases.write_file(next_path(), crypto.new_key(), passphrase)
            _remember(next_path(), passphrases.open_file(next_path(), passphrase))
        else:
            crypto.make_root_key(next_path())
    return _read(next_path())


def take_next() -> None:
    """Put the waiting root key in the place of the old one, which is gone afterwards."""
    if kind() == "passphrase":
        _remember(key_path(), _read(next_path()))
        _opened(next_path()).unlink(missing_ok=True)
    next_path().replace(key_path())


def write_restored(key: bytes) -> None:
    """Write a root key rebuilt from the words of a sheet; never over another."""
    crypto.write_secret(key_path(), key.hex().encode() + b"\n")


def others_may_read() -> bool:
    """Whether the key file can be read or changed by every user of this machine."""
    return bool(key_path().stat().st_mode & crypto.OTHERS_MAY_READ)


def _read(path: Path) -> bytes:
    if not passphrases.is_locked_file(path):
        return crypto.read_root_key(path)
    try:
        return crypto.read_root_key(_opened(path))
    except crypto.KeyMissing:
        raise Locked(
            "The vault is locked: nobody gave the passphrase since this machine started. "
            "Give it with securebase keys unlock."
        ) from None


def _opened(path: Path) -> Path:
    """Return where an opened home is remembered, in memory, for this user alone."""
    which = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return MEMORY / f"securebase-{os.geteuid()}" / which


def _remember(path: Path, key: bytes) -> None:
    place = _opened(path)
    if not MEMORY.is_dir():
        raise crypto.KeyMissing(
            f"There is no {MEMORY} here to hold an opened key in memory. "
            "Use a key file or a systemd credential on this machine."
        )
    place.parent.mkdir(mode=OWNER_ONLY, exist_ok=True)
    about = place.parent.lstat()
    if about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) != OWNER_ONLY:
        raise crypto.KeyMissing(f"{place.parent} belongs to somebody else. Remove it first.")
    place.unlink(missing_ok=True)
    crypto.write_secret(place, key.hex().encode())
