"""ENG: check-ins fall silent, or the last session is longer ago than agreed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal

SECONDS_PER_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in or session whose time is over: when it was due, and whether they came."""

    due: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Attendance:
    """Check-ins that are over, oldest first, and the rhythm of sessions.

    Leave out what fell into an agreed pause: it was not missed. ``days_agreed`` None
    means that no rhythm is agreed, and the gap is not looked at.
    """

    asked: tuple[Asked, ...] = ()
    last_session: datetime | None = None
    days_agreed: float | None = None
    sessions: tuple[Asked, ...] = ()
    """Therapy sessions that were held or missed, oldest first; cancelled ones left out."""
    measure: str = field(default="check-ins")


def silence(attendance: Attendance, rules: Rules, *, at: datetime) -> tuple[Signal, ...]:
    """Return every rule of silence that holds at a moment; ``combine`` makes one of them."""
    found = (
        _two_missed(attendance, rules, at),
        _rate_fell(attendance, rules, at),
        _long_gap(attendance, rules, at),
        _sessions_missed(attendance, rules, at),
    )
    return tuple(signal for signal in found if signal is not None)


def _two_missed(attendance: Attendance, rules: Rules, at: datetime) -> Signal | None:
    threshold = rules["ENG.TWO"].thresholds["missed"]
    missed = 0
    for asked in reversed(attendance.asked):
        if asked.answered:
            break
        missed += 1
    if missed < threshold:
        return None
    return raised(
        "ENG.TWO",
        rules,
        Finding(
            measure=attendance.measure,
            at=at,
            statistic=float(missed),
            threshold=threshold,
            unit="check-ins",
            because=_as_reasons(attendance.asked[-missed:]),
            data={"missed": float(missed)},
        ),
    )


def _rate_fell(attendance: Attendance, rules: Rules, at: datetime) -> Signal | None:
    limits = rules["ENG.RATE"].thresholds
    recent = int(limits["recent"])
    last, before = attendance.asked[-recent:], attendance.asked[:-recent]
    if len(before) < recent:
        return None
    answered, earlier = (sum(a.answered for a in part) for part in (last, before))
    rate, usual = answered / recent, earlier / len(before)
    if rate >= limits["rate"] or usual <= limits["usual_rate"]:
        return None
    return raised(
        "ENG.RATE",
        rules,
        Finding(
            measure=attendance.measure,
            at=at,
            statistic=rate,
            threshold=limits["rate"],
            unit="share answered",
            because=_as_reasons(last),
            data={"answered": float(answered), "before": f"{earlier} of {len(before)}"},
        ),
    )


def _long_gap(attendance: Attendance, rules: Rules, at: datetime) -> Signal | None:
    if attendance.last_session is None or attendance.days_agreed is None:
        return None
    days = (at - attendance.last_session).total_seconds() / SECONDS_PER_DAY
    threshold = rules["ENG.GAP"].thresholds["factor"] * attendance.days_agreed
    if days <= threshold:
        return None
    return raised(
        "ENG.GAP",
        rules,
        Finding(
            measure=attendance.measure,
            at=at,
            statistic=days,
            threshold=threshold,
            unit="days",
            because=(Because("Last session", None, attendance.last_session),),
            data={"days": float(int(days)), "rhythm": attendance.days_agreed},
        ),
    )


def _sessions_missed(attendance: Attendance, rules: Rules, at: datetime) -> Signal | None:
    limits = rules["ENG.MISS"].thresholds
    last = attendance.sessions[-int(limits["recent"]) :]
    missed = sum(not one.answered for one in last)
    if missed < limits["missed"] or last[-1].answered:
        return None
    return raised(
        "ENG.MISS",
        rules,
        Finding(
            measure="sessions",
            at=at,
            statistic=float(missed),
            threshold=limits["missed"],
            unit="sessions",
            because=tuple(
                Because("Session", "held" if one.answered else "missed", one.due)
                for one in last
            ),
            data={"missed": float(missed), "of": float(len(last))},
        ),
    )


def _as_reasons(asked: tuple[Asked, ...]) -> tuple[Because, ...]:
    return tuple(
        Because("Check-in", "answered" if a.answered else "not answered", a.due) for a in asked
    )
