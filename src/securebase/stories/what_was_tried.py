"""A person's own record: what was tried, and what followed. Never what caused it.

Before and after are the model's level of the measure the signal spoke of, each with its
uncertainty, at the decision and some weeks later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.episodes.models import TrajectoryPoint
from securebase.clinic.guidance.models import Decision
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.people.accounts.models import User
from securebase.science.strategies import strategy
from securebase.science.words import Strategy

SOME_WEEKS = timedelta(weeks=6)
"""How far after a decision "what followed" is looked for."""
WIDTH = 1.28
"""Standard deviations each side of a level that hold the true one in 80 of 100 cases."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a measure at one moment, in raw points, with its 80 % interval."""

    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tried:
    """One way of working that was accepted, and the levels before it and after it."""

    card: Strategy
    decision: Decision
    measure: str
    before: Level | None
    after: Level | None

    @property
    def tells_apart(self) -> bool:
        """Whether the two intervals do not meet; most often they do."""
        if self.before is None or self.after is None:
            return False
        return self.after.high < self.before.low or self.before.high < self.after.low


def what_was_tried(*, user: User, patient: Patient, at: datetime) -> tuple[Tried, ...]:
    """Return what was accepted for one person, the newest first, and what followed."""
    check_can_treat(user, patient, at=at)
    offered = suggestions_visible_to(user, at=at).filter(patient=patient)
    accepted = Decision.objects.filter(
        suggestion__in=offered.values("pk"), choice=Decision.Choice.ACCEPT, at__lte=at
    ).select_related("suggestion__signal", "by")
    points = list(TrajectoryPoint.objects.filter(patient=patient, at__lte=at))
    return tuple(_tried(decision, points) for decision in accepted.order_by("-at"))


def _tried(decision: Decision, points: list[TrajectoryPoint]) -> Tried:
    measure = decision.suggestion.signal.measure
    of_measure = [point for point in points if point.measure == measure]
    before = [point for point in of_measure if point.at <= decision.at]
    until = decision.at + SOME_WEEKS
    after = [point for point in of_measure if decision.at < point.at <= until]
    return Tried(
        card=strategy(decision.suggestion.strategy),
        decision=decision,
        measure=measure,
        before=_level(before[-1]) if before else None,
        after=_level(after[-1]) if after else None,
    )


def _level(point: TrajectoryPoint) -> Level:
    half = WIDTH * point.filtered_sd
    mean = point.filtered_mean
    return Level(at=point.at, mean=mean, low=mean - half, high=mean + half)
