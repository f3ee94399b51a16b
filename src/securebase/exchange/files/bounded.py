"""Reading what somebody hands in: bounded in length, depth and time before it is looked at."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from securebase.science.errors import BadInput

MOST_BYTES = 2 * 1024 * 1024
MOST_DEEP = 40
MOST_PARTS = 100_000
LONGEST_TEXT = 20_000
LARGEST = 1e15

_NOT_READ = {
    b"<": "XML is not read; bring JSON",
    b"PK": "a zip archive is not opened; bring the file inside it",
    b"\x1f\x8b": "a compressed file is not opened; unpack it first",
    b"%PDF": "a PDF is not read",
}


def read_text(file: Path) -> str:
    """Return the text of a file that is small enough and is text.

    Raises
    ------
    BadInput
        If it is longer than two megabytes, an archive, XML, or not UTF-8.
    """
    with file.open("rb") as handle:
        raw = handle.read(MOST_BYTES + 1)
    return text_of(raw, name=file.name)


def text_of(raw: bytes, *, name: str) -> str:
    """Return bytes as text, or refuse them; a byte-order mark is understood."""
    if len(raw) > MOST_BYTES:
        raise BadInput(f"{name}: longer than {MOST_BYTES // 1024 // 1024} MB. Bring less.")
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:4]
    for mark, why in _NOT_READ.items():
        if start.startswith(mark):
            raise BadInput(f"{name}: {why}.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(f"{name}: not UTF-8 at byte {fault.start}. Save it as UTF-8.") from None
    if "\0" in text:
        raise BadInput(f"{name}: holds a null byte, so it is no text.")
    return text


def read_json(text: str, *, name: str) -> dict[str, Any]:
    """Return a JSON object whose every part is within bounds.

    Raises
    ------
    BadInput
        If it is no JSON object, too deep or too long, names a key twice, or holds a
        number that is none, a text that is too long or half a character.
    """
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite
        )
    except RecursionError:
        raise BadInput(f"{name}: more than {MOST_DEEP} levels deep.") from None
    except BadInput:
        raise
    except ValueError as fault:
        raise BadInput(f"{name}: not readable as JSON: {fault}.") from None
    if not isinstance(found, dict):
        raise BadInput(f"{name}: a {type(found).__name__}; it must be one JSON object.")
    _check_parts(found)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadInput(f"{twice[:80]!r} is named twice in one object. Keep one.")
    return found


def _no_constant(word: str) -> Any:
    raise BadInput(f"{word} is no number that can be kept.")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadInput(f"{text[:40]} is too large for a number.")
    return value


def _check_parts(found: dict[str, Any]) -> None:
    waiting: list[tuple[Any, str, int]] = [(found, "", 0)]
    parts = 0
    while waiting:
        part, path, depth = waiting.pop()
        parts += 1
        where = path.lstrip(".")[:200] or "the file"
        if depth > MOST_DEEP:
            raise BadInput(f"{where}: more than {MOST_DEEP} levels deep.")
        if parts + len(waiting) > MOST_PARTS:
            raise BadInput(f"{where}: more than {MOST_PARTS} parts. Bring less.")
        if isinstance(part, dict):
            waiting += [(v, f"{path}.{k}", depth + 1) for k, v in part.items()]
            part = "".join(part)
        elif isinstance(part, list):
            waiting += [(v, f"{path}[{n}]", depth + 1) for n, v in enumerate(part)]
        _check_value(part, where)


def _check_value(part: Any, where: str) -> None:
    if isinstance(part, str):
        if len(part) > LONGEST_TEXT:
            raise BadInput(f"{where}: {len(part)} letters; at most {LONGEST_TEXT}.")
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in part):  # noqa: PLR2004
            raise BadInput(f"{where}: half a character (a lone surrogate).")
    elif isinstance(part, int | float) and abs(part) > LARGEST:
        raise BadInput(f"{where}: a number beyond {LARGEST:g}.")
