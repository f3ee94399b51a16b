"""RUP: the alliance rating is lower than usual, or the person says there was tension.

A prompt to ask, not a finding; the patient never sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal, Trajectory


@dataclass(frozen=True, slots=True)
class Tension:
    """The direct answer about tension or feeling misunderstood; 0 is none at all."""

    value: float
    at: datetime
    measure: str = "session-check-in.tension"
    most: float = 4.0


def person_factor(earlier: Sequence[float], *, weight: float, largest: float) -> float:
    """How widely this person's ratings stray, against the population, shrunk to 1.

    Parameters
    ----------
    earlier : sequence of float
        Standardised innovations before the one in question.
    weight : float
        How many ratings the population's figure counts for.
    largest : float
        Cap on one squared innovation, so that one dip does not hide the next.

    Returns
    -------
    float
        Factor for the standard deviation; 1 with no earlier rating.

    Examples
    --------
    >>> person_factor([], weight=6, largest=6)
    1.0
    >>> round(person_factor([0.5, -0.5, 0.5], weight=6, largest=6), 3)
    0.866
    """
    squares = sum(min(z * z, largest) for z in earlier)
    return sqrt((weight + squares) / (weight + len(earlier)))


def alliance_dip(trajectory: Trajectory, rules: Rules) -> Signal | None:
    """R1: return a signal if the newest rating is unusually low for this person."""
    limits = rules["RUP.R1"].thresholds
    earlier = rated(trajectory)[:-1]
    if not last_is_rated(trajectory) or len(earlier) < limits["ratings"]:
        return None
    now = trajectory.points[-1]
    factor = person_factor(
        [p.innovation for p in earlier if p.innovation is not None],
        weight=limits["weight"],
        largest=limits["largest"],
    )
    z = (now.innovation or 0.0) / factor
    if z >= limits["z"]:
        return None
    return raised(
        "RUP.R1",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=z,
            threshold=limits["z"],
            unit="standard deviations",
            because=scores(trajectory, (*earlier[-3:], now)),
            data={
                "usual": now.predicted_mean,
                "now": now.value,
                "before": earlier[-1].value,
                "drop": (now.value or 0.0) - (earlier[-1].value or 0.0),
                "expected_sd": now.predicted_sd,
                "person_factor": factor,
                "z": z,
                "session": now.session,
            },
            parameters=trajectory.parameters_version,
        ),
    )


def said_tension(tension: Tension, rules: Rules) -> Signal | None:
    """R2: return a signal if the person marked half the scale of tension or more."""
    threshold = rules["RUP.R2"].thresholds["share"] * tension.most
    if tension.value < threshold:
        return None
    return raised(
        "RUP.R2",
        rules,
        Finding(
            measure=tension.measure,
            at=tension.at,
            statistic=tension.value,
            threshold=threshold,
            unit="answer",
            because=(Because("Tension or feeling misunderstood", tension.value, tension.at),),
            data={"now": tension.value, "most": tension.most},
        ),
    )
