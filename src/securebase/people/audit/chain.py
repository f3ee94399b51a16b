"""The arithmetic of the trail: how rows are linked, summed up, and walked.

Two threads run through the rows. The *link* of a row is an HMAC over the link before and
the row, so nobody without the key can write one that holds. The *head* at a row is a plain
SHA-256 over the head before and the row with its link, so that anybody who kept a head
from elsewhere can see that all rows up to it are the same, without any key.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

START = b"\x00" * 32
"""What stands before the first row, for links and for heads."""
FORMAT = 2
"""Format of new rows. In format 1 the link covered fewer columns; its rows still verify."""
SHORTEST_HEAD = 16
"""Characters of a head that must be given, so that one can be typed from paper."""


class Row(NamedTuple):
    """One row of the trail as text; nothing is written as nothing, not as ``None``."""

    number: int
    at: str
    actor: str
    on_behalf_of: str
    role: str
    verb: str
    category: str
    purpose: str
    outcome: str
    patient: str
    object_type: str
    object_id: str
    reason: str
    request: str
    key_id: str
    format: int
    link: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how it looks."""

    number: int
    problem: str


Heads = Mapping[int, Iterable[str]]
"""Heads known from elsewhere, by the number of the row they were taken at."""


def key_id_of(key: bytes) -> str:
    """Return the name of a chain key, which tells nothing about it."""
    return sha256(b"securebase trail key " + key).hexdigest()[:16]


def link_of(row: Row, before: bytes, key: bytes) -> bytes:
    """Return the link of a row after the link ``before``."""
    said = _first_format(row) if row.format == 1 else list(row[:-1])
    message = json.dumps([before.hex(), *said], separators=(",", ":"))
    return hmac.digest(key, message.encode(), "sha256")


def head_after(head: bytes, row: Row) -> bytes:
    """Return the head at a row, from the head at the row before."""
    return sha256(head + json.dumps(row, separators=(",", ":")).encode()).digest()


def walk(
    rows: Iterable[Row], *, keys: Mapping[str, bytes] | None, heads: Heads
) -> Iterator[Break]:
    """Yield every place where the trail does not hold.

    Parameters
    ----------
    rows : iterable of Row
        The whole trail, in the order in which it is kept.
    keys : mapping of str to bytes, optional
        Chain keys by their id, "" for that of format 1; None leaves the links unchecked.
    heads : mapping
        What was anchored.
    """
    before, head, expected, newest = START, START, 1, 1
    torn = False
    for row in rows:
        problem = _place(row, expected) or _age(row, newest)
        if not problem and keys is not None:
            problem = _linked(row, before, keys)
        if problem:
            yield Break(row.number, problem)
        head = head_after(head, row)
        if not torn and not all(_same(head, told) for told in heads.get(row.number, ())):
            torn = True
            yield Break(row.number, "the trail up to this row is not the one that was anchored")
        before, expected = bytes.fromhex(row.link), row.number + 1
        newest = max(newest, row.format)
    for number in sorted(number for number in heads if number >= expected):
        yield Break(number, "this row was there when it was anchored, and is gone")


def _place(row: Row, expected: int) -> str:
    if row.number > expected:
        return f"row {expected} is missing"
    return "this row is not in its place" if row.number < expected else ""


def _age(row: Row, newest: int) -> str:
    if row.format not in (1, FORMAT) or row.format < newest:
        return f"format {row.format} cannot stand here"
    later = (row.on_behalf_of, row.role, row.category, row.purpose, row.key_id)
    return "it says what rows of its time did not" if row.format == 1 and any(later) else ""


def _linked(row: Row, before: bytes, keys: Mapping[str, bytes]) -> str:
    key = keys.get(row.key_id)
    if key is None:
        return "it was linked under a key that is not here"
    if hmac.compare_digest(link_of(row, before, key).hex(), row.link):
        return ""
    return "this row or the one before it was changed"


def _same(head: bytes, told: str) -> bool:
    return len(told) >= SHORTEST_HEAD and head.hex().startswith(told.lower())


def _first_format(row: Row) -> list[object]:
    return [
        row.number,
        row.at,
        row.actor or "None",
        row.verb,
        row.outcome,
        row.patient or "None",
        row.object_type,
        row.object_id,
        row.reason,
        row.request,
    ]
