"""Once a day a backup is made and restored as a trial."""

from __future__ import annotations

from datetime import datetime

from securebase.jobs.outcome import Outcome
from securebase.stories.keep_safe.nightly import back_up_and_drill


def make_backup(*, at: datetime) -> Outcome:
    """Make the backup of the day and prove it; Backups on the host's pages says the rest."""
    proof = back_up_and_drill(at=at)
    if proof is None:
        return Outcome("done already, or under way elsewhere")
    if not proof.passed:
        return Outcome("the backup could not be proved; the page Backups says why", well=False)
    return Outcome(f"{proof.rows} rows restored and compared in {proof.seconds} seconds")
