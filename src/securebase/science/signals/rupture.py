"""RUP: the alliance rating is low or goes down, or the person says there was tension.

A prompt to ask, not a finding; the patient never sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot, sqrt

from securebase.science.normal import cdf
from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Because, Point, Signal, Trajectory


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
    factor = _factor_of(earlier, limits)
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


def chance_of_decline(fall: float, *, spreads: Sequence[float], passing: float) -> float:
    """How likely it is that a fall between two levels is more than a passing one.

    Parameters
    ----------
    fall : float
        The earlier filtered level less the later one, raw points.
    spreads : sequence of float
        Standard deviations of the two levels, raw points.
    passing : float
        Standard deviation of a passing deviation, raw points; each level holds one.

    Returns
    -------
    float
        In [0, 1].

    Notes
    -----
    P(decline > 0) of the level beneath, taking the two levels and their passing
    deviations as independent, which claims less rather than more. Source: our own design.

    Examples
    --------
    >>> round(chance_of_decline(2.0, spreads=[0.4, 0.4], passing=0.75), 2)
    0.95
    """
    return float(cdf(fall / hypot(*spreads, passing, passing)))


def slow_decline(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """R3: return a signal if the level fell over some sessions, and not in one rating."""
    limits, seen = rules["RUP.R3"].thresholds, rated(trajectory)
    if not last_is_rated(trajectory):
        return None
    then = _level_before(seen, sessions=limits["sessions"], ratings=limits["ratings"])
    if then is None:
        return None
    within = hypot(prior.deviation_sd, prior.error_sd)
    falls = [then.filtered_mean - p.filtered_mean for p in seen[-2:]]
    factor = _factor_of(seen[:-1], limits)
    chance = chance_of_decline(
        falls[1] / factor,
        spreads=[then.filtered_sd, seen[-1].filtered_sd],
        passing=prior.deviation_sd,
    )
    if min(falls) <= limits["least"] * within or chance <= limits["probability"]:
        return None
    found = {"probability": chance, "person_factor": factor, "within": within}
    return _declined(trajectory, rules, since=then, found=found)


def _declined(
    trajectory: Trajectory, rules: Rules, *, since: Point, found: Mapping[str, float]
) -> Signal:
    seen, threshold = rated(trajectory), rules["RUP.R3"].thresholds["probability"]
    before, now = seen[-2:]
    fall = since.filtered_mean - now.filtered_mean
    return raised(
        "RUP.R3",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=found["probability"],
            threshold=threshold,
            unit="probability",
            because=scores(trajectory, seen[seen.index(since) :]),
            data={
                **found,
                "apart": (now.session or 0.0) - (since.session or 0.0),
                "level_then": since.filtered_mean,
                "level_now": now.filtered_mean,
                "before": before.value,
                "now": now.value,
                "drop": (now.value or 0.0) - (before.value or 0.0),
                "fall": fall,
                "fall_units": fall / found["within"],
                "limit": f"{100 * threshold:.0f} %",
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


def _factor_of(earlier: Sequence[Point], limits: Mapping[str, float]) -> float:
    return person_factor(
        [p.innovation for p in earlier if p.innovation is not None],
        weight=limits["weight"],
        largest=limits["largest"],
    )


def _level_before(seen: Sequence[Point], *, sessions: float, ratings: float) -> Point | None:
    """Return the newest point some sessions back, unless too few ratings led to it."""
    until = (seen[-1].session or 0.0) - sessions
    early = [p for p in seen[:-2] if (p.session or 0.0) <= until]
    return early[-1] if len(early) >= ratings else None
