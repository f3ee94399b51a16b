"""Writing the trail out: one moment of it, whole, in a file that can be checked anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from securebase.people.audit import anchors, trail
from securebase.people.audit.chain import START, Row, head_after
from securebase.people.audit.written import lines
from securebase.people.vault.crypto import read_root_key
from securebase.stories.keep_safe.back_up import new_file
from securebase.stories.keep_safe.moment import one_moment


class _Passing:
    """Lets rows pass and keeps the head at the last one."""

    def __init__(self) -> None:
        self.number, self.head = 0, START

    def rows(self) -> Iterator[Row]:
        for row in trail.rows():
            self.number, self.head = row.number, head_after(self.head, row)
            yield row


def export_trail(file: Path, *, at: datetime) -> tuple[int, str]:
    """Write the trail as it is now to a new file; return its last number and head.

    Nothing is overwritten. The file holds ids and moments, no names and no clinical text,
    and the chain keys sealed under the root key.
    """
    root_key = read_root_key(Path(settings.SECUREBASE_KEY_FILE))
    written, passing = anchors.read(anchors.log_file()), _Passing()
    with one_moment(), new_file(file) as target:
        said = lines(
            passing.rows(),
            keys=trail.chain_keys(),
            heads=anchors.by_number(anchors.in_table(), written),
            root_key=root_key,
            made_at=at.astimezone(UTC).isoformat(),
        )
        for line in said:
            target.write(line.encode())
    return passing.number, passing.head.hex()
