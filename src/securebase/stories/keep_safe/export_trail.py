"""Writing the trail out: one moment of it, whole, in a file that can be checked anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from securebase.people.audit import anchors, trail
from securebase.people.audit.chain import START, Row, head_after
from securebase.people.audit.verbs import Verb
from securebase.people.audit.written import lines
from securebase.people.vault import homes
from securebase.stories.keep_safe.back_up import new_file
from securebase.stories.keep_safe.moment import one_moment


class _Passing:
    """Lets rows pass and keeps the head at the last one."""

    def __init__(self) -> None:
        self.number, self.head = 0, START

    def rows(self) -> Iterator[Row]:
        """Yield every row of the trail."""
        for row in trail.rows():
            self.number, self.head = row.number, head_after(self.head, row)
            yield row


def export_trail(file: Path, *, at: datetime) -> tuple[int, str]:
    """Write the trail as it is now to a new file; return its last number and head.

    Nothing is overwritten. The file holds ids and moments, no names and no clinical text,
    and the chain keys sealed under the root key. That it was written is its last row.
    """
    written, passing = anchors.read(anchors.log_file()), _Passing()
    with new_file(file) as target:
        trail.record(Verb.AUDIT_EXPORT, by=None, at=at)
        with one_moment():
            _write(target, passing, anchors.by_number(anchors.in_table(), written), at=at)
    return passing.number, passing.head.hex()


def _write(
    target: BinaryIO, passing: _Passing, heads: dict[int, set[str]], *, at: datetime
) -> None:
    said = lines(
        passing.rows(),
        keys=trail.chain_keys(),
        heads=heads,
        root_key=homes.root_key(),
        made_at=at.astimezone(UTC).isoformat(),
    )
    for line in said:
        target.write(line.encode())
