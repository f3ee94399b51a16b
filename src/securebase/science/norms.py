"""Where a score stands among a named group of people: about how many score lower.

Published norms give a mean and a standard deviation, seldom the whole distribution. The
percentile is that of a normal distribution with these two figures, so it is "about"; for a
score that most people of the group have near its floor it is rough.
"""

from __future__ import annotations

from dataclasses import dataclass

from securebase.science.normal import cdf
from securebase.science.words import Instrument, Norm

LEAST, MOST = 1, 99
"""A percentile is not told finer than this at the ends: the figures do not carry it."""


@dataclass(frozen=True, slots=True)
class Percentile:
    """How many of a hundred of a group score lower, and whether its source was read."""

    group: str
    below: int
    n: int | None
    source: str
    verified: bool


def percentiles(one: Instrument, scale: str, value: float) -> tuple[Percentile, ...]:
    """Return where a score stands in each group with published norms.

    Parameters
    ----------
    one : Instrument
        The definition.
    scale : str
        Slug of the scale.
    value : float
        Score in raw points of the scale, or T where the scale reports T.

    Returns
    -------
    tuple of Percentile
        In the order of the definition, the widest group first; empty without norms.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> [(one.group, one.below) for one in percentiles(instrument("ecr-r"), "anxiety", 5.5)]
    [('online sample of the author', 96)]
    >>> percentiles(instrument("pcl-5"), "total", 40)
    ()
    """
    sources = {source.key: source.verified for source in one.sources}
    return tuple(
        Percentile(
            group=norm.group,
            below=below(norm, value),
            n=norm.n,
            source=norm.source,
            verified=sources.get(norm.source, False),
        )
        for norm in one.norms
        if norm.scale == scale
    )


def below(norm: Norm, value: float) -> int:
    """Return about how many of a hundred of a norm group score lower, from 1 to 99.

    Parameters
    ----------
    norm : Norm
        With its mean and standard deviation.
    value : float
        Score in the same points.

    Returns
    -------
    int
        A whole number of people of a hundred.

    Examples
    --------
    >>> below(Norm("T", "everybody", mean=50.0, sd=10.0), 60.0)
    84
    """
    share = float(cdf((value - norm.mean) / norm.sd))
    return min(MOST, max(LEAST, round(100 * share)))
