"""Readiness for trauma processing: each domain with its data, and no sum of them.

Read from ``content/readiness.toml``. A domain without data is "not measured", never
"fine"; nothing here permits or forbids anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.words import Source

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = "readiness.toml"


class State(StrEnum):
    """How one domain stands, as far as there are data."""

    SETTLED = "settled"
    DISCUSS = "discuss"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Domain:
    """One thing to look at, with what would be settled, what to discuss, what to ask."""

    key: str
    name: str
    settled: str
    discuss: str
    ask: str
    measures: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    discuss_from: float | None = None
    settled_below: float | None = None
    last_distress: int | None = None
    times: int | None = None
    sessions_left: int | None = None
    limits: str = ""
    """Where the limits come from; empty where the domain has none."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole of ``content/readiness.toml``, understood."""

    version: str
    source: Source
    fresh: timedelta
    domains: tuple[Domain, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person now.

    ``scores`` has the last value of each measure and when; ``signals`` when each kind that
    is open was raised; ``safety`` whether the last safety question was marked, and when;
    ``distress`` the patient's ratings at the end of the last sessions, 0 to 10, newest
    first; ``sessions_left`` of those planned.
    """

    scores: Mapping[str, tuple[float, datetime]] = field(default_factory=dict)
    signals: Mapping[str, datetime] = field(default_factory=dict)
    safety: tuple[bool, datetime] | None = None
    strain: datetime | None = None
    distress: tuple[tuple[int, datetime], ...] = ()
    sessions_left: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One domain as the data have it: the state, in words, from when, from what."""

    domain: Domain
    state: State
    says: str
    at: datetime | None = None
    source: str = ""


@cache
def readiness_panel() -> Panel:
    """Return the domains in the order in which they are looked at.

    Raises
    ------
    ContentError
        If the file is not of its form.
    """
    found = content_toml(FILE)
    source = Source(key=FILE, text=found["source"], verified=found["verified"])
    fresh = timedelta(days=found["fresh"]["days"])
    domains = tuple(_domain(entry) for entry in found["domain"])
    return Panel(found["version"], source, fresh, domains)


def weigh(facts: Facts, *, at: datetime) -> tuple[Row, ...]:
    """Return each domain with what the data say of it.

    Parameters
    ----------
    facts : Facts
        What is known of one person.
    at : datetime
        Now. Scores and ratings older than ``fresh`` count as not measured.

    Returns
    -------
    tuple of Row
        One for each domain, in the order of the file. There is no total.
    """
    panel = readiness_panel()
    return tuple(
        RULES.get(domain.key, _nothing)(domain, facts, at - panel.fresh)
        for domain in panel.domains
    )


def _nothing(domain: Domain, _: Facts, since: datetime) -> Row:
    days = f"since {since:%-d %B %Y}" if domain.measures else "by any questionnaire here"
    return Row(domain, State.UNKNOWN, f"Not measured {days}.")


def _suicide(domain: Domain, facts: Facts, since: datetime) -> Row:
    raised = _raised(domain, facts)
    if raised is not None:
        words = "A safety answer is marked and still open."
        return Row(domain, State.DISCUSS, words, raised, "safety question")
    if facts.safety is None or facts.safety[1] < since:
        return _nothing(domain, facts, since)
    marked, when = facts.safety
    if marked:
        return Row(
            domain, State.DISCUSS, "The last safety question was marked.", when, "check-in"
        )
    words = "The last safety question was not marked. That is not the same as no risk."
    return Row(domain, State.SETTLED, words, when, "check-in")


def _screen(domain: Domain, facts: Facts, since: datetime) -> Row:
    known = [
        (facts.scores[m], m)
        for m in domain.measures
        if m in facts.scores and facts.scores[m][1] >= since
    ]
    if not known:
        return _nothing(domain, facts, since)
    (value, when), measure = known[0]
    high = domain.discuss_from is not None and value >= domain.discuss_from
    low = domain.settled_below is not None and value < domain.settled_below
    state = State.SETTLED if low else State.DISCUSS
    words = "high" if high else "low" if low else "in between, so worth asking"
    return Row(domain, state, f"{value:g} points: {words}.", when, measure)


def _affect(domain: Domain, facts: Facts, since: datetime) -> Row:
    rated = [one for one in facts.distress if one[1] >= since]
    times, limit = domain.times or 1, domain.last_distress or 0
    if len(rated) < times:
        return _nothing(domain, facts, since)
    values = ", ".join(str(value) for value, _ in rated[:times])
    upset = all(value >= limit for value, _ in rated[:times])
    state = State.DISCUSS if upset else State.SETTLED
    words = f"Distress at the end of the last {times} sessions: {values} of 10."
    return Row(domain, state, words, rated[0][1], "the minute after a session")


def _alliance(domain: Domain, facts: Facts, since: datetime) -> Row:
    if facts.strain is not None:
        return Row(domain, State.DISCUSS, "A strain is open.", facts.strain, "repair log")
    raised = _raised(domain, facts)
    if raised is not None:
        words = "A signal about the work together is open."
        return Row(domain, State.DISCUSS, words, raised, "check-in")
    known = facts.scores.get(domain.measures[0])
    if known is None or known[1] < since:
        return _nothing(domain, facts, since)
    words = "Rated, with no signal and no strain open."
    return Row(domain, State.SETTLED, words, known[1], "check-in")


def _time(domain: Domain, facts: Facts, _: datetime) -> Row:
    left = facts.sessions_left
    if left is None:
        return Row(domain, State.UNKNOWN, "No end is planned, so nothing can be counted.")
    short = left <= (domain.sessions_left or 0)
    state = State.DISCUSS if short else State.SETTLED
    words = f"{left} planned session{'' if left == 1 else 's'} left."
    return Row(domain, state, words, None, "planned sessions")


def _raised(domain: Domain, facts: Facts) -> datetime | None:
    return max((facts.signals[k] for k in domain.signals if k in facts.signals), default=None)


RULES: Mapping[str, Callable[[Domain, Facts, datetime], Row]] = {
    "suicide": _suicide,
    "dissociation": _screen,
    "affect": _affect,
    "alliance": _alliance,
    "time": _time,
}
"""How each domain is weighed that the program has data for; the others are asked."""

_WORDS = {"key": str, "name": str, "settled": str, "discuss": str, "ask": str, "measures": list}
_LIMITS = {
    "signals": list,
    "discuss_from": int,
    "settled_below": int,
    "last_distress": int,
    "times": int,
    "sessions_left": int,
    "limits": str,
}


def _domain(entry: Mapping[str, Any]) -> Domain:
    name = f"{FILE}, domain {entry.get('key', 'without a key')}"
    check_keys(entry, name=name, required=_WORDS, optional=_LIMITS)
    lists = {key: tuple(entry.get(key, ())) for key in ("measures", "signals")}
    return Domain(**{**entry, **lists})
