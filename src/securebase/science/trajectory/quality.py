"""The ends of the scale: ratings that lie there, and ranges that would go beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from securebase.science.trajectory.prior import Prior


@dataclass(frozen=True, slots=True)
class Edges:
    """How many of the ratings given lie at the ends of the scale; shares in [0, 1]."""

    rated: int
    floor: float
    ceiling: float


def edges_of(values: Sequence[float | None], prior: Prior) -> Edges:
    """Return the shares of ratings at the floor and at the ceiling of the scale.

    Parameters
    ----------
    values : sequence of float or None
        Scores in raw points; None where one is missing, which counts as no rating.
    prior : Prior
        Holds the ends of the scale.

    Returns
    -------
    Edges
        Shares among the ratings given; 0 without any.

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> edges_of([10, 10, 8, None], load_priors()["session-check-in.alliance"])
    Edges(rated=3, floor=0.0, ceiling=0.6666666666666666)
    """
    given = [value for value in values if value is not None]
    if not given:
        return Edges(0, 0.0, 0.0)
    return Edges(
        rated=len(given),
        floor=sum(value <= prior.low for value in given) / len(given),
        ceiling=sum(value >= prior.high for value in given) / len(given),
    )


def likely_range(mean: float, sd: float, prior: Prior, *, width: float) -> tuple[float, float]:
    """Return the range that a level likely lies in, cut at the ends of the scale.

    Parameters
    ----------
    mean, sd : float
        Of the level, raw points.
    prior : Prior
        Holds the ends of the scale.
    width : float
        Standard deviations to either side, for instance 1.96.

    Returns
    -------
    tuple of float
        Lower and upper end, raw points.

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> likely_range(1.0, 2.0, load_priors()["phq-9.total"], width=2.0)
    (0.0, 5.0)
    """
    return (
        min(max(mean - width * sd, prior.low), prior.high),
        max(min(mean + width * sd, prior.high), prior.low),
    )
