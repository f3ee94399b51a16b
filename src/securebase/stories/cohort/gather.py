"""Collecting what an export of everybody holds: ids drawn anew, weeks in place of dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Protocol
from uuid import UUID

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.models import Episode, Signal, SignalAct
from securebase.clinic.guidance.models import Decision
from securebase.clinic.measurement.models import Score
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.science.cohort.alike import make_alike
from securebase.science.cohort.form import Form

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
AT_ONCE = 2000
SECONDS_A_WEEK = 7 * 24 * 3600


class Draws(Protocol):
    """Something that draws bits: the system's randomness, or a seeded one in tests."""

    def getrandbits(self, k: int, /) -> int:
        """Return a number of k random bits."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What judges a change on a measure; None where it is not known."""

    better: str
    reliable: float | None
    cutoff: float | None
    cutoff_functional: bool | None


@dataclass(frozen=True, slots=True)
class Span:
    """The last span of care of one person, and the id drawn for them."""

    person: str
    episode: Episode
    language: str
    start: datetime
    end: datetime

    def week(self, at: datetime) -> int:
        """Return the whole weeks since the start."""
        return int((at - self.start).total_seconds() // SECONDS_A_WEEK)

    def holds(self, at: datetime | None) -> bool:
        """Whether a moment lies in the span."""
        return at is not None and self.start <= at <= self.end


Spans = Mapping[UUID, Span]


def gather(
    *, form: Form, yardstick: Callable[[str], Yardstick], draws: Draws, at: datetime
) -> Rows:
    """Return the rows of every table of the form, in an order that tells nothing."""
    spans = _spans(draws, at)
    scores = list(_scores(spans))
    signals, numbers = _signals(spans)
    held = _held(spans)
    rows: Rows = {
        "about": [(form.number, version("securebase"), form.least_alike)],
        "people": _people(spans, held, form),
        "measures": _measures({row[1] for row in scores}, yardstick),
        "scores": scores,
        "sessions": list(_sessions(spans)),
        "checkins": list(_checkins(spans)),
        "ruptures": list(_ruptures(spans)),
        "signals": signals,
        "acts": [*_acts(numbers), *_decisions(numbers)],
    }
    return {name: sorted(found, key=_in_order) for name, found in rows.items()}


def _in_order(row: Row) -> tuple[str, ...]:
    return tuple(f"{cell:012}" if type(cell) is int else str(cell) for cell in row)


def _spans(draws: Draws, at: datetime) -> dict[UUID, Span]:
    """Take everybody's last span of care; the first one takes with it what was before."""
    episodes: dict[UUID, list[Episode]] = defaultdict(list)
    for episode in Episode.objects.filter(opened_at__lte=at).order_by("opened_at"):
        episodes[episode.patient_id].append(episode)
    languages = dict(Patient.objects.values_list("pk", "language"))
    earliest = _earliest(at)
    spans, taken = {}, set[str]()
    for patient, mine in episodes.items():
        last = mine[-1]
        began = min(last.opened_at, earliest.get(patient, last.opened_at))
        spans[patient] = Span(
            person=_drawn(draws, taken),
            episode=last,
            language=languages[patient],
            start=began if len(mine) == 1 else last.opened_at,
            end=min(last.closed_at or at, at),
        )
    return spans


def _earliest(at: datetime) -> dict[UUID, datetime]:
    """Find everybody's first score or session."""
    found: dict[UUID, datetime] = {}
    for moments in (
        Score.objects.filter(at__lte=at).values_list("patient_id", "at"),
        TherapySession.objects.filter(starts_at__lte=at).values_list("patient_id", "starts_at"),
    ):
        for patient, moment in moments.order_by().iterator(chunk_size=AT_ONCE):
            found[patient] = min(moment, found.get(patient, moment))
    return found


def _drawn(draws: Draws, taken: set[str]) -> str:
    """Draw an id nobody has yet; it is not made of anything."""
    while (person := f"{draws.getrandbits(48):012x}") in taken:
        pass
    taken.add(person)
    return person


def _held(spans: Spans) -> Mapping[UUID, int]:
    """Count the sessions each person came to."""
    held: dict[UUID, int] = defaultdict(int)
    came = TherapySession.objects.filter(state=TherapySession.State.HELD)
    for patient, starts_at in came.values_list("patient_id", "starts_at"):
        held[patient] += patient in spans and spans[patient].holds(starts_at)
    return held


def _people(spans: Spans, held: Mapping[UUID, int], form: Form) -> list[Row]:
    people: list[dict[str, str | None]] = [
        {
            "person": span.person,
            "care": _care(span, held.get(patient, 0)),
            "phase": span.episode.phase,
            "language": span.language,
            "time_in_care": form.band(span.week(span.end)),
        }
        for patient, span in spans.items()
    ]
    alike = make_alike(people, form.alike, form.least_alike)
    return [tuple(one[name] for name in form.names("people")) for one in alike]


def _care(span: Span, held: int) -> str:
    closed, planned = span.episode.closed_at, span.episode.planned_sessions
    if closed is None or closed > span.end:
        return "in_care"
    if planned is None:
        return "ended"
    return "completed" if held >= planned else "ended_early"


def _measures(names: Iterable[str], yardstick: Callable[[str], Yardstick]) -> list[Row]:
    told = [(name, yardstick(name)) for name in names]
    return [(n, y.better, y.reliable, y.cutoff, y.cutoff_functional) for n, y in told]


def _scores(spans: Spans) -> Iterator[Row]:
    counted: dict[tuple[UUID, str], int] = defaultdict(int)
    found = Score.objects.order_by("patient_id", "measure", "at", "pk")
    columns = ("patient_id", "measure", "at", "value", "state")
    for patient, measure, at, value, state in _each(found, columns):
        span = spans.get(patient)
        if span and span.holds(at):
            counted[patient, measure] += 1
            position = counted[patient, measure]
            yield span.person, measure, position, span.week(at), value, state


def _sessions(spans: Spans) -> Iterator[Row]:
    columns = ("patient_id", "starts_at", "state", "tension", "distress", "processed")
    for patient, at, *rest in _each(TherapySession.objects.order_by(), columns):
        span = spans.get(patient)
        if span and span.holds(at):
            yield span.person, span.week(at), *rest


def _checkins(spans: Spans) -> Iterator[Row]:
    for patient, at, state in _each(
        CheckIn.objects.order_by(), ("patient_id", "due_at", "state")
    ):
        span = spans.get(patient)
        if span and span.holds(at):
            yield span.person, span.week(at), state


def _ruptures(spans: Spans) -> Iterator[Row]:
    columns = ("patient_id", "noticed_at", "kind", "repaired_at")
    for patient, at, kind, repaired_at in _each(Rupture.objects.order_by(), columns):
        span = spans.get(patient)
        if span and span.holds(at):
            mended = span.week(repaired_at) if span.holds(repaired_at) else None
            yield span.person, span.week(at), kind, mended


def _signals(spans: Spans) -> tuple[list[Row], dict[UUID, tuple[Span, int]]]:
    rows: list[Row] = []
    numbers: dict[UUID, tuple[Span, int]] = {}
    counted: dict[str, int] = defaultdict(int)
    columns = ("patient_id", "pk", "raised_at", "kind", "rule", "tier", "measure")
    found = Signal.objects.order_by("raised_at", "rule", "measure")
    for patient, pk, at, kind, rule, tier, measure in _each(found, columns):
        span = spans.get(patient)
        if span and span.holds(at):
            counted[span.person] += 1
            numbers[pk] = span, counted[span.person]
            number, week = counted[span.person], span.week(at)
            rows.append((span.person, number, week, kind, rule, tier, measure or None))
    return rows, numbers


def _acts(numbers: Mapping[UUID, tuple[Span, int]]) -> Iterator[Row]:
    columns = ("signal_id", "at", "act", "reason_code")
    for signal, at, act, reason in _each(SignalAct.objects.order_by(), columns):
        yield from _act(numbers.get(signal), at, act, reason)


def _decisions(numbers: Mapping[UUID, tuple[Span, int]]) -> Iterator[Row]:
    columns = ("suggestion__signal_id", "at", "choice", "reason_code")
    for signal, at, choice, reason in _each(Decision.objects.order_by(), columns):
        yield from _act(numbers.get(signal), at, f"suggestion_{choice}", reason)


def _act(of: tuple[Span, int] | None, at: datetime, act: str, reason: str) -> Iterator[Row]:
    if of and of[0].holds(at):
        span, number = of
        yield span.person, number, span.week(at), act, reason or None


def _each(found: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    rows: Iterator[Row] = found.values_list(*columns).iterator(chunk_size=AT_ONCE)
    return rows
