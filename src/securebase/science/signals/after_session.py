"""OVER: much distress at the end of a session, or more of it the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal

AT_THE_END, DAY_AFTER = "Distress at the end of the session", "Distress since"


@dataclass(frozen=True, slots=True)
class Distress:
    """One rating of distress, 0 to 10."""

    value: float
    at: datetime
    measure: str = "session.distress"


def left_in_distress(end: Distress, rules: Rules) -> Signal | None:
    """Return a signal if the distress at the end of a session was high."""
    threshold = rules["OVER.END"].thresholds["distress"]
    if end.value < threshold:
        return None
    return raised(
        "OVER.END",
        rules,
        Finding(
            measure=end.measure,
            at=end.at,
            statistic=end.value,
            threshold=threshold,
            unit="of 10",
            because=(Because(AT_THE_END, end.value, end.at),),
            data={"now": end.value},
        ),
    )


def worse_next_day(end: Distress, now: Distress, rules: Rules) -> Signal | None:
    """Return a signal if distress rose within a day or so of a session."""
    limits = rules["OVER.DAY"].thresholds
    soon = timedelta() < now.at - end.at <= timedelta(hours=limits["hours"])
    if not soon or now.value - end.value < limits["rise"]:
        return None
    return raised(
        "OVER.DAY",
        rules,
        Finding(
            measure=now.measure,
            at=now.at,
            statistic=now.value - end.value,
            threshold=limits["rise"],
            unit="points",
            because=(
                Because(AT_THE_END, end.value, end.at),
                Because(DAY_AFTER, now.value, now.at),
            ),
            data={"now": now.value, "end": end.value, "rise": now.value - end.value},
        ),
    )
