"""Invented people for the chapters on signals: short courses, answers and sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from securebase.science.signals.after_session import (
    Distress,
    left_in_distress,
    worse_next_day,
)
from securebase.science.signals.deterioration import deterioration
from securebase.science.signals.dip_window import expected_dip
from securebase.science.signals.dissociation import Dissociation, dissociation
from securebase.science.signals.first_ratings import low_at_first
from securebase.science.signals.helping import Needs, Tried, help_wanted, worse_after
from securebase.science.signals.improvement import early_improvement, fast_improvement
from securebase.science.signals.mending import Mending, mended
from securebase.science.signals.not_on_track import not_on_track
from securebase.science.signals.open_strain import Strain, open_strain
from securebase.science.signals.quality import Form, quality
from securebase.science.signals.rules import load_rules
from securebase.science.signals.rupture import (
    Tension,
    alliance_dip,
    said_tension,
    slow_decline,
)
from securebase.science.signals.safety import SafetyAnswer, safety
from securebase.science.signals.silence import Asked, Attendance, silence
from securebase.science.signals.views import Noticed, Sides, strong_strain, views_apart
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import load_priors
from securebase.science.words import Signal

RULES, PRIORS = load_rules(), load_priors()
LOW_MOOD, ALLIANCE = PRIORS["phq-9.total"], PRIORS["session-check-in.alliance"]
START = datetime(2026, 1, 5, 18, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SLIDE = (8.25, 8, 8.25, 8, 7.5, 7, 6.25, 5.75)


def weekly(n: int) -> Any:
    return [START + timedelta(weeks=i) for i in range(n)]


def moods(*values: Any, planned: Any = 16) -> Any:
    return follow(weekly(len(values)), values, prior=LOW_MOOD, planned_sessions=planned)


def bond(*values: Any) -> Any:
    return follow(weekly(len(values)), values, prior=ALLIANCE)


def attendance(pattern: str, **more: Any) -> Any:
    """Check-ins as a row of letters: y answered, n missed."""
    return Attendance(asked(pattern), **more)


def asked(pattern: str) -> tuple[Asked, ...]:
    """Give what was due, as a row of letters: y came, n did not."""
    return tuple(
        Asked(at, c == "y") for at, c in zip(weekly(len(pattern)), pattern, strict=True)
    )


def heard(signal: Signal | None) -> Signal:
    assert signal is not None
    return signal


def spoken(signals: Any) -> Any:
    return [signal.rule for signal in signals]


def mark(item: str = "9", instrument: str = "phq-9") -> Signal:
    return heard(safety(SafetyAnswer(instrument, item, 1, START), RULES))


def dip() -> Signal:
    return heard(alliance_dip(bond(8, 7.75, 8, 8.25, 5.25), RULES))


def said(tension: float) -> Signal:
    return heard(said_tension(Tension(tension, START), RULES))


def off_track() -> Signal:
    return heard(not_on_track(moods(18, 18, 19, 20, 21, 21), RULES, prior=LOW_MOOD))


def worse() -> Signal:
    return heard(deterioration(moods(10, 11, 12, 12, 16), RULES, prior=LOW_MOOD))


def still_open(held: int = 4) -> Signal:
    return heard(open_strain(Strain(START, held), RULES, at=START + timedelta(weeks=6)))


def gain() -> Signal:
    return heard(fast_improvement(moods(20, 21, 20, 12, 11), RULES, prior=LOW_MOOD))


def early() -> Signal:
    return heard(early_improvement(moods(20, 18, 16, 15), RULES, prior=LOW_MOOD))


def sides(tension: Any = None, noticed: Any = None, *, missed: bool = False) -> Sides:
    """Give what was said and noticed of one session."""
    return Sides(
        tension=None if tension is None else Tension(tension, START),
        noticed=None if noticed is None else Noticed(noticed, START),
        missed=START if missed else None,
    )


def strong(flagged: Any = (), **more: Any) -> Signal | None:
    return strong_strain(list(flagged), sides(**more), RULES)


def back(*values: Any, answer: float = 3, week: int = 4) -> Signal | None:
    """Give the repair found for ratings whose strain was noticed in a week."""
    line, since = bond(*values), START + week * WEEK
    told = Mending(answer, line.points[-1].at, since)
    return mended(line, told, RULES, prior=ALLIANCE)


MENDED = (8, 8, 8, 8, 5, 8, 8)


def dissociated(now: float, first: float | None = None) -> tuple[Signal, ...]:
    return dissociation(Dissociation("des-ii.mean", now, START, first, START), RULES)


def exercise(*rises: float, name: str = "slow-breathing") -> Any:
    return tuple(Tried(name, 3, 3 + rise, START + i * DAY) for i, rise in enumerate(rises))


def form(**more: Any) -> Form:
    given = {"instrument": "phq-9", "name": "PHQ-9", "at": START, "asked": 20, "skipped": 0}
    return Form(**{**given, **more})


def every_signal() -> list[Signal]:
    """One signal of every rule in the register."""
    quiet = attendance("yyyyynnn", last_session=START, days_agreed=7, sessions=asked("ynn"))
    end = Distress(6, START)
    at = START + 2 * DAY
    found = [
        mark(),
        mark("4", "c-ssrs-screener"),
        off_track(),
        not_on_track(moods(15, 15, 15, 23, planned=None), RULES, prior=LOW_MOOD),
        worse(),
        deterioration(moods(10, 14, 18, 20), RULES, prior=LOW_MOOD),
        dip(),
        slow_decline(bond(*SLIDE), RULES, prior=ALLIANCE),
        said(3),
        strong([dip()], missed=True),
        low_at_first(bond(4), RULES, prior=ALLIANCE),
        views_apart(sides(0, 3), RULES),
        still_open(),
        *silence(quiet, RULES, at=START + timedelta(days=70)),
        gain(),
        early(),
        back(*MENDED),
        expected_dip([worse()], RULES, processed=START, at=at),
        *dissociated(51, 29),
        left_in_distress(end, RULES),
        worse_next_day(end, Distress(9, START + DAY, "sud.level"), RULES),
        *worse_after(exercise(2, 3), RULES),
        help_wanted(Needs(("rent", "food"), wants_help=True, at=START), RULES),
        *quality(form(same_in_a_row=6, skipped=5, seconds=40), RULES),
    ]
    return [heard(signal) for signal in found]
