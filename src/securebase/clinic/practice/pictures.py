"""Pictures without what a camera writes beside them: where, when, with which device.

Nothing is decoded, so a picture made to attack a decoder finds none here. The file is
taken apart into its parts, and only the parts that draw the picture are put together
again: an allow-list, so that a part nobody has heard of is left out too.

Sources: ITU-T T.81 (JPEG), Annex B; PNG Specification, 2nd ed., W3C 2003, section 5.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from django.core.exceptions import ValidationError

PNG = b"\x89PNG\r\n\x1a\n"
PNG_PARTS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
JPEG = b"\xff\xd8"
JPEG_END = b"\xff\xd9"
MARK = 0xFF
SCAN = 0xDA
LENGTH = 2
"""Bytes that say how long a JPEG segment is, themselves included."""
DRAWING = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, SCAN})
"""Frame, Huffman and quantisation tables, restart interval, scan. No APPn, no comment."""
WITHIN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})
"""After FF inside a scan: a byte of data, or a restart mark."""

UNREADABLE = (
    "This picture cannot be read as a JPEG or PNG, so we cannot take out where and when it "
    "was taken. Please save it as JPEG and try again."
)


def stripped(data: bytes) -> tuple[str, bytes]:
    """Return the media type, and the picture with nothing but what draws it."""
    try:
        if data.startswith(PNG):
            return "image/png", PNG + b"".join(_png_parts(data))
        if data.startswith(JPEG):
            return "image/jpeg", JPEG + b"".join(_jpeg_parts(data)) + JPEG_END
    except IndexError:
        raise ValidationError(UNREADABLE) from None
    raise ValidationError(UNREADABLE)


def _png_parts(data: bytes) -> Iterator[bytes]:
    at, kind = len(PNG), b""
    while kind != b"IEND":
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        whole = data[at : at + 12 + size]
        if len(whole) < 12 + size or _sum_of(whole) != whole[-4:]:
            raise ValidationError(UNREADABLE)
        if kind in PNG_PARTS:
            yield whole
        at += len(whole)


def _sum_of(part: bytes) -> bytes:
    return zlib.crc32(part[4:-4]).to_bytes(4, "big")


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    at = len(JPEG)
    while data[at : at + 2] != JPEG_END:
        mark, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + size
        if data[at] != MARK or size < LENGTH or end > len(data):
            raise ValidationError(UNREADABLE)
        if mark == SCAN:
            end = _end_of_scan(data, end)
        if mark in DRAWING:
            yield data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the drawing's own bytes end and the next segment begins."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise ValidationError(UNREADABLE)
        if data[at + 1] not in WITHIN_SCAN:
            return at
        at += 2
