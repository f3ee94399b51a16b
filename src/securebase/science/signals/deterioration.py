"""DET: reliably worse at a review point, or likely to end worse than begun."""

from __future__ import annotations

from datetime import datetime

from securebase.science.signals.dip_window import in_window
from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Better, Signal, Trajectory


def deterioration(
    trajectory: Trajectory,
    rules: Rules,
    *,
    prior: Prior,
    processed: datetime | None = None,
) -> Signal | None:
    """Return a signal if the newest score is reliably worse, or the end may well be.

    The observed change speaks first: it is plainer than a forecast. A review that falls
    into the days after the first processing session, ``processed``, is made up for after
    them.
    """
    if not last_is_rated(trajectory) or prior.reliable_change is None:
        return None
    reviewed = _under_review(trajectory, rules, processed)
    if reviewed and worsening(trajectory) >= prior.reliable_change:
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


def _under_review(trajectory: Trajectory, rules: Rules, processed: datetime | None) -> bool:
    """Whether a review point has passed since the score before, of those that count."""
    every, seen = rules["DET.RC"].thresholds["review_every"], rated(trajectory)
    counted = [p for p in seen[:-1] if not in_window(processed, rules, at=p.at)]
    if not counted:
        return False
    before, now = ((p.session or 0.0) // every for p in (counted[-1], seen[-1]))
    return now > before


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
