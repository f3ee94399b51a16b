"""Every night: a backup, the drill that proves it, and the rule by which old ones go.

``back_up_and_drill`` may be called as often as one likes: a day has one backup, and of two
processes one works while the other goes away.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import DatabaseError

from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.people.vault.crypto import VaultError
from securebase.science.errors import BadInput
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.drill import drill, in_words
from securebase.stories.keep_safe.proofs import Proof, backup_folder, keep_proof, proofs
from securebase.stories.keep_safe.rule import kept, rule_in_force

NAME = re.compile(r"nightly-(\d{4}-\d{2}-\d{2})\.backup")
MOST_SAID = 200
"""Letters that a row of the trail has for a reason."""


def back_up_and_drill(*, at: datetime) -> Proof | None:
    """Make the backup of this day and prove that it can be restored.

    Returns
    -------
    Proof or None
        What came of it, also kept beside the backups and noted on the trail; None if the
        day has its proof already or another process is at it.
    """
    folder = backup_folder()
    file = folder / f"nightly-{at.astimezone(UTC).date()}.backup"
    with _alone(folder) as alone:
        if not alone or _is_proved(file):
            return None
        proof = _made_and_tried(file, at=at)
        if proof.passed:
            _clear_away(folder)
    return proof


def note(proof: Proof, *, at: datetime) -> None:
    """Keep a proof beside the backups and put the drill on the trail.

    The file comes first: a database that takes no row any more must not hide the proof.
    """
    keep_proof(proof)
    note_on_trail(proof, at=at)


def note_on_trail(proof: Proof, *, at: datetime) -> None:
    """Put on the trail that a backup was tried, and whether it passed."""
    outcome = AuditEvent.Outcome.DONE if proof.passed else AuditEvent.Outcome.REFUSED
    said = "; ".join((proof.backup, *proof.problems))[:MOST_SAID]
    trail.record(Verb.BACKUP_DRILL, by=None, at=at, reason=said, outcome=outcome)


def note_backup(file: Path, *, at: datetime) -> None:
    """Put on the trail that a backup was made."""
    trail.record(Verb.BACKUP_MAKE, by=None, at=at, reason=file.name[:MOST_SAID])


def _made_and_tried(file: Path, *, at: datetime) -> Proof:
    """Make the backup unless a process that was killed has made it; try it either way."""
    try:
        made = None if file.exists() else back_up(file, at=at)
    except (BadInput, VaultError, DatabaseError, OSError) as trouble:
        proof = Proof(file.name, at, problems=(in_words(trouble),))
    else:
        proof = drill(file, at=at, expected=made)
        if made is not None:
            note_backup(file, at=at)
    note(proof, at=at)
    return proof


def _is_proved(file: Path) -> bool:
    return any(proof.backup == file.name and proof.passed for proof in proofs())


def _clear_away(folder: Path) -> None:
    """Remove what the rule does not keep; what never passed goes with its neighbors."""
    for half in folder.glob("nightly-*.backup.part-*"):
        half.unlink()
    there = {
        date.fromisoformat(found[1]): file
        for file in folder.iterdir()
        if (found := NAME.fullmatch(file.name))
    }
    passed = {proof.backup for proof in proofs() if proof.passed}
    proved = [day for day, file in there.items() if file.name in passed]
    rule = rule_in_force()
    stay = kept(proved, rule)
    recent = sorted(proved)[-rule.daily :]
    for day, file in there.items():
        if day not in stay and (day in proved or day < recent[0]):
            file.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Say whether no other process is at its nightly work; it holds as long as the block."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
