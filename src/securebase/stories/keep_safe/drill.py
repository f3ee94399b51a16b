"""The drill: a backup is restored into a scratch place and compared, row by row.

A check of the file alone can pass while a restore fails, so only this counts as proof. The
scratch place is a private SQLite file beside the data, also where the practice is kept in
PostgreSQL: the program may own no second database there. It holds what the database holds,
sealed text sealed, and is gone afterwards.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection

from securebase.people.vault.crypto import VaultError
from securebase.people.vault.keys import root_of_backups
from securebase.science.errors import BadInput
from securebase.stories.keep_safe.manifest import Manifest, without_retired
from securebase.stories.keep_safe.moment import connected_to, private_folder
from securebase.stories.keep_safe.proofs import Proof
from securebase.stories.keep_safe.restore import manifest_of, restore
from securebase.stories.keep_safe.verify import is_up_to_date, verify_scratch

PLACE = "drill-"


def drill(file: Path, *, at: datetime, expected: Manifest | None = None) -> Proof:
    """Restore a backup into a scratch place, compare it, and say what came of it.

    Parameters
    ----------
    file : Path
        A backup of this practice.
    at : datetime
        The moment that the proof bears.
    expected : Manifest, optional
        What was written into it, if that is at hand; otherwise what it says of itself.

    Returns
    -------
    Proof
        ``problems`` is empty only if every row came back, the trail holds, and keys and a
        sample of sealed text open. Tables of an older version are brought up to date in
        the scratch place first, which is the rehearsal of an upgrade.
    """
    began = time.monotonic()
    size = file.stat().st_size if file.exists() else 0
    try:
        found, problems = _try(file, expected)
    except (BadInput, VaultError, DatabaseError, OSError) as trouble:
        return Proof(file.name, at, size=size, problems=(in_words(trouble),))
    return Proof(
        backup=file.name,
        at=at,
        rows=found.rows,
        size=size,
        seconds=round(time.monotonic() - began, 2),
        trail_number=found.trail_number,
        trail_link=found.trail_link,
        problems=tuple(problems),
    )


def in_words(trouble: Exception) -> str:
    """Return what went wrong, without the path or the row that a database may quote."""
    if isinstance(trouble, BadInput | VaultError):
        return str(trouble)
    if isinstance(trouble, OSError):
        return f"The disk refused: {trouble.strerror}."
    return f"The database refused ({type(trouble).__name__})."


def _try(file: Path, expected: Manifest | None) -> tuple[Manifest, list[str]]:
    root_key = root_of_backups()
    expected = without_retired(expected or manifest_of(file, root_key=root_key))
    with private_folder(PLACE) as folder:
        place = connection.settings_dict | {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "restored.sqlite3"),
            # Nothing here outlives the drill, so nothing waits for the disk.
            "OPTIONS": {"init_command": "PRAGMA synchronous=OFF;"},
        }
        found = restore(file, database=place, root_key=root_key).manifest
        problems = [f"{name} is not what was backed up" for name in found.differing(expected)]
        with connected_to(place):
            if not is_up_to_date():
                call_command("migrate", verbosity=0, interactive=False)
            for finding in verify_scratch(since=found):
                problems += [f"{finding.name}: {problem}" for problem in finding.problems]
    return found, problems
