"""DET: reliably worse at a review point, or likely to end worse than begun."""

from __future__ import annotations

from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Better, Signal, Trajectory


def deterioration(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """Return a signal if the newest score is reliably worse, or the end may well be.

    The observed change speaks first: it is plainer than a forecast.
    """
    if not last_is_rated(trajectory) or prior.reliable_change is None:
        return None
    if _reliably_worse(trajectory, rules, prior.reliable_change):
        return _signal("DET.RC", trajectory, rules, needed=prior.reliable_change)
    limits, now = rules["DET.P"].thresholds, trajectory.points[-1]
    likely = now.p_deteriorate is not None and now.p_deteriorate > limits["probability"]
    if likely and len(rated(trajectory)) >= limits["ratings"]:
        return _signal("DET.P", trajectory, rules, needed=prior.reliable_change)
    return None


def worsening(trajectory: Trajectory) -> float:
    """Points by which the newest score is worse than the first; negative if better."""
    seen = rated(trajectory)
    change = (seen[-1].value or 0.0) - (seen[0].value or 0.0)
    return change if trajectory.better is Better.LOWER else -change


def _reliably_worse(trajectory: Trajectory, rules: Rules, needed: float) -> bool:
    every = rules["DET.RC"].thresholds["review_every"]
    seen = rated(trajectory)
    if len(seen) < 2:  # noqa: PLR2004 - a change needs two scores
        return False
    before, now = ((p.session or 0.0) // every for p in seen[-2:])
    return now > before and worsening(trajectory) >= needed


def _signal(rule: str, trajectory: Trajectory, rules: Rules, *, needed: float) -> Signal:
    seen, change = rated(trajectory), worsening(trajectory)
    now = seen[-1]
    observed = rule == "DET.RC"
    chance = now.p_deteriorate
    return raised(
        rule,
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=change if observed else float(chance or 0.0),
            threshold=needed if observed else rules[rule].thresholds["probability"],
            unit="points" if observed else "probability",
            because=scores(trajectory, (seen[0], *seen[1:][-3:])),
            data={
                "now": now.value,
                "first": seen[0].value,
                "change": change,
                "needed": needed,
                "probability": chance,
                "planned": trajectory.planned_sessions,
                "session": now.session,
            },
            parameters=trajectory.parameters_version,
        ),
    )
