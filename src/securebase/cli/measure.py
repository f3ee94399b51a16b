"""What is known of a measure that somebody names on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from securebase.science.change_groups import Line
from securebase.science.errors import BadInput
from securebase.science.library import instruments
from securebase.science.words import Better, Instrument, Reliability, Scale

CASENESS = ("case", "clinical")
"""How the keys of cut-offs begin that divide patients from others."""
RETEST = "retest"


@dataclass(frozen=True, slots=True)
class Measure:
    """A score by its name (``phq-9.total``), and its instrument if the library has it."""

    name: str
    better: Better
    instrument: Instrument | None = None
    scale: Scale | None = None

    @property
    def low(self) -> float:
        """Lower end of the scale."""
        return self.scale.low if self.scale else -inf

    @property
    def high(self) -> float:
        """Upper end of the scale."""
        return self.scale.high if self.scale else inf

    @property
    def reliable_change(self) -> float | None:
        """The published threshold, raw points."""
        return self._rule("rc")

    @property
    def line(self) -> Line | None:
        """The published line into the functional range: its own, or that of caseness."""
        functional = self._rule("csc")
        if functional is not None:
            return Line(functional)
        if self.instrument is None or self.scale is None:
            return None
        cases = [
            cutoff.value
            for cutoff in self.instrument.cutoffs
            if cutoff.scale == self.scale.slug and cutoff.key.startswith(CASENESS)
        ]
        return Line(cases[0], functional=False) if cases else None

    @property
    def reliability(self) -> Reliability | None:
        """How repeatable the score is: over a short interval, if that is known."""
        if self.instrument is None or self.scale is None:
            return None
        known = [r for r in self.instrument.reliabilities if r.scale == self.scale.slug]
        return min(known, key=lambda one: one.kind != RETEST, default=None)

    def check(self, score: float | None, place: str) -> None:
        """Refuse a score outside the scale."""
        if score is not None and not self.low <= score <= self.high:
            raise BadInput(
                f"{place}: {score:g} is outside {self.name}, which runs from {self.low:g} "
                f"to {self.high:g}. Correct it, or leave the cell empty."
            )

    def _rule(self, kind: str) -> float | None:
        if self.instrument is None or self.scale is None:
            return None
        rules = {r.kind: r.value for r in self.instrument.changes if r.scale == self.scale.slug}
        return rules.get(kind)


def find_measure(name: str, better: str | None) -> Measure:
    """Look a measure up; one the library does not know takes its better side as told.

    Raises
    ------
    BadInput
        If the instrument has no such score, the score no better side, or the better side
        told contradicts the instrument.
    """
    slug, _, score = name.partition(".")
    told = None if better is None else Better(better)
    instrument = instruments().get(slug)
    if instrument is None:
        return Measure(name, told or Better.LOWER)
    scales = {scale.slug: scale for scale in instrument.scales}
    if score not in scales:
        raise BadInput(
            f"{slug} has no score {score!r}; it has "
            f"{', '.join(f'{slug}.{known}' for known in scales)}. Name one of them."
        )
    side = scales[score].better
    if side is Better.NEITHER:
        raise BadInput(f"{name} has no better side, so change on it has no name.")
    if told not in {None, side}:
        raise BadInput(f"--better is {told}, but on {name} {side} is better. Leave it out.")
    return Measure(name, side, instrument, scales[score])
