"""The nouns of an instrument: what is asked, how it counts, and all that is known of it.

They are frozen, and spoken of elsewhere as part of ``science.words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Better(StrEnum):
    """Which way is better, for a score."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


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
    ``codes`` are the only answers allowed, where not every whole number from ``low`` to
    ``high`` is one (0, 10, 20 ... 100; or 1, 2 and 8 as the authors number them).
    Items of one ``group`` are the tick boxes of one question: 1 ticked, 0 not ticked.
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
    codes: tuple[int, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that combine into one score, with the authors' rule for missing answers.

    ``recode`` is added to every answer (K6 asks 1 to 5 and counts 0 to 4). ``parts``
    names scales whose scores add up to this one: it is scorable only if they all are.
    ``tally`` names outcomes; the score is how many of them hold, unknown while one is.

    What comes out is then multiplied by ``factor``, ``offset`` is added, and if there is a
    ``lookup`` it is found there: rows of [raw, reported] or [raw, reported, its standard
    error]. ``low`` and ``high`` are those of the reported score.
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
    tally: tuple[str, ...] = ()
    factor: float = 1.0
    offset: float = 0.0
    lookup: tuple[tuple[float, ...], ...] = ()
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
    loinc: str | None = None
    otherwise_abroad: str = ""
    """What ``otherwise`` is called in a file for others, where they have no word for it."""


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
    groups: Mapping[str, str] = field(default_factory=dict)
    """The question over the tick boxes of each group; its items are the boxes."""


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
    order: str = "fixed"
    """``random`` where the authors ask that the items come in a new order each time."""
    target: str = ""
    """What one response is about, where it means nothing without it: ``person``."""
    over_targets: str = ""
    """``mean`` where the authors make one score of those about several people."""
    once: bool = False
    """True if it is asked once and never as an outcome (what happened in childhood)."""
    at_home: str = ""
    """What a clinician reads and confirms before it is asked while nobody sits beside."""
    interval_days: int = 0
    """Days that should lie between two responses, 0 if the authors set none."""

    def item(self, item_id: str) -> Item:
        """Return one item by its author's number; KeyError if there is none."""
        return {item.id: item for item in self.items}[item_id]

    def scale(self, slug: str) -> Scale:
        """Return one scale by name; KeyError if there is none."""
        return {scale.slug: scale for scale in self.scales}[slug]
