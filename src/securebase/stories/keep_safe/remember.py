"""A restore is remembered beside the data until the next start can put it on the trail.

A backup may hold tables of an older version, to which this program cannot write; and what
was restored is to be exactly what was backed up, until somebody starts it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.stories.keep_safe.back_up import new_file

FILE = "restored.json"
MOST_SAID = 80
"""Letters of a file's name that are kept, so that the moment after it is never cut off."""


def remember_restore(backup: str, *, made_at: str, at: datetime) -> None:
    """Write down that a backup was restored here, and of which moment it was."""
    told = {"backup": backup, "made_at": made_at, "at": at.astimezone(UTC).isoformat()}
    with new_file(Path(settings.DATA_DIR) / FILE) as file:
        file.write(json.dumps(told).encode())


@transaction.atomic
def note_restore() -> bool:
    """Put on the trail what a restore left to be noted; whether there was something."""
    file = Path(settings.DATA_DIR) / FILE
    if not file.is_file():
        return False
    told = json.loads(file.read_text())
    trail.record(
        Verb.BACKUP_RESTORE,
        by=None,
        at=datetime.fromisoformat(told["at"]),
        reason=f"{told['backup'][:MOST_SAID]}, made at {told['made_at']}",
    )
    file.unlink()
    return True
