"""Once a day the database, the trail and the keys are looked through, as ``verify`` does."""

from __future__ import annotations

from datetime import datetime

from securebase.jobs.outcome import Outcome
from securebase.stories.keep_safe.verify import verify


def look_through(*, at: datetime) -> Outcome:
    """Verify what is kept; problems are counted here and named by ``securebase verify``."""
    findings = verify()
    problems = sum(len(finding.problems) for finding in findings)
    if problems:
        return Outcome(f"{problems} problems; securebase verify names them", well=False)
    return Outcome(f"{len(findings)} things looked at, nothing wrong")
