"""RUP.LOW: in the first sessions, a rating that is low for anybody."""

from __future__ import annotations

from math import log1p, sqrt

from securebase.science.normal import quantile
from securebase.science.signals.raising import Finding, last_is_rated, raised, rated, scores
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.prior import Prior
from securebase.science.words import Signal, Trajectory


def lowest_share(prior: Prior, *, session: float, share: float) -> float:
    """Return the rating below which a share of all people lies at a session.

    Parameters
    ----------
    prior : Prior
        The measure; higher is better.
    session : float
        Sessions behind the rating, 0 at intake.
    share : float
        In (0, 1).

    Returns
    -------
    float
        In raw points. Source: the trajectory model before anything is known of a person.
    """
    u = log1p(session)
    level = prior.intercept_sd**2 + 2 * u * prior.covariance + (u * prior.slope_sd) ** 2
    spread = sqrt(level + prior.deviation_sd**2 + prior.error_sd**2)
    return prior.intercept_mean + u * prior.slope_mean + quantile(share) * spread


def low_at_first(trajectory: Trajectory, rules: Rules, *, prior: Prior) -> Signal | None:
    """Return a signal if a rating of the first sessions is among the lowest of all."""
    limits, seen = rules["RUP.LOW"].thresholds, rated(trajectory)
    if not last_is_rated(trajectory) or (seen[-1].session or 0.0) > limits["sessions"]:
        return None
    now = seen[-1]
    limit = lowest_share(prior, session=now.session or 0.0, share=limits["share"])
    if now.value is None or now.value >= limit:
        return None
    return raised(
        "RUP.LOW",
        rules,
        Finding(
            measure=trajectory.measure,
            at=now.at,
            statistic=now.value,
            threshold=limit,
            unit="points",
            because=scores(trajectory, seen),
            data={
                "now": now.value,
                "limit": f"{limit:.1f}",
                "session": now.session,
                "percent": f"{limits['share']:.0%}",
            },
            parameters=trajectory.parameters_version,
        ),
    )
