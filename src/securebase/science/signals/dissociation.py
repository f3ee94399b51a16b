"""DISS: dissociation at a published cutoff, or reliably more than at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal

NORMAL_95 = 1.96
ASKED = "Dissociation (DES-II)"

Data = dict[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Dissociation:
    """The newest score of one measure, and the first with its day if there was another."""

    measure: str
    now: float
    at: datetime
    first: float | None = None
    first_at: datetime | None = None


def dissociation(told: Dissociation, rules: Rules) -> tuple[Signal, ...]:
    """Return every rule of dissociation that holds; ``combine`` makes one of them."""
    return tuple(s for s in (_at_cutoff(told, rules), _risen(told, rules)) if s is not None)


def reliable_rise(limits: Mapping[str, float]) -> float:
    """Return the rise that measurement noise seldom makes (Jacobson and Truax), in points."""
    return NORMAL_95 * sqrt(2) * limits["sd"] * sqrt(1 - limits["reliability"])


def _at_cutoff(told: Dissociation, rules: Rules) -> Signal | None:
    rule = rules["DISS.CUT"]
    cut = rule.thresholds["cut"]
    if told.measure not in rule.measures or told.now < cut:
        return None
    return raised(rule.id, rules, _found(told, statistic=told.now, threshold=cut))


def _risen(told: Dissociation, rules: Rules) -> Signal | None:
    rule = rules["DISS.RC"]
    if told.measure not in rule.measures or told.first is None:
        return None
    needed, change = reliable_rise(rule.thresholds), told.now - told.first
    if change < needed:
        return None
    found = _found(told, statistic=change, threshold=needed)
    first = Because(ASKED, told.first, told.first_at)
    known: Data = {"first": told.first, "change": change, "needed": f"{needed:.1f}"}
    told_too = replace(found, because=(first, *found.because), data={**found.data, **known})
    return raised(rule.id, rules, told_too)


def _found(told: Dissociation, *, statistic: float, threshold: float) -> Finding:
    return Finding(
        measure=told.measure,
        at=told.at,
        statistic=statistic,
        threshold=threshold,
        unit="points",
        because=(Because(ASKED, told.now, told.at),),
        data={"now": told.now},
    )
