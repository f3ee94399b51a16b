"""The trail written to a file, and checking such a file without a database.

Lines of JSON: first what it is, with the chain keys sealed under the root key and the
heads that were anchored; then every row, in order, as it is linked; last where the trail
ended, sealed with the chain key. What can be seen without a key: ``docs/explanation``,
"The trail".
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from securebase.people.audit.chain import (
    SHORTEST_HEAD,
    START,
    Break,
    Row,
    head_after,
    walk,
)
from securebase.people.vault.crypto import derive, seal, unseal

FORMAT = 1
PURPOSE = "securebase trail export v1"
_SHAPE = {name: int if name in ("number", "format") else str for name in Row._fields}


class NotATrail(Exception):
    """The file is not an exported trail; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says of itself."""

    made_at: str
    rows: int
    anchors: int


def lines(
    rows: Iterable[Row],
    *,
    keys: Mapping[str, bytes],
    heads: Mapping[int, Iterable[str]],
    root_key: bytes,
    made_at: str,
) -> Iterator[str]:
    """Yield the lines of a file, one after another."""
    wrap = derive(root_key, PURPOSE)
    wrapped = {name: seal(wrap, key, bound_to=name.encode()) for name, key in keys.items()}
    yield _line(
        {
            "securebase_trail": FORMAT,
            "made_at": made_at,
            "keys": {name: data.hex() for name, data in wrapped.items()},
            "anchors": {str(number): sorted(told) for number, told in heads.items()},
        }
    )
    number, head = 0, START
    for row in rows:
        number, head = row.number, head_after(head, row)
        yield _line(row._asdict())
    newest = list(keys)[-1]
    end: dict[str, object] = {"end": number, "head": head.hex(), "key_id": newest}
    yield _line(end | {"seal": _sealed(end, keys[newest])})


def check(
    told: Iterable[str],
    *,
    root_key: bytes | None = None,
    heads: Iterable[tuple[int, str]] = (),
) -> tuple[Written, list[Break]]:
    """Check a file; with the root key also every link, without it what is public.

    Parameters
    ----------
    told : iterable of str
        The lines of the file.
    root_key : bytes, optional
        Opens the chain keys; a wrong one raises ``VaultError``.
    heads : iterable of (int, str)
        Row numbers and heads from elsewhere: a mail, a sheet of paper.

    Raises
    ------
    NotATrail
        If a line is not what it should be.
    """
    parts = [_read(line, number) for number, line in enumerate(told, 1)]
    if not parts or parts[0].get("securebase_trail") != FORMAT:
        raise NotATrail("The first line does not say that this is a trail of this version.")
    first, *body = parts
    _check_first(first)
    end = body.pop() if body and "end" in body[-1] else None
    rows = [_row(part, number) for number, part in enumerate(body, 2)]
    keys = _keys(first, root_key) if root_key else None
    known = {int(number): set(some) for number, some in first["anchors"].items()}
    for number, head in heads:
        known.setdefault(number, set()).add(head)
    found = list(walk(rows, keys=keys, heads=known))
    found += _ending(end, rows, keys)
    return Written(str(first["made_at"]), len(rows), len(first["anchors"])), found


def head_given(text: str) -> tuple[int, str]:
    """Return number and head from ``NUMBER:HEX``, as it is printed and mailed."""
    number, _, head = text.strip().partition(":")
    if (
        not number.isdigit()
        or len(head) < SHORTEST_HEAD
        or set(head.lower()) - set("0123456789abcdef")
    ):
        raise NotATrail(
            f"{text!r} is not an anchor. Write it as NUMBER:HEX, with at least "
            f"{SHORTEST_HEAD} of the characters after the colon."
        )
    return int(number), head.lower()


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _read(line: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NotATrail(f"Line {number} is not a line of an exported trail.")
    return value


def _check_first(first: Mapping[str, Any]) -> None:
    keys, told = first.get("keys"), first.get("anchors")
    keyed = isinstance(keys, dict) and all(
        isinstance(v, str) and _is_hex(v) for v in keys.values()
    )
    anchored = isinstance(told, dict) and all(
        number.isdecimal() and isinstance(some, list) and all(isinstance(h, str) for h in some)
        for number, some in told.items()
    )
    if not (keyed and anchored and isinstance(first.get("made_at"), str)):
        raise NotATrail("The first line does not say when it was made, with keys and anchors.")


def _row(part: Mapping[str, Any], number: int) -> Row:
    wrong = [name for name, kind in _SHAPE.items() if type(part.get(name)) is not kind]
    if wrong or set(part) != set(_SHAPE) or not _is_hex(part["link"]):
        what = wrong[0] if wrong else "its columns"
        raise NotATrail(f"Line {number} is not a row of the trail: look at {what}.")
    return Row(**part)


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and not set(text) - set("0123456789abcdef")


def _keys(first: Mapping[str, Any], root_key: bytes) -> dict[str, bytes]:
    wrap = derive(root_key, PURPOSE)
    return {
        name: unseal(wrap, bytes.fromhex(data), bound_to=name.encode())
        for name, data in first["keys"].items()
    }


def _sealed(end: Mapping[str, object], key: bytes) -> str:
    said = json.dumps([end["end"], end["head"]]).encode()
    return hmac.digest(key, b"end of trail " + said, "sha256").hex()


def _ending(
    end: Mapping[str, Any] | None, rows: list[Row], keys: Mapping[str, bytes] | None
) -> Iterator[Break]:
    """Yield what is wrong with how the file ends."""
    last = rows[-1].number if rows else 0
    if end is None:
        yield Break(last, "the file ends without its last line: it was cut off")
        return
    head = START
    for row in rows:
        head = head_after(head, row)
    if (end["end"], end.get("head")) != (last, head.hex()):
        yield Break(last, f"the file does not hold what its last line says ({end['end']} rows)")
    if keys is not None:
        key = keys.get(str(end.get("key_id")), b"")
        if not hmac.compare_digest(_sealed({"head": "", **end}, key), str(end.get("seal"))):
            yield Break(last, "the last line was not written by who holds the key")
