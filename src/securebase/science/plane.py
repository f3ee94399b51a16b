"""The attachment plane: two dimensions with their error, and no verdict before its time.

Anxiety and avoidance are continuous. A place on the plane is a pair of scores, each with
its standard error of measurement; regions are quarters around the mean of a named norm
group. What a region is called is content (``plane.toml``), and it is named only when the
error leaves little doubt. Without published norms there is a place and no region; without
a published reliability there is no ellipse either.

The error is taken around the score itself, not drawn towards the norm group's mean:
people in therapy are no random draw from that group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.normal import cdf
from securebase.science.words import Instrument, Norm

FILE = "plane.toml"
AXES = ("anxiety", "avoidance")
"""Scales an instrument must have to be drawn on the plane, in the order of the axes."""


class Region(StrEnum):
    """A quarter of the plane, seen from the mean of the norm group."""

    SECURE = "secure"
    ANXIOUS = "anxious"
    AVOIDANT = "avoidant"
    FEARFUL = "fearful"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one pair of scores lies, and how sure that is.

    ``anxiety`` and ``avoidance`` in raw points; ``half_widths`` of the ellipse along the
    same two axes, in raw points, None without a published reliability. ``regions`` gives
    each region's probability, empty without norms; ``percentiles`` (0 to 100) say how much
    of ``group`` lies below, None without norms.
    """

    anxiety: float
    avoidance: float
    half_widths: tuple[float, float] | None = None
    regions: Mapping[Region, float] | None = None
    label: Region | None = None
    percentiles: tuple[float, float] | None = None
    center: tuple[float, float] | None = None
    group: str = ""


def can_be_drawn(one: Instrument) -> bool:
    """Whether an instrument measures both dimensions of the plane."""
    return set(AXES) <= {scale.slug for scale in one.scales}


def standing(one: Instrument, *, anxiety: float, avoidance: float) -> Standing:
    """Place one pair of scores of an instrument on the plane.

    Parameters
    ----------
    one : Instrument
        A definition with the scales ``anxiety`` and ``avoidance``.
    anxiety, avoidance : float
        Raw scores on those scales.

    Returns
    -------
    Standing
        With region probabilities and percentiles if norms are published, and with the
        half-widths of the ellipse if a reliability is.

    Raises
    ------
    ValueError
        If the instrument lacks one of the two scales.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> place = standing(instrument("ecr-r"), anxiety=5.5, avoidance=2.0)
    >>> place.label, [round(p) for p in place.percentiles]
    (<Region.ANXIOUS: 'anxious'>, [96, 22])
    """
    if not can_be_drawn(one):
        raise ValueError(
            f"{one.slug} has no place on the plane: it needs the scales anxiety and "
            f"avoidance, and has {', '.join(scale.slug for scale in one.scales)}."
        )
    raw = (anxiety, avoidance)
    errors = _errors(one)
    norms = _norms(one)
    if norms is None:
        return Standing(anxiety, avoidance, half_widths=_half_widths(errors))
    above = None if errors is None else _above(raw, norms, errors)
    regions = None if above is None else _quarters(*above)
    return Standing(
        anxiety,
        avoidance,
        half_widths=_half_widths(errors),
        regions=regions,
        label=_label(regions),
        percentiles=_percentiles(raw, norms),
        center=(norms[0].mean, norms[1].mean),
        group=norms[0].group,
    )


def region_words(region: Region | None) -> str:
    """Return a region in the words a clinician reads; None is the mixed middle."""
    words: str = _settings()["words"][region.value if region else "mixed"]
    return words


def coverage() -> float:
    """Return the share of true places that an ellipse is drawn to hold."""
    share: float = _settings()["ellipse"]["coverage"]
    return share


@cache
def _settings() -> Mapping[str, Any]:
    return content_toml(FILE)


def _errors(one: Instrument) -> tuple[float, float] | None:
    """Return the standard errors of measurement, ``sd * sqrt(1 - r)``, of both axes."""
    known = {each.scale: each for each in one.reliabilities}
    if not set(AXES) <= known.keys():
        return None
    first, second = (known[axis].sd * math.sqrt(1 - known[axis].value) for axis in AXES)
    return first, second


def _norms(one: Instrument) -> tuple[Norm, Norm] | None:
    """Return the norms of both axes in the first group that has both."""
    for norm in one.norms:
        pair = {each.scale: each for each in one.norms if each.group == norm.group}
        if set(AXES) <= pair.keys():
            return pair[AXES[0]], pair[AXES[1]]
    return None


def _half_widths(errors: tuple[float, float] | None) -> tuple[float, float] | None:
    """Scale errors so that the ellipse of two independent ones has the stated coverage.

    The squared distance of two independent standard normal errors is exponential with
    mean 2, so a share ``p`` lies within ``sqrt(-2 ln(1 - p))``.
    """
    if errors is None:
        return None
    reach = math.sqrt(-2 * math.log(1 - coverage()))
    return reach * errors[0], reach * errors[1]


def _above(
    raw: tuple[float, float], norms: tuple[Norm, Norm], errors: tuple[float, float]
) -> tuple[float, float]:
    """Return the probability that each true score lies above its norm group's mean."""
    z = [
        (value - norm.mean) / error
        for value, norm, error in zip(raw, norms, errors, strict=True)
    ]
    first, second = cdf(z).tolist()
    return first, second


def _quarters(anxious: float, avoidant: float) -> Mapping[Region, float]:
    return {
        Region.SECURE: (1 - anxious) * (1 - avoidant),
        Region.ANXIOUS: anxious * (1 - avoidant),
        Region.AVOIDANT: (1 - anxious) * avoidant,
        Region.FEARFUL: anxious * avoidant,
    }


def _label(regions: Mapping[Region, float] | None) -> Region | None:
    if regions is None:
        return None
    likeliest = max(regions, key=lambda region: regions[region])
    least: float = _settings()["label"]["least_probability"]
    return likeliest if regions[likeliest] > least else None


def _percentiles(raw: tuple[float, float], norms: tuple[Norm, Norm]) -> tuple[float, float]:
    """Return how many of a hundred of the norm group lie below, were it normal."""
    z = [(value - norm.mean) / norm.sd for value, norm in zip(raw, norms, strict=True)]
    first, second = (100 * cdf(z)).tolist()
    return first, second
