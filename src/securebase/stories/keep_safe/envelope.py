"""One encrypted file, written and read as a stream.

A head in the clear (what this is, the format, a random salt, a mark of the key), then
chunks of 64 KiB under AES-256-GCM. The key belongs to this one file: HKDF of the root key
for backups, then of that with the salt. The nonce of a chunk is its number and whether it
is the last one, and each chunk is bound to the head; so a bit flipped, a chunk moved, left
out or added, and a file cut short are all refused.
"""

from __future__ import annotations

import hmac
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from securebase.people.vault import crypto
from securebase.stories.keep_safe.refusals import AnotherKey, AnotherVersion, Damaged

MAGIC = b"securebase backup\n"
FORMAT = 1
SALT_BYTES = 32
MARK_BYTES = 16
HEAD_BYTES = len(MAGIC) + 1 + SALT_BYTES + MARK_BYTES
CHUNK = 64 * 1024
"""Bytes of text in every chunk but the last."""
TAG = 16
PURPOSE = "securebase backup v1"

DAMAGED = (
    "This backup is damaged: it is not what was written (chunk {number}). Nothing was "
    "restored. Copy it again from where it is kept, or take the backup before it."
)


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it; ``close`` seals the last chunk."""

    def __init__(self, file: BinaryIO, *, root_key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        key = _file_key(root_key, salt)
        self._head = MAGIC + bytes([FORMAT]) + salt + _mark(key)
        self._file, self._cipher = file, AESGCM(key)
        self._waiting, self._number = bytearray(), 0
        file.write(self._head)

    def write(self, data: object) -> int:
        """Take bytes; every full chunk but the last goes to the file."""
        added = bytes(data)  # type: ignore[call-overload]
        self._waiting += added
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(added)

    def close(self) -> None:
        """Seal what is left as the last chunk; the file below stays open."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
        super().close()

    def _put(self, text: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), text, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Gives back what was written, chunk by chunk; the first wrong byte is refused."""

    def __init__(self, file: BinaryIO, *, root_key: bytes) -> None:
        self._head = file.read(HEAD_BYTES)
        self._cipher = AESGCM(_key_of(self._head, root_key))
        self._file, self._ahead = file, file.read(CHUNK + TAG)
        self._text, self._number, self._done = b"", 0, False

    def readable(self) -> bool:
        """Yes; that is all it can do."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as the chunk at hand goes; 0 at the verified end."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._text and not self._done:
            self._text = self._next()
        taken = self._text[: len(view)]
        view[: len(taken)] = taken
        self._text = self._text[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._file.read(CHUNK + TAG)
        self._done = not self._ahead
        nonce = _nonce(self._number, self._done)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._head)
        except InvalidTag:
            raise Damaged(DAMAGED.format(number=self._number)) from None


def check_whole(file: BinaryIO, *, root_key: bytes) -> None:
    """Read a backup to its end and refuse it if one byte is wrong; keeps nothing."""
    reader = io.BufferedReader(SealedReader(file, root_key=root_key), CHUNK)
    while reader.read(CHUNK):
        pass


def _key_of(head: bytes, root_key: bytes) -> bytes:
    if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
        raise Damaged(
            "This is not a Securebase backup, or its beginning is damaged. "
            "Name the file that securebase backup wrote."
        )
    form = head[len(MAGIC)]
    if form != FORMAT:
        raise AnotherVersion(
            f"This backup says it has format {form}; this version reads format {FORMAT}. "
            "Restore it with the version that wrote it, or take another copy if it is damaged."
        )
    salt, mark = head[len(MAGIC) + 1 : -MARK_BYTES], head[-MARK_BYTES:]
    key = _file_key(root_key, salt)
    if not hmac.compare_digest(_mark(key), mark):
        raise AnotherKey(
            "The root key here is not the key of this backup, or the beginning of the file "
            "is damaged. Put the root key of the practice that was backed up in its place."
        )
    return key


def _file_key(root_key: bytes, salt: bytes) -> bytes:
    return crypto.derive(crypto.derive(root_key, PURPOSE), f"file {salt.hex()}")


def _mark(key: bytes) -> bytes:
    return crypto.fingerprint(key, "which key")[:MARK_BYTES]


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(crypto.NONCE_BYTES - 1, "big") + bytes([last])
