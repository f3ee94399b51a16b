"""GAIN and EARLY: better, quickly or soon. Told, and asking for nothing."""

from __future__ import annotations

import numpy as np

from securebase.science.change_groups import percentage_change
from securebase.science.early import Early, early_response
from securebase.science.gains import sudden_steps
from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Signal, Trajectory


def fast_improvement(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """Return a signal once the second score after a sudden gain is in and it holds."""
    limits, seen = rules["GAIN"].thresholds, rated(trajectory)
    needed = prior.reliable_change
    if not last_is_rated(trajectory) or needed is None or len(seen) < limits["scores"]:
        return None
    before, after, now = seen[-3:]
    step = abs((before.value or 0.0) - (after.value or 0.0))
    if step < needed:
        return None
    values = np.array([[p.value for p in seen]], dtype=np.float64)
    steps = sudden_steps(values, reliable=needed, better=trajectory.better)
    if not steps.gains[0, -2] or steps.reversed[0, -2]:
        return None
    return raised(
        "GAIN",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=float(steps.size[0, -2]),
            threshold=needed,
            unit="points",
            because=scores(trajectory, seen[-5:]),
            data={
                "before": before.value,
                "after": after.value,
                "now": now.value,
                "change": float(steps.size[0, -2]),
                "needed": needed,
                "session": now.session,
            },
            parameters=trajectory.parameters_version,
        ),
    )


def early_improvement(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """Return a signal if the newest score, of the first sessions, is much better."""
    limits, seen = rules["EARLY"].thresholds, rated(trajectory)
    needed = prior.reliable_change
    if not last_is_rated(trajectory) or needed is None or len(seen) < 2:  # noqa: PLR2004
        return None
    first, now = seen[0], seen[-1]
    session = now.session or 0.0
    if not limits["from_session"] <= session <= limits["by_session"]:
        return None
    pair = np.array([[first.value], [now.value]], dtype=np.float64)
    much = limits["percent"]
    better = trajectory.better
    (said,) = early_response(*pair, reliable=needed, better=better, much=much).tolist()
    if said != Early.RESPONSE:
        return None
    share = float(percentage_change(*pair, better=better)[0])
    return raised(
        "EARLY",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=share,
            threshold=much,
            unit="percent",
            because=scores(trajectory, seen),
            data={
                "first": first.value,
                "now": now.value,
                "share": float(round(share)),
                "needed": needed,
                "session": session,
            },
            parameters=trajectory.parameters_version,
        ),
    )
