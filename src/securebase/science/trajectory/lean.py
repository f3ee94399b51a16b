"""Staying near known figures where the data say little: maximum a posteriori.

Maximum likelihood on few people puts spreads at zero and correlations at one. With known
figures as a prior, a practice may begin with its first person: nobody's scores leave the
known figures as they are, many people's replace them, and nothing jumps in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atanh, log
from typing import Any

import numpy as np

from securebase.science.trajectory.growth import EFFECTS, Numbers, Pooled
from securebase.science.trajectory.natural import Scaling
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats

LEVEL_SD, SLOPE_SD = 0.5, 0.15
"""How far the means may lie from the known ones, in sds of a first score: our choice."""
FACTOR_SD = 0.5
"""The same for half-life and error, in natural logarithms, and for the correlation after
Fisher's transformation, where it is as sharp as an LKJ(2) law at its top: our choice."""
EFFECT_SD = 0.15
"""How far what a covariate adds may lie from what is known, in sds of a first score."""
POSITIVE = (0, 1, 3, 4, 5)
"""Spread of levels and slopes, passing deviation, half-life, error in ``SPREAD_NAMES``."""
LEAST = 1e-3
"""A known spread of none counts as this share of the sd of a first score."""


@dataclass(frozen=True, slots=True)
class Lean:
    """Known figures as a penalty, in the units a fit runs in."""

    scaling: Scaling
    centre: Floats
    """ln of five spreads and the half-life, the correlation transformed, in the order of
    ``SPREAD_NAMES``; raw units."""
    level_precision: float
    slope_precision: float
    effects: Floats
    """What covariates are known to add to level and slope, in pairs, raw units."""
    unit: float
    """The sd of a first score, raw points."""

    @classmethod
    def on(cls, prior: Prior, scaling: Scaling, effects: Floats) -> Lean:
        """Lean on a prior, in a scaling that has its mean course as the common line."""
        prior = spread_out(prior)
        unit = first_sd(prior)
        spreads = (
            log(prior.intercept_sd),
            log(prior.slope_sd),
            atanh(prior.correlation),
            log(prior.deviation_sd),
            log(prior.half_life_weeks),
            log(prior.error_sd),
        )
        return cls(
            scaling=scaling,
            centre=np.array(spreads),
            level_precision=(scaling.spread / (LEVEL_SD * unit)) ** 2,
            slope_precision=(scaling.spread / (SLOPE_SD * unit * scaling.width)) ** 2,
            effects=effects,
            unit=unit,
        )

    def joined(self, sums: Pooled) -> Pooled:
        """Add what is known of the two means, as if it had been observed.

        The common line is the known one, so both deviations from it are expected to be 0:
        that of the slope, and that of the level at time 0.
        """
        back = self.scaling.middle / self.scaling.width
        return replace(
            sums,
            w00=sums.w00 + self.level_precision,
            w01=sums.w01 - back * self.level_precision,
            w11=sums.w11 + back * back * self.level_precision + self.slope_precision,
        )

    def penalty(self, whole: Numbers) -> Any:
        """Log-density of the spreads and effects, but for a constant.

        Half-normal for the spread of slopes and for the passing deviation, on their
        logarithm, where its top is the known figure; log-normal for the spread of levels,
        half-life and error.
        """
        found = self.scaling.natural(whole)
        off = np.log(found[list(POSITIVE)]) - self.centre[list(POSITIVE)]
        wide, near = off[[1, 2]], off[[0, 3, 4]]
        half_normal = (wide - 0.5 * np.exp(2 * wide)).sum()
        log_normal = -0.5 * (near * near).sum() / FACTOR_SD**2
        turned = 0.5 * np.log((1 + found[2]) / (1 - found[2])) - self.centre[2]
        both = -0.5 * turned * turned / FACTOR_SD**2
        more = (found[EFFECTS:] - self.effects) / (EFFECT_SD * self.unit)
        return half_normal + log_normal + both - 0.5 * (more * more).sum()


def first_sd(prior: Prior) -> float:
    """Return the sd of a first score that a prior implies, raw points."""
    return float(np.hypot(np.hypot(prior.intercept_sd, prior.deviation_sd), prior.error_sd))


def spread_out(prior: Prior) -> Prior:
    """Lift spreads of none a little: a logarithm needs something to begin with."""
    least = LEAST * first_sd(prior)
    return replace(
        prior,
        intercept_sd=max(prior.intercept_sd, least),
        slope_sd=max(prior.slope_sd, least),
        deviation_sd=max(prior.deviation_sd, least),
    )


def scaling_on(prior: Prior, times: Floats) -> Scaling:
    """Centre on a prior's mean course instead of the data's own line."""
    middle = float(times.mean()) if times.size else 0.0
    width = float(times.std()) if times.size else 0.0
    width = width or 1.0
    return Scaling(
        level=prior.intercept_mean + middle * prior.slope_mean,
        slope=prior.slope_mean * width,
        middle=middle,
        width=width,
        spread=first_sd(prior),
    )


def start_at(prior: Prior, scaling: Scaling) -> Floats:
    """Turn a prior's spreads into the six parameters a fit climbs in."""
    prior = spread_out(prior)
    covariance = np.array(
        [
            [prior.intercept_sd**2, prior.covariance],
            [prior.covariance, prior.slope_sd**2],
        ]
    )
    shift = np.array([[1.0, scaling.middle], [0.0, scaling.width]])
    factor = np.linalg.cholesky(shift @ covariance @ shift.T) / scaling.spread
    return np.array(
        [
            *(factor[0, 0], factor[1, 0], factor[1, 1]),
            prior.deviation_sd / scaling.spread,
            log(prior.half_life_weeks),
            prior.error_sd / scaling.spread,
        ]
    )
