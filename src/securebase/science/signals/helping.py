"""SKILL and NEED: an exercise that made it worse twice, and help that is wanted.

Exercises are asked about where the person shares how they help. Needs come from screens
of social needs; ``needs`` knows which answers name one, and which say that help is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from securebase.science.exercises import exercises
from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal


@dataclass(frozen=True, slots=True)
class Tried:
    """One doing of an exercise, with distress before and after, 0 to 10."""

    exercise: str
    before: float
    after: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Needs:
    """What was named in screens of social needs, and whether help is wanted."""

    named: tuple[str, ...]
    wants_help: bool
    at: datetime


def worse_after(tried: Sequence[Tried], rules: Rules) -> tuple[Signal, ...]:
    """Return a signal for each exercise that was followed by more distress, twice."""
    limits = rules["SKILL.WORSE"].thresholds
    rises: dict[str, list[Tried]] = {}
    for one in tried:
        if one.after - one.before >= limits["rise"]:
            rises.setdefault(one.exercise, []).append(one)
    return tuple(
        _worse(name, found, rules)
        for name, found in sorted(rises.items())
        if len(found) >= limits["times"]
    )


def help_wanted(needs: Needs, rules: Rules) -> Signal | None:
    """Return a signal if a need was named and help is wanted."""
    threshold = rules["NEED.HELP"].thresholds["needs"]
    if not needs.wants_help or len(needs.named) < threshold:
        return None
    return raised(
        "NEED.HELP",
        rules,
        Finding(
            measure="social-needs",
            at=needs.at,
            statistic=float(len(needs.named)),
            threshold=threshold,
            unit="needs",
            because=tuple(Because("Need", name, needs.at) for name in needs.named),
            data={"now": float(len(needs.named)), "named": ", ".join(needs.named)},
        ),
    )


def _worse(exercise: str, found: Sequence[Tried], rules: Rules) -> Signal:
    limits = rules["SKILL.WORSE"].thresholds
    names = {one.slug: one.title for one in exercises()}
    return raised(
        "SKILL.WORSE",
        rules,
        Finding(
            measure=exercise,
            at=max(one.at for one in found),
            statistic=float(len(found)),
            threshold=limits["times"],
            unit="times",
            because=tuple(
                Because("Distress before and after", f"{o.before:g} to {o.after:g}", o.at)
                for o in found
            ),
            data={
                "name": names.get(exercise, exercise),
                "threshold": limits["rise"],
                "rises": ", ".join(f"{o.after - o.before:+g}" for o in found),
            },
        ),
    )
