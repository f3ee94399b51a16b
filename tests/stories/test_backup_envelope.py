"""The envelope of a backup.

What was written comes back byte for byte, or nothing does: a flipped bit, a file cut
short or made longer, chunks swapped, left out or said twice, another key, another file.
"""

from __future__ import annotations

import io
import os

import pytest

from securebase.science.errors import BadInput
from securebase.stories.keep_safe.envelope import (
    CHUNK,
    HEAD_BYTES,
    MAGIC,
    TAG,
    SealedReader,
    SealedWriter,
    check_whole,
)
from securebase.stories.keep_safe.refusals import AnotherKey, AnotherVersion, Damaged

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TEXT = os.urandom(3 * CHUNK + 777)
WHOLE = CHUNK + TAG


def sealed(text: bytes = TEXT) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, root_key=KEY) as writer:
        for start in range(0, len(text), 10_001):
            writer.write(text[start : start + 10_001])
    return file.getvalue()


def opened(data: bytes, *, key: bytes = KEY) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(data), root_key=key)).read()


def chunks(data: bytes) -> list[bytes]:
    body = data[HEAD_BYTES:]
    return [body[start : start + WHOLE] for start in range(0, len(body), WHOLE)]


@pytest.mark.parametrize(
    "length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]
)
def test_what_was_written_comes_back(length: int) -> None:
    text = os.urandom(length)

    assert opened(sealed(text)) == text


def test_two_backups_of_the_same_have_nothing_in_common() -> None:
    one, other = sealed(), sealed()

    assert one[len(MAGIC) + 1 : HEAD_BYTES] != other[len(MAGIC) + 1 : HEAD_BYTES]
    assert set(chunks(one)).isdisjoint(chunks(other))


def test_every_byte_of_the_head_counts() -> None:
    data = sealed(b"short")

    for place in range(len(data)):
        with pytest.raises(BadInput):
            opened(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def test_a_file_cut_short_anywhere_is_refused() -> None:
    data = sealed()
    edges = [HEAD_BYTES + WHOLE * number for number in range(4)]
    lengths = [0, 1, HEAD_BYTES - 1, *edges, *(e + 1 for e in edges), len(data) - 1]

    for length in lengths:
        with pytest.raises(Damaged):
            check_whole(io.BytesIO(data[:length]), root_key=KEY)


def test_a_file_made_longer_is_refused() -> None:
    data = sealed()

    for more in (b"\0", chunks(data)[-1], data):
        with pytest.raises(Damaged):
            check_whole(io.BytesIO(data + more), root_key=KEY)


def test_chunks_swapped_left_out_or_said_twice_are_refused() -> None:
    data = sealed()
    head, (one, two, three, four) = data[:HEAD_BYTES], chunks(data)

    for parts in (
        (two, one, three, four),
        (one, three, two, four),
        (one, two, four),
        (one, one, two, three, four),
        (one, two, three),
    ):
        with pytest.raises(Damaged):
            check_whole(io.BytesIO(head + b"".join(parts)), root_key=KEY)


def test_a_chunk_of_another_backup_does_not_fit() -> None:
    one, other = sealed(), sealed()
    mixed = one[: HEAD_BYTES + WHOLE] + other[HEAD_BYTES + WHOLE :]

    with pytest.raises(Damaged):
        check_whole(io.BytesIO(mixed), root_key=KEY)


def test_another_key_is_named_as_the_reason() -> None:
    with pytest.raises(AnotherKey, match="root key"):
        opened(sealed(), key=OTHER_KEY)


def test_another_format_is_named_as_the_reason() -> None:
    data = bytearray(sealed())
    data[len(MAGIC)] = 2

    with pytest.raises(AnotherVersion, match="format 2"):
        opened(bytes(data))


def test_any_other_file_is_not_a_backup() -> None:
    with pytest.raises(Damaged, match="not a Securebase backup"):
        opened(b"SQLite format 3\0" * 10)
