"""New keys for old, once two people agreed: done by one worker, taken up again by another.

A worker that dies leaves a claim that lapses, and the rotation goes on where it stopped.
"""

from __future__ import annotations

import logging
import time as clock
from datetime import datetime

from securebase.jobs.lease import claimed, enter, put_back, settle
from securebase.jobs.outcome import Outcome
from securebase.people.approvals.models import Approval
from securebase.stories.keep_keys.renew_keys import agreed, renew

WORK = "new key"

logger = logging.getLogger(__name__)


def renew_keys(*, at: datetime, worker: str) -> int:
    """Make the keys that were agreed on; return how many orders were done."""
    for approval in agreed(at=at):
        about = {"approval": str(approval.pk)}
        enter(key=f"{WORK} {approval.pk}", work=WORK, about=about, due_at=at)
    done = 0
    for duty in claimed(work=WORK, at=at):
        began = clock.monotonic()
        try:
            keys = renew(Approval.objects.get(pk=duty.about["approval"]), at=at)
        except Exception as trouble:
            logger.exception("a new key could not be made yet")
            put_back(duty, at=at, trouble=trouble)
            continue
        seconds = clock.monotonic() - began
        said = Outcome(f"{keys} keys are wrapped anew")
        settle(duty, at=at, outcome=said, worker=worker, seconds=seconds)
        done += 1
    return done
