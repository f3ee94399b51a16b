"""One turn of the clock: open what is due, notice what was missed, send what is owed.

Every part may run twice, at once or again, and changes nothing the second time; so it
does not matter how many workers turn the clock, nor when one of them stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from securebase.clinic.checkins.clock import open_due
from securebase.jobs.letters import WRITERS
from securebase.jobs.models import Heartbeat
from securebase.jobs.remind import enter_reminders
from securebase.people.accounts.tidy import tidy
from securebase.people.post.delivery import deliver
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from securebase.stories.notice_silence import notice_silence

CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of the clock did, in counts."""

    opened: int
    signals: int
    letters: int


def tick(*, at: datetime) -> Turn:
    """Turn the clock once."""
    with transaction.atomic():
        opened = open_due(at=at)
        enter_reminders(opened)
    signals = [*notice_silence(at=at), *notice_open_ruptures(at=at)]
    letters = deliver(WRITERS, at=at)
    tidy(at=at)
    Heartbeat.objects.update_or_create(name=CLOCK, defaults={"at": at})
    return Turn(opened=len(opened), signals=len(signals), letters=sum(letters.values()))
