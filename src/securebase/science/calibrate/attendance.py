"""What the rules on silence do: people who miss an occasion now and then, and who leave.

Only worlds in which people miss occasions differently are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from securebase.science.calibrate.count import (
    ever,
    predictive_value,
    share_of,
    share_of_occasions,
)
from securebase.science.calibrate.figures import Rate
from securebase.science.calibrate.people import Bools, onsets
from securebase.science.calibrate.worlds import TRUE, Design, World
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.ragged import Ints


def two_missed(came: Bools, rules: Rules) -> Bools:
    """ENG.TWO: the last occasions were all missed."""
    missed = int(rules["ENG.TWO"].thresholds["missed"])
    return _last(~came, missed) >= missed


def rate_fell(came: Bools, rules: Rules) -> Bools:
    """ENG.RATE: few of the last occasions were kept, where most were before."""
    limits = rules["ENG.RATE"].thresholds
    recent = int(limits["recent"])
    last = _last(came, recent)
    before = np.arange(1, len(came.T) + 1) - recent
    usual = (np.cumsum(came, axis=1) - last) / np.maximum(before, 1)
    fell = (last / recent < limits["rate"]) & (usual > limits["usual_rate"])
    return np.asarray((before >= recent) & fell)


def sessions_missed(came: Bools, rules: Rules) -> Bools:
    """ENG.MISS: some of the last occasions were missed, the newest among them."""
    limits = rules["ENG.MISS"].thresholds
    return np.asarray(~came & (_last(~came, int(limits["recent"])) >= limits["missed"]))


@dataclass(frozen=True, slots=True)
class Noted:
    """One rule: how it is asked, and the occasion it can first speak at."""

    ask: Callable[[Bools, Rules], Bools]
    begins: int


RULES: dict[str, Noted] = {
    "ENG.TWO": Noted(two_missed, 1),
    "ENG.RATE": Noted(rate_fell, 7),
    "ENG.MISS": Noted(sessions_missed, 1),
}


def rates(
    world: World, design: Design, rules: Rules, *, people: int, seed: int
) -> Iterator[Rate]:
    """Give the rates of every rule, by length of therapy; none where nothing differs."""
    if world.key != TRUE and world.miss_again is None and not world.miss_spread:
        return
    rng = np.random.default_rng([seed, 6])
    came = kept(world, design, people=people, rng=rng)
    for planned in design.lengths:
        gone = onsets(planned, people=people, rng=rng)
        for name, rule in RULES.items():
            if planned > rule.begins:
                calm = rule.ask(came[:, :planned], rules)[:, rule.begins :]
                silent = rule.ask(came[:, :planned] & (np.arange(planned) < gone), rules)
                since = np.arange(planned) - gone
                noticed = silent & (since >= 0) & (since < design.silent_sessions)
                yield _rate(name, world.key, planned, calm=calm, noticed=noticed, design=design)


def _rate(
    rule: str, world: str, planned: int, *, calm: Bools, noticed: Bools, design: Design
) -> Rate:
    hit, called = share_of(ever(noticed)), share_of(ever(calm))
    return Rate(
        rule=rule,
        world=world,
        sessions=planned,
        hit=hit,
        false_therapy=called,
        false_session=share_of_occasions(calm, np.ones_like(calm)),
        share=design.poor_share,
        right=predictive_value(hit, called, design.poor_share),
        right_at={one: predictive_value(hit, called, one).value for one in design.shares},
    )


def kept(world: World, design: Design, *, people: int, rng: np.random.Generator) -> Bools:
    """Draw which occasions were kept by people who go on, shape (people, sessions)."""
    usual = np.full(people, design.miss)
    if world.miss_spread:
        weight = design.miss * (1 - design.miss) / world.miss_spread**2 - 1
        usual = rng.beta(design.miss * weight, (1 - design.miss) * weight, people)
    again = usual if world.miss_again is None else np.full(people, world.miss_again)
    after_kept = usual * (1 - again) / (1 - usual)
    missed = np.zeros((people, design.sessions), dtype=np.bool_)
    missed[:, 0] = rng.random(people) < usual
    for i in range(1, design.sessions):
        missed[:, i] = rng.random(people) < np.where(missed[:, i - 1], again, after_kept)
    return ~missed


def _last(happened: Bools, n: int) -> Ints:
    """How often something happened at the last n occasions, counted at each."""
    sums = np.cumsum(happened, axis=1)
    earlier = np.zeros_like(sums)
    earlier[:, n:] = sums[:, :-n]
    return np.asarray(sums - earlier, dtype=np.intp)
