"""The nouns of science: what an instrument is, what a score is, what a signal says.

All are frozen: a thing worked out is never edited, only worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from securebase.science.instrument_words import (
    Band,
    Better,
    ChangeRule,
    Combine,
    Cutoff,
    Instrument,
    Item,
    Licence,
    Norm,
    Outcome,
    Reliability,
    Scale,
    Shelf,
    Source,
    Wording,
)

__all__ = [
    "Answers",
    "Band",
    "Because",
    "Better",
    "ChangeRule",
    "Combine",
    "Cutoff",
    "Instrument",
    "Item",
    "Kind",
    "Licence",
    "Makeup",
    "Norm",
    "Outcome",
    "Point",
    "Reliability",
    "Scale",
    "Score",
    "ScoreSheet",
    "Shelf",
    "Signal",
    "Source",
    "State",
    "Strategy",
    "Suggestion",
    "Tier",
    "Trajectory",
    "Wording",
]

Answers = Mapping[str, int | None]
"""Raw answers by item id, before any reversal; None or absent means not answered."""


class State(StrEnum):
    """How a score came about."""

    SCORED = "scored"
    PRORATED = "prorated"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Score:
    """One number for one scale (``phq-9.total``). ``value`` None: not scorable.

    ``error`` is the standard error of a score looked up in a table that gives one.
    """

    measure: str
    value: float | None
    answered: int
    state: State
    band: str | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Everything one response gives; ``safety`` holds ids of items above their floor.

    ``straight_lined``: the same answer to every item, though some are worded the other way.
    """

    instrument: str
    version: str
    digest: str
    scores: tuple[Score, ...]
    outcomes: Mapping[str, str | bool | None]
    safety: tuple[str, ...] = ()
    straight_lined: bool = False

    def as_dict(self) -> dict[str, float | int | str | bool | None]:
        """Return the sheet flat, keyed as the outside of the program promises."""
        flat: dict[str, float | int | str | bool | None] = {}
        for score in self.scores:
            name = score.measure.split(".", 1)[1]
            flat |= {name: score.value, f"{name}.state": score.state.value}
            flat[f"{name}.answered"] = score.answered
            if score.band is not None:
                flat[f"{name}.band"] = score.band
            if score.error is not None:
                flat["SE"] = score.error
        return flat | dict(self.outcomes)


class Tier(StrEnum):
    """How soon a signal wants a look: the words the pages show."""

    NOW = "now"
    LOOK = "look"
    INFO = "info"


class Kind(StrEnum):
    """The kinds of signal, by the ids of the clinical registry."""

    SAFETY = "SAFE"
    NOT_ON_TRACK = "NOT"
    DETERIORATION = "DET"
    RUPTURE = "RUP"
    OPEN_RUPTURE = "OPEN"
    SILENCE = "ENG"
    DISSOCIATION = "DISS"
    OVER_AROUSAL = "OVER"
    NEED = "NEED"
    GAIN = "GAIN"
    EARLY = "EARLY"
    REPAIR = "REPAIR"
    DIP = "DIP"
    SKILL = "SKILL"
    DATA = "DATA"

    @property
    def only_tells(self) -> bool:
        """Whether it asks for nothing: no look, no suggestion, no share of the budget."""
        return self in {
            Kind.GAIN,
            Kind.EARLY,
            Kind.REPAIR,
            Kind.DIP,
            Kind.SKILL,
            Kind.DATA,
        }


@dataclass(frozen=True, slots=True)
class Because:
    """One input of a signal: what was looked at, its value, and when it was given."""

    label: str
    value: float | str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A reason to look. It says worth asking, never is.

    ``rule`` names the rule that spoke (``RUP.R1``); ``statistic`` and ``threshold`` are in
    ``unit``; ``data`` holds what the page needs to say it in words (``usual``, ``now``).
    """

    kind: Kind
    rule: str
    tier: Tier
    measure: str
    at: datetime
    statistic: float | None
    threshold: float | None
    unit: str
    because: tuple[Because, ...]
    not_assessed: tuple[str, ...] = ()
    data: Mapping[str, float | str | None] = field(default_factory=dict)
    rule_version: str = ""
    parameters_version: str = ""


@dataclass(frozen=True, slots=True)
class Makeup:
    """What a best estimate is made of, in raw points; the three add up to it.

    ``curve``: what is expected of anybody at this session; ``past``: what the person's
    earlier scores add; ``last``: what the newest adds, its ``weight`` times its distance
    from the curve.
    """

    curve: float
    past: float
    last: float
    weight: float


@dataclass(frozen=True, slots=True)
class Point:
    """One observation of one measure and what the trajectory model made of it.

    Means and standard deviations in raw points of the measure; ``innovation`` in
    standard deviations; probabilities are of the planned end, None where no end is set.
    """

    at: datetime
    value: float | None
    filtered_mean: float
    filtered_sd: float
    predicted_mean: float
    predicted_sd: float
    innovation: float | None
    band_low: float
    band_high: float
    p_improve: float | None = None
    p_deteriorate: float | None = None
    session: float | None = None
    """Therapy sessions behind this observation; 0 is intake."""
    makeup: Makeup | None = None
    clipped: bool = False
    """Whether the score lay so far out that it counted only in part."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Scores of one measure over time, in order, with the model's reading of each."""

    measure: str
    better: Better
    points: tuple[Point, ...]
    parameters_version: str
    planned_sessions: int | None = None
    known: Mapping[str, float] = field(default_factory=dict)
    """Covariates known at intake, standardised, that moved what was expected."""
    smoothed: tuple[tuple[float, float], ...] = ()
    """Level and its sd at every point given all scores, later ones too."""

    @property
    def values(self) -> Sequence[float | None]:
        """The raw scores in order, None where one was missing."""
        return [p.value for p in self.points]

    def until(self, count: int) -> Trajectory:
        """Return the trajectory as it stood after its first points."""
        return replace(self, points=self.points[:count], smoothed=())


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way of working, as a card: what, how, when not, and how sure anyone is."""

    slug: str
    code: str
    """The clinical registry's short code, for instance ``C1``."""
    area: str
    title: str
    summary: str
    steps: tuple[str, ...]
    words: tuple[str, ...]
    """Sentences a clinician might say, as starting points."""
    suits: tuple[str, ...]
    caution: str
    evidence: str
    """A, B, C or D; see the registry for what each grade means."""
    evidence_text: str
    calls: tuple[str, ...]
    """Kinds or rules of signal that call for this card, best first."""
    sources: tuple[Source, ...]
    reviewed_on: date
    minutes: int = 10
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A strategy offered for a signal, with its because and what was not measured."""

    strategy: str
    rank: int
    because: str
    not_measured: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    signal: Signal | None = None
    """The signal it answers; None only where a card is offered without one."""
