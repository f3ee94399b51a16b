"""Proofs that a backup can be restored: one line each in ``proofs.log``, beside the backups.

They lie there and not in the database, because a proof must outlive what it speaks of: it
is still to be read when the database is gone, and restoring an older backup takes none of
them back. The trail holds a row for each, so that a line made up here would show.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "proofs.log"
OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one backup that was restored into a scratch place and compared."""

    backup: str
    """Name of the file."""
    at: datetime
    rows: int = 0
    size: int = 0
    """Bytes of the file."""
    seconds: float = 0.0
    """How long restoring and comparing took."""
    trail_number: int = 0
    trail_link: str = ""
    problems: tuple[str, ...] = ()
    """What is wrong, in words that say nothing of anybody; empty if every row came back."""

    @property
    def passed(self) -> bool:
        """Whether the backup can be restored."""
        return not self.problems


def backup_folder() -> Path:
    """Return the folder of the backups; it is made for its owner alone."""
    folder = Path(settings.SECUREBASE_BACKUP_DIR)
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=OWNER_ONLY)
    return folder


def on_the_same_disk() -> bool:
    """Whether one broken disk would take practice and backups together."""
    folder, data = Path(settings.SECUREBASE_BACKUP_DIR), Path(settings.DATA_DIR)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return there.stat().st_dev == data.stat().st_dev


def keep_proof(proof: Proof) -> None:
    """Add a proof to the file; it is on the disk when this returns."""
    told = asdict(proof) | {"at": proof.at.astimezone(UTC).isoformat()}
    handle = os.open(backup_folder() / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as lines:
        # A line that a crash cut short must not swallow this one.
        lines.write("\n" + json.dumps(told) + "\n")
        lines.flush()
        os.fsync(lines.fileno())


def proofs() -> list[Proof]:
    """Return every proof that can be read, the newest first."""
    file = Path(settings.SECUREBASE_BACKUP_DIR) / FILE
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return sorted(_read(lines), key=lambda proof: proof.at, reverse=True)


def _read(lines: Iterable[str]) -> Iterable[Proof]:
    for line in lines:
        try:
            told: dict[str, Any] = json.loads(line)
            at, problems = datetime.fromisoformat(told["at"]), tuple(told["problems"])
            yield Proof(**told | {"at": at, "problems": problems})
        except (ValueError, KeyError, TypeError):
            continue
