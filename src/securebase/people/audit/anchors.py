"""Heads of the trail, taken once a day and kept in more than one place.

A chain alone cannot show that its end was cut off, nor that all of it was written anew
by somebody with the key. A head kept elsewhere can: in the table of anchors, in the file
``anchors.log`` beside the data, in backups, in the host's mail and on paper.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from securebase.people.audit.chain import START, head_after
from securebase.people.audit.models import Anchor
from securebase.people.audit.trail import lock, rows

FILE = "anchors.log"


@dataclass(frozen=True, slots=True)
class Head:
    """The head at one row, as it is written in ``anchors.log``."""

    day: str
    number: int
    head: str
    at: str

    def __str__(self) -> str:
        return f"{self.number}:{self.head}"


def log_file() -> Path:
    """Return where heads are written beside the data."""
    return Path(settings.DATA_DIR) / FILE


def drop_anchor(*, at: datetime) -> Anchor | None:
    """Keep the head of the trail, once a day and only if there are new rows.

    The rows are summed up before the lock is taken, so that nobody waits for it. The file
    is written before the table: a head in the file alone is true, one in the table alone
    would look like a file that was cut.
    """
    day = at.astimezone(UTC).date()
    last = Anchor.objects.last()
    if last is not None and last.day >= day:
        return None
    number, head = end_of_rows(after=last)
    if last is not None and number == last.number:
        return None
    with transaction.atomic():
        lock()
        if not number or Anchor.objects.filter(day=day).exists():
            return None
        write(log_file(), [Head(day.isoformat(), number, head, at.astimezone(UTC).isoformat())])
        return Anchor.objects.create(day=day, number=number, head=head, count=number, at=at)


def end_of_rows(*, after: Anchor | None = None) -> tuple[int, str]:
    """Return number and head of the last row, going on from an anchor if there is one."""
    number = after.number if after else 0
    head = bytes.fromhex(after.head) if after else START
    for row in rows(after=number):
        number, head = row.number, head_after(head, row)
    return number, head.hex()


def write(file: Path, heads: Iterable[Head]) -> None:
    """Add lines to the end of the file; they are on the disk when this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as lines:
        lines.writelines(json.dumps(asdict(head)) + "\n" for head in heads)
        lines.flush()
        os.fsync(lines.fileno())


def read(file: Path) -> list[Head]:
    """Return the heads of the file; one that cannot be read has the number 0."""
    if not file.exists():
        return []
    return [_head(line) for line in file.read_text(errors="replace").splitlines() if line]


def in_table() -> list[Head]:
    """Return the heads of the table, as the file has them."""
    return [
        Head(one.day.isoformat(), one.number, one.head, one.at.astimezone(UTC).isoformat())
        for one in Anchor.objects.all()
    ]


def write_again() -> None:
    """After a restore, write the file from the table; tables of old have no anchors."""
    if Anchor._meta.db_table in connection.introspection.table_names():
        heads = in_table()
        if heads and not log_file().exists():
            write(log_file(), heads)


def by_number(*heads: Iterable[Head]) -> dict[int, set[str]]:
    """Return the heads of several places together, by the row they were taken at."""
    found: dict[int, set[str]] = defaultdict(set)
    for head in (one for some in heads for one in some if one.number):
        found[head.number].add(head.head)
    return dict(found)


def disagreements(table: Iterable[Head], file: Iterable[Head]) -> Iterator[str]:
    """Yield how the table of anchors and ``anchors.log`` do not say the same."""
    kept, written = list(table), list(file)
    if any(not head.number for head in written):
        yield f"{FILE} holds a line that is not an anchor"
    known = {(head.number, head.head) for head in written}
    missing = [head.number for head in kept if (head.number, head.head) not in known]
    if missing:
        yield f"{FILE} does not hold the anchor at row {missing[0]} ({len(missing)} in all)"


def _head(line: str) -> Head:
    try:
        told: Any = json.loads(line)
        return Head(str(told["day"]), int(told["number"]), str(told["head"]), str(told["at"]))
    except (ValueError, KeyError, TypeError):
        return Head("", 0, "", "")
