"""The nouns of science: what an instrument is, what a score is, what a signal says.

All are frozen: a thing worked out is never edited, only worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

Answers = Mapping[str, int | None]
"""Raw answers by item id, before any reversal; None or absent means not answered."""


class Better(StrEnum):
    """Which way is better, for a score."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class State(StrEnum):
    """How a score came about."""

    SCORED = "scored"
    PRORATED = "prorated"
    INCOMPLETE = "incomplete"


class Combine(StrEnum):
    """How the answers of a scale become one number."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    WEIGHTED = "weighted"


class Shelf(StrEnum):
    """What may be done with an instrument's wording (see the licence registry)."""

    SHIP = "A"
    PACK = "B"
    NO_TEXT = "C"
    NOT_AT_ALL = "D"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number or a statement comes from."""

    key: str
    text: str
    verified: bool = False
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument.

    ``kind`` is ``choice`` (labelled answers), ``slider`` (a number line) or ``text``
    (words; never scored). ``scale`` names the answer labels in the wording. If the item
    ``asked_if`` names is answered at its floor ("no"), this one counts as its own floor.
    """

    id: str
    low: int
    high: int
    kind: str = "choice"
    scale: str = ""
    safety: bool = False
    scored: bool = True
    loinc: str | None = None
    asked_if: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that combine into one score, with the authors' rule for missing answers.

    ``recode`` is added to every answer (K6 asks 1 to 5 and counts 0 to 4). ``parts``
    names scales whose scores add up to this one: it is scorable only if they all are.
    """

    slug: str
    items: tuple[str, ...]
    combine: Combine
    min_answered: int
    reversed_items: frozenset[str] = frozenset()
    weights: tuple[float, ...] = ()
    recode: int = 0
    low: float = 0.0
    high: float = 0.0
    better: Better = Better.LOWER
    count_from: int = 1
    parts: tuple[str, ...] = ()
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A flag or verdict worked out by rule, three-valued: unknown stays unknown.

    ``expr`` is in the closed expression language of ``science.expressions``;
    ``cases`` maps, in order, an expression to the value it gives.
    """

    key: str
    cases: tuple[tuple[str, str | bool], ...]
    otherwise: str | bool = False
    safety: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """One named range of a score, from ``minimum`` up to the next band."""

    scale: str
    key: str
    minimum: float
    population: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A published threshold: ``value`` and above (or below, if higher is better)."""

    scale: str
    key: str
    value: float
    meaning: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How repeatable a score is: the figure, its kind, and who was measured."""

    scale: str
    kind: str
    value: float
    sd: float
    sample: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and standard deviation of a score in a named group of people."""

    scale: str
    group: str
    mean: float
    sd: float
    n: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """How much change is reliable, in raw points, by which method and source."""

    scale: str
    kind: str
    value: float
    method: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be shown, on whose word, and who looked."""

    shelf: Shelf
    statement: str
    evidence: str
    notice: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of an instrument in one language; a definition may have none."""

    language: str
    title: str
    instruction: str
    items: Mapping[str, str]
    answers: Mapping[str, Mapping[int, str]]
    """Answer labels by answer scale, then by value; sliders label their ends only."""
    about: str = ""
    content_note: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A named, versioned, licensed set of items and all that is known of its scores."""

    slug: str
    version: str
    name: str
    measures: str
    recall: str
    minutes: float
    validated: bool
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    licence: Licence
    outcomes: tuple[Outcome, ...] = ()
    bands: tuple[Band, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    changes: tuple[ChangeRule, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    norms: tuple[Norm, ...] = ()
    sources: tuple[Source, ...] = ()
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    digest: str = ""
    """SHA-256 of the definition file, kept with every score it gives."""
    loinc: str | None = None

    def item(self, item_id: str) -> Item:
        """Return one item by its author's number; KeyError if there is none."""
        return {item.id: item for item in self.items}[item_id]

    def scale(self, slug: str) -> Scale:
        """Return one scale by name; KeyError if there is none."""
        return {scale.slug: scale for scale in self.scales}[slug]


@dataclass(frozen=True, slots=True)
class Score:
    """One number for one scale (``phq-9.total``). ``value`` None: not scorable."""

    measure: str
    value: float | None
    answered: int
    state: State
    band: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Everything one response gives; ``safety`` holds ids of items above their floor."""

    instrument: str
    version: str
    digest: str
    scores: tuple[Score, ...]
    outcomes: Mapping[str, str | bool | None]
    safety: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, float | int | str | bool | None]:
        """Return the sheet flat, keyed as the outside of the program promises."""
        flat: dict[str, float | int | str | bool | None] = {}
        for score in self.scores:
            name = score.measure.split(".", 1)[1]
            flat |= {name: score.value, f"{name}.state": score.state.value}
            flat[f"{name}.answered"] = score.answered
            if score.band is not None:
                flat[f"{name}.band"] = score.band
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
    SILENCE = "ENG"


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


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Scores of one measure over time, in order, with the model's reading of each."""

    measure: str
    better: Better
    points: tuple[Point, ...]
    parameters_version: str
    planned_sessions: int | None = None

    @property
    def values(self) -> Sequence[float | None]:
        """The raw scores in order, None where one was missing."""
        return [p.value for p in self.points]

    def until(self, count: int) -> Trajectory:
        """Return the trajectory as it stood after its first points."""
        return replace(self, points=self.points[:count])


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
