"""REPAIR: the rating is back, and the patient says it is mended. Both are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import hypot

from securebase.science.signals.raising import Finding, last_is_rated, raised, rated
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Because, Point, Signal, Trajectory


@dataclass(frozen=True, slots=True)
class Mending:
    """How far the patient says a strain is mended, and when the strain was noticed."""

    said: float
    at: datetime
    since: datetime
    most: float = 4.0


def mended(
    trajectory: Trajectory, mending: Mending, rules: Rules, *, prior: Prior
) -> Signal | None:
    """Return a signal if a strain seems repaired by both signs, soon after it."""
    limits, seen = rules["REPAIR.BACK"].thresholds, rated(trajectory)
    threshold = limits["mended_share"] * mending.most
    if not last_is_rated(trajectory) or mending.said < threshold:
        return None
    before = _level_before(seen, mending.since, sessions=limits["sessions"])
    now, spread = seen[-1], hypot(prior.deviation_sd, prior.error_sd)
    if before is None or now.at <= mending.since:
        return None
    waited = (now.session or 0.0) - _session_at(seen, mending.since)
    back = now.filtered_mean >= before.filtered_mean - limits["within"] * spread
    if waited > limits["sessions"] or not back:
        return None
    return raised(
        "REPAIR.BACK",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=mending.said,
            threshold=threshold,
            unit="answer",
            because=(
                Because("Level before the strain", round(before.filtered_mean, 1), before.at),
                Because("Strain noted or noticed", None, mending.since),
                Because("Level now", round(now.filtered_mean, 1), now.at),
                Because("How far it is mended", mending.said, mending.at),
            ),
            data={
                "level_before": f"{before.filtered_mean:.1f}",
                "level_now": now.filtered_mean,
                "spread": spread,
                "said": mending.said,
                "most": mending.most,
            },
            parameters=trajectory.parameters_version,
        ),
    )


def _level_before(seen: tuple[Point, ...], since: datetime, *, sessions: float) -> Point | None:
    """Return the point with the highest level of the sessions before a strain.

    The highest, because a slow decline has begun before it is noticed.
    """
    earlier = [p for p in seen if p.at < since]
    if not earlier:
        return None
    first = (earlier[-1].session or 0.0) - sessions
    near = [p for p in earlier if (p.session or 0.0) >= first]
    return max(near, key=lambda p: p.filtered_mean)


def _session_at(seen: tuple[Point, ...], since: datetime) -> float:
    """Return the sessions behind a moment, by the rating that stands nearest before."""
    return max((p.session or 0.0 for p in seen if p.at <= since), default=0.0)
