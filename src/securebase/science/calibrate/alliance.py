"""What the rules on the rating of the alliance do in one world.

Nothing happens to these people until it is made to: a dip of one session, a slow slide, or
a poor start. So what is called low before is noise, and what is called low then is a hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from securebase.science.calibrate import rules as ask
from securebase.science.calibrate.count import (
    ever,
    predictive_value,
    share_of,
    share_of_occasions,
)
from securebase.science.calibrate.figures import Rate
from securebase.science.calibrate.following import Followed, followed
from securebase.science.calibrate.people import Bools, onsets, ratings, silenced, stepped
from securebase.science.calibrate.worlds import Design, Floats, World
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Ints


class Strain(StrEnum):
    """What a rule looks for."""

    DIP = "dip"
    SLIDE = "slide"
    START = "start"


@dataclass(frozen=True, slots=True)
class Heard:
    """One rule: how it is asked, what it looks for, and the session it can first speak at."""

    ask: ask.Asked
    strain: Strain
    begins: int


RULES: dict[str, Heard] = {
    "RUP.R1": Heard(ask.low_rating, Strain.DIP, 3),
    "own mean": Heard(ask.below_own_mean, Strain.DIP, 3),
    "drop": Heard(ask.large_drop, Strain.DIP, 3),
    "RUP.R3": Heard(ask.slow_slide, Strain.SLIDE, 6),
    "RUP.LOW": Heard(ask.low_at_first, Strain.START, 0),
}


@dataclass(frozen=True, slots=True)
class Bonds:
    """People of one world whose alliance is steady, followed; and how to strain it."""

    world: World
    prior: Prior
    rules: Rules
    design: Design
    raw: Floats
    weeks: Floats
    seed: int
    steady: Followed

    @classmethod
    def of(
        cls, world: World, prior: Prior, rules: Rules, design: Design, *, people: int, seed: int
    ) -> Bonds:
        """Draw and follow the people of a world."""
        rng = np.random.default_rng([seed, 0])
        raw, weeks = ratings(world, prior, design, people=people, rng=rng)
        seen = _given(raw, weeks, world, prior, seed)
        return cls(world, prior, rules, design, raw, weeks, seed, seen)

    def strained(self, strain: Strain, planned: int) -> tuple[Followed, Ints]:
        """Follow the same people with a strain; with the session each one's begins at."""
        rng = np.random.default_rng([self.seed, 2, planned])
        people, n = self.raw.shape
        begins = onsets(planned, people=people, rng=rng)
        since = np.arange(n) - begins
        depth, slide = self.design.dip, self.design.slide
        if strain is Strain.DIP:
            less = np.where(since == 0, depth, 0.0)
        elif strain is Strain.SLIDE:
            less = np.clip(slide * (since + 1), 0.0, depth)
        else:
            begins = np.zeros_like(begins)
            first = np.arange(n) <= self.rules["RUP.LOW"].thresholds["sessions"]
            less = np.where(np.broadcast_to(first, self.raw.shape), depth, 0.0)
        raw = self.raw - less
        return _given(raw, self.weeks, self.world, self.prior, self.seed), begins


def _given(raw: Floats, weeks: Floats, world: World, prior: Prior, seed: int) -> Followed:
    """Round, silence with the same chances each time, and follow."""
    whole = stepped(raw, prior)
    given = silenced(whole, world, prior, np.random.default_rng([seed, 1]))
    return followed(given, weeks, prior)


def rates(bonds: Bonds) -> Iterator[Rate]:
    """Give the rates of every rule, by length of therapy."""
    for planned in bonds.design.lengths:
        strained = {strain: bonds.strained(strain, planned) for strain in Strain}
        for name, rule in RULES.items():
            if planned > rule.begins:
                yield _rate(bonds, name, rule, planned, strained[rule.strain])


def _rate(
    bonds: Bonds, name: str, rule: Heard, planned: int, strained: tuple[Followed, Ints]
) -> Rate:
    design = bonds.design
    asked = (bonds.steady.sessions >= rule.begins) & (bonds.steady.sessions < planned)
    calm = rule.ask(bonds.steady, bonds.rules, planned) & asked
    false, called = share_of_occasions(calm, asked), share_of(ever(calm))
    hit = share_of(_noticed(bonds, rule, planned, *strained))
    by_session = rule.strain is Strain.DIP
    share = design.strain_share if by_session else design.poor_share
    wrong = false if by_session else called
    return Rate(
        rule=name,
        world=bonds.world.key,
        sessions=planned,
        hit=hit,
        false_therapy=called,
        false_session=false,
        share=share,
        right=predictive_value(hit, wrong, share),
        right_at={one: predictive_value(hit, wrong, one).value for one in design.shares},
    )


def _noticed(bonds: Bonds, rule: Heard, planned: int, seen: Followed, begins: Ints) -> Bools:
    """Whose strain was noticed; one on which no rating was given is missed."""
    lasts = {
        Strain.DIP: 1,
        Strain.SLIDE: bonds.design.slide_sessions,
        Strain.START: planned,
    }[rule.strain]
    during = (seen.sessions >= begins) & (seen.sessions < np.minimum(begins + lasts, planned))
    holds = rule.ask(seen, bonds.rules, planned) & during
    return ever(holds)
