"""What the demo's clinician does at the desk: reads, decides, closes; never all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.models import Signal, SignalAct
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.people.accounts.models import User
from securebase.stories.open_record import read_checkin

LEFT_OPEN = timedelta(days=9)
"""What was noticed in the last days still waits when somebody opens the demo."""
CHOICES = (
    (Decision.Choice.ACCEPT, ""),
    (Decision.Choice.ACCEPT, ""),
    (Decision.Choice.NO, Decision.Reason.DOING),
    (Decision.Choice.ACCEPT, ""),
    (Decision.Choice.NO, Decision.Reason.NOT_NOW),
)
"""By turns, so that the library shows what is taken up and what is not."""


@dataclass(slots=True)
class Desk:
    """One clinician's desk, up to a moment after which everything is left as it is."""

    clinician: User
    until: datetime
    unread: list[CheckIn] = field(default_factory=list)
    decided: int = 0

    def read(self, *, at: datetime) -> None:
        """Read every check-in that came, and answer a marked safety question that day."""
        for checkin in self.unread:
            read_checkin(checkin=checkin, by=self.clinician, at=at)
        self.unread.clear()
        for signal in self._waiting(at).filter(kind="SAFE"):
            self._close(signal, "Talked through; the plan gone over together.", at=at)

    def decide(self, *, at: datetime) -> None:
        """Decide on one suggestion for each thing noticed, and close what was looked at."""
        if at > self.until - LEFT_OPEN:
            return
        for signal in self._waiting(at).exclude(kind="SAFE"):
            self._choose(signal, at=at)
            self._close(signal, "", at=at)

    def _waiting(self, at: datetime) -> QuerySet[Signal]:
        return Signal.objects.filter(state=Signal.State.OPEN, raised_at__lte=at)

    def _choose(self, signal: Signal, *, at: datetime) -> None:
        suggestion = Suggestion.objects.filter(signal=signal).order_by("rank").first()
        if suggestion is None:
            return
        choice, reason = CHOICES[self.decided % len(CHOICES)]
        self.decided += 1
        decide(
            suggestion=suggestion,
            choice=choice.value,
            reason_code=str(reason),
            by=self.clinician,
            at=at,
        )

    def _close(self, signal: Signal, reason: str, *, at: datetime) -> None:
        for act in (SignalAct.Act.SEEN, SignalAct.Act.CLOSED):
            act_on_signal(signal=signal, act=act.value, by=self.clinician, at=at, reason=reason)
