"""Broken, hostile and merely odd variants of good files, made by chance from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

CELLS = (
    *("", " ", "NaN", "nan", "inf", "-inf", "-0.0", "1e400", "-1e400", "1e308", "1e-400"),
    *("0x10", "1_000", "٣", "\uff11", "²", "½", "1,5", "1;5", "+3", "--3", "3.", ".3"),
    *("9" * 5000, "true", "None", "null", "[]", "{}", '"', "'", "\\", "\\N", "''", "a\x00b"),
    *("0000-01-01", "9999-12-31", "9999-12-31T23:59:60Z", "2026-02-30", "\x1a", "\x85"),
    *("0001-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-29T01:30", "1e3"),
    *("2026-W10-1", "20260301", "2026-03-01T10:00:00.123456789Z", "-2026-03-01"),
    *("12026-03-01", "2026-03-01 10:00+99:99", "=1+1", "=cmd|'/c calc'!A0", "+1", "-1"),
    *("@SUM(1)", "\t=1", "\u202e12", "\u200b3", "\ufeff", "phq-9.total", "phq-9", "total"),
    *("person", "at", "value", "measure", "column", "../x", "x" * 9999, "\ud7ff\ue000"),
    *("😀", "e\u0301", "İ", "ß", "\u2028", "]" * 200, "[" * 200, "{" * 200, "[" * 5000),
)
"""Cells, keys and values that readers stumble over."""
BYTES = (
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3"),
    *(b"\r", b'"', b"\n\n"),
)
"""Bytes that are no text, or text only sometimes; the third is a lone surrogate."""
HUGE = 10_000_000
HUGE_IN = 400
"""One variant in so many holds a string of ten megabytes."""
BETWEEN = re.compile(r"([,;\t\n\r=\[\]{}\" ]+)")

Change = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def variants(seeds: Sequence[bytes], *, number: int, seed: int) -> list[Callable[[], bytes]]:
    """Return so many makers of variants; each makes its bytes when asked."""
    return [
        lambda turn=turn: variant(seeds, random.Random(f"{seed} {turn}"))  # type: ignore[misc]  # noqa: S311
        for turn in range(number)
    ]


def variant(seeds: Sequence[bytes], choose: random.Random) -> bytes:
    """Return a good file with one to four things wrong with it."""
    made = choose.choice(seeds)
    for _ in range(choose.randint(1, 4)):
        made = choose.choice(CHANGES)(made, choose, seeds)
    if choose.randrange(HUGE_IN) == 0:
        made = _huge(made, choose)
    return made


def _cell(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    parts = BETWEEN.split(raw.decode("utf-8", "replace"))
    parts[choose.randrange(len(parts))] = choose.choice(CELLS)
    return "".join(parts).encode("utf-8", "surrogatepass")


def _lines(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    lines = raw.split(b"\n")
    place = choose.randrange(len(lines))
    act = choose.randrange(5)
    if act == 0:
        del lines[place]
    elif act == 1:
        lines.insert(choose.randrange(len(lines) + 1), lines[place])
    elif act == 2:
        lines[place : place + 1] = [lines[place]] * choose.choice((2, 50, 3000))
    elif act == 3:
        choose.shuffle(lines)
    else:
        lines.insert(place, choose.choice(choose.choice(seeds).split(b"\n")))
    return b"\n".join(lines)


def _column_twice(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    rows = [line.split(b",") for line in raw.split(b"\n")]
    place = choose.randrange(max(1, len(rows[0])))
    return b"\n".join(b",".join([*row, *row[place : place + 1]]) for row in rows)


def _bytes(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    place = choose.randrange(len(raw) + 1)
    gone = choose.choice((0, 0, 1, 7, 300))
    return raw[:place] + choose.choice(BYTES) + raw[place + gone :]


def _cut(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    return raw[: choose.randrange(len(raw) + 1)]


def _spliced(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    other = choose.choice(seeds)
    return raw[: choose.randrange(len(raw) + 1)] + other[choose.randrange(len(other) + 1) :]


def _recoded(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    text = raw.decode("utf-8", "replace")
    coding = choose.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1")
    )
    return text.encode(coding, "replace")


def _separated(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    return raw.replace(b",", choose.choice((b";", b"\t", b"|", b",,", b'","')))


def _ended(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    return raw.replace(b"\n", choose.choice((b"\r\n", b"\r", b"\n\n", b"")))


def _flipped(raw: bytes, choose: random.Random, seeds: Sequence[bytes]) -> bytes:
    made = bytearray(raw)
    for _ in range(choose.choice((1, 1, 8))):
        if made:
            made[choose.randrange(len(made))] ^= 1 << choose.randrange(8)
    return bytes(made)


def _huge(raw: bytes, choose: random.Random) -> bytes:
    place = choose.randrange(len(raw) + 1)
    return (
        raw[:place] + choose.choice((b"a", b"9", b",", b'"', b"[", b" ")) * HUGE + raw[place:]
    )


CHANGES: tuple[Change, ...] = (
    *(_cell,) * 5,
    *(_lines,) * 2,
    _column_twice,
    _bytes,
    _cut,
    _spliced,
    _recoded,
    _separated,
    _ended,
    _flipped,
)
