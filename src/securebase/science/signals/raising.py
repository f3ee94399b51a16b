"""What every rule does when it speaks: fill a signal from the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import load_priors
from securebase.science.words import Because, Point, Signal, Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: statistic and threshold in ``unit``, and why."""

    measure: str
    at: datetime
    statistic: float
    threshold: float
    unit: str
    because: tuple[Because, ...]
    data: Mapping[str, float | str | None]
    parameters: str = ""
    known: tuple[str, ...] = ()
    """What the register lists as not assessed, and was assessed this time."""


def raised(rule: str, rules: Rules, found: Finding) -> Signal:
    """Return the signal of a rule that holds, as the register describes it."""
    known = rules[rule]
    given: dict[str, float | str | None] = {
        "threshold": found.threshold,
        "parameters": found.parameters,
        "name": name_of(found.measure),
    }
    return Signal(
        kind=known.kind,
        rule=known.id,
        tier=known.tier,
        measure=found.measure,
        at=found.at,
        statistic=found.statistic,
        threshold=found.threshold,
        unit=found.unit,
        because=found.because,
        not_assessed=tuple(n for n in known.not_assessed if n not in found.known),
        data={**known.thresholds, **given, **found.data},
        rule_version=rules.version,
        parameters_version=found.parameters,
    )


def name_of(measure: str) -> str:
    """Return the plain name of a measure, or its slug where content has none."""
    priors = load_priors()
    return priors[measure].name if measure in priors else measure


def rated(trajectory: Trajectory) -> tuple[Point, ...]:
    """Return the points that carry a score."""
    return tuple(p for p in trajectory.points if p.value is not None)


def last_is_rated(trajectory: Trajectory) -> bool:
    """Whether the newest point carries a score: without one there is nothing new."""
    return bool(trajectory.points) and trajectory.points[-1].value is not None


def scores(trajectory: Trajectory, points: tuple[Point, ...]) -> tuple[Because, ...]:
    """Return scores as reasons, oldest first."""
    name = name_of(trajectory.measure)
    return tuple(Because(label=name, value=p.value, at=p.at) for p in points)
