"""DISS: dissociation at a published cutoff, or reliably more than at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal

NORMAL_95 = 1.96


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
    if told.measure not in rule.measures or told.now < rule.thresholds["cut"]:
        return None
    return raised(
        rule.id,
        rules,
        Finding(
            measure=told.measure,
            at=told.at,
            statistic=told.now,
            threshold=rule.thresholds["cut"],
            unit="points",
            because=(Because("Dissociation (DES-II)", told.now, told.at),),
            data={"now": told.now},
        ),
    )


def _risen(told: Dissociation, rules: Rules) -> Signal | None:
    rule = rules["DISS.RC"]
    if told.measure not in rule.measures or told.first is None:
        return None
    needed = reliable_rise(rule.thresholds)
    if told.now - told.first < needed:
        return None
    return raised(
        rule.id,
        rules,
        Finding(
            measure=told.measure,
            at=told.at,
            statistic=told.now - told.first,
            threshold=needed,
            unit="points",
            because=(
                Because("Dissociation (DES-II)", told.first, told.first_at),
                Because("Dissociation (DES-II)", told.now, told.at),
            ),
            data={
                "now": told.now,
                "first": told.first,
                "change": told.now - told.first,
                "needed": f"{needed:.1f}",
            },
        ),
    )
