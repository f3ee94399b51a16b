"""NOT: the chance of reliable improvement by the planned end has become small."""

from __future__ import annotations

from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rule, Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Better, Point, Signal, Trajectory


def is_off_track(trajectory: Trajectory, rules: Rules) -> bool:
    """Whether the person counts as not on track after the newest score.

    The whole trajectory is walked, so that the answer depends on nothing remembered:
    two ratings in a row below one threshold, or one below a lower one, begin it; only
    a chance above a third, higher threshold ends it.
    """
    limits = rules["NOT.P"].thresholds
    off, in_a_row = False, 0
    for point in rated(trajectory):
        chance = point.p_improve
        if chance is None or _session(point) < limits["from_session"]:
            continue
        in_a_row = in_a_row + 1 if chance < limits["twice"] else 0
        if chance < limits["once"] or in_a_row > 1:
            off = True
        elif chance > limits["clear"]:
            off = False
    return off


def not_on_track(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """Return a signal if the newest score leaves the person not on track.

    With a planned end the model's probability decides; without one, the classic band.
    """
    if not last_is_rated(trajectory):
        return None
    if trajectory.planned_sessions is None:
        return _outside_band(trajectory, rules)
    if not is_off_track(trajectory, rules):
        return None
    now = trajectory.points[-1]
    limits = rules["NOT.P"].thresholds
    chance = now.p_improve if now.p_improve is not None else 0.0
    return raised(
        "NOT.P",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=chance,
            threshold=limits["once"] if chance < limits["once"] else limits["twice"],
            unit="probability",
            because=scores(trajectory, rated(trajectory)[-4:]),
            data={
                **_place(trajectory, now),
                "probability": chance,
                "planned": float(trajectory.planned_sessions),
                "first": rated(trajectory)[0].value,
                "needed": prior.reliable_change,
                "threshold_twice": f"{limits['twice']:.0%}",
                "threshold_once": f"{limits['once']:.0%}",
                "threshold_clear": f"{limits['clear']:.0%}",
            },
            parameters=trajectory.parameters_version,
        ),
    )


def _outside_band(trajectory: Trajectory, rules: Rules) -> Signal | None:
    rule: Rule = rules["NOT.BAND"]
    now = trajectory.points[-1]
    if _session(now) < rule.thresholds["from_session"] or not _beyond(trajectory, now):
        return None
    worse_end = now.band_high if trajectory.better is Better.LOWER else now.band_low
    return raised(
        "NOT.BAND",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=float(now.value or 0.0),
            threshold=worse_end,
            unit="points",
            because=scores(trajectory, rated(trajectory)[-4:]),
            data=_place(trajectory, now),
            parameters=trajectory.parameters_version,
        ),
    )


def _place(trajectory: Trajectory, now: Point) -> dict[str, float | str | None]:
    return {
        "now": now.value,
        "band_low": now.band_low,
        "band_high": now.band_high,
        "band_place": "outside it" if _beyond(trajectory, now) else "inside it",
        "session": _session(now),
    }


def _beyond(trajectory: Trajectory, now: Point) -> bool:
    """Whether a score lies on the worse side of its band."""
    lower = trajectory.better is Better.LOWER
    return now.value is not None and (
        now.value > now.band_high if lower else now.value < now.band_low
    )


def _session(point: Point) -> float:
    return point.session if point.session is not None else 0.0
