"""From the parameters a fit climbs in to the figures people read, and back.

A fit runs on centred times and on scores from which the common line is taken, both in
units of their spread, so that all its parameters are of order one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.growth import (
    EFFECTS,
    SPREADS,
    TINY,
    Likelihood,
    Moments,
    Numbers,
    Pooled,
    pooled,
)
from securebase.science.trajectory.ragged import Floats

L00, _, L11, DEVIATION, HALF_LIFE, ERROR = range(6)
SPREAD_NAMES = (
    *("intercept_sd", "slope_sd", "correlation"),
    *("deviation_sd", "half_life_weeks", "error_sd"),
)
LEAST_SPREAD = 1e-12
AT_EDGE = 1e-4
"""A spread below this share of the scores' own counts as none."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """The common line, and the units in which a fit runs."""

    level: float
    slope: float
    middle: float
    width: float
    spread: float

    @classmethod
    def of(cls, times: Floats, values: Floats) -> Scaling:
        """Measure the common line by least squares and what is left around it."""
        middle = float(times.mean())
        width = float(times.std()) or 1.0
        z = (times - middle) / width
        slope = float((z * values).mean() / max(float((z * z).mean()), LEAST_SPREAD))
        level = float(values.mean())
        spread = float((values - level - slope * z).std())
        return cls(level, slope, middle, width, spread if spread > LEAST_SPREAD else 1.0)

    def times(self, times: Floats) -> Floats:
        """Centre times and give them in units of their spread."""
        return (times - self.middle) / self.width

    def values(self, times: Floats, values: Floats) -> Floats:
        """Give scores around the common line, in units of their spread."""
        return (values - self.level - self.slope * self.times(times)) / self.spread

    def loglik(self, height: float, count: int, *, restricted: bool) -> float:
        """Turn the height of a fit into the log-likelihood of the scores as they were given."""
        inside = log(self.width) - 2 * log(self.spread) if restricted else 0.0
        return height - count * log(self.spread) - inside

    def natural(self, whole: Numbers) -> Numbers:
        """Turn parameters into raw units: those of ``SPREAD_NAMES``, then pairs of effects."""
        l00, l10, l11, deviation, log_half_life, error = whole[:EFFECTS]
        back = self.middle / self.width
        # The factor of the covariance, shifted from the middle of the times to time 0.
        k0, k1 = l00 - back * l10, -back * l11
        level = k0 * k0 + k1 * k1
        slope = l10 * l10 + l11 * l11
        both = k0 * l10 + k1 * l11
        unit = self.spread
        effects = whole[EFFECTS:] * unit
        effects[0::2] -= back * effects[1::2]
        effects[1::2] /= self.width
        return np.array(
            [
                unit * np.sqrt(level),
                unit / self.width * np.sqrt(slope),
                both / np.sqrt(level * slope) if slope != 0 and level != 0 else 0.0 * both,
                unit * deviation,
                np.exp(log_half_life),
                unit * error,
                *effects,
            ]
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Estimates and standard errors, by the names of ``Prior``; effects of shape (k, 2)."""

    estimates: dict[str, float]
    errors: dict[str, float]
    effects: Floats
    effect_errors: Floats


def figures(likelihood: Likelihood, at: Floats, sums: Pooled, scaling: Scaling) -> Figures:
    """Turn the top of a climb into the figures people read.

    Means and effects: generalised least squares and its error, the spreads taken as known.
    Spreads: the delta method on the curvature of the log-likelihood; NaN where that has no
    top, or where an estimate lies at the end of its range, at which the curvature says
    nothing. 0 for what is held.
    """
    whole = likelihood.full(at)
    found = np.array(scaling.natural(whole), dtype=np.float64)
    inside, bend = _inside(likelihood, whole), -likelihood.bend(at)
    turn = np.array([_slope_of(scaling, whole, parameter) for parameter in likelihood.free])
    errors = _spread_of(turn[inside], inverse(bend[np.ix_(inside, inside)]))
    added = likelihood.free >= EFFECTS
    effects = inverse(bend[np.ix_(added, added)])
    errors[EFFECTS:] = _spread_of(turn[added], effects)[EFFECTS:]
    errors[:EFFECTS][_at_edge(likelihood, inside, found)] = np.nan
    errors[np.abs(turn).max(axis=0) == 0] = 0.0
    found[[3, 5]] = np.abs(found[[3, 5]])
    along = np.array([_means_along(likelihood, whole, one) for one in likelihood.free[added]])
    more = along.T @ effects @ along if added.any() else np.zeros((2, 2))
    means, mean_errors = _means(sums, scaling, more)
    spreads = dict(zip(SPREAD_NAMES, found[:EFFECTS].tolist(), strict=True))
    spread_errors = dict(zip(SPREAD_NAMES, errors[:EFFECTS].tolist(), strict=True))
    return Figures(
        estimates=means | spreads,
        errors=mean_errors | spread_errors,
        effects=found[EFFECTS:].reshape(-1, 2),
        effect_errors=errors[EFFECTS:].reshape(-1, 2),
    )


def _inside(likelihood: Likelihood, whole: Floats) -> NDArray[np.bool_]:
    """Say which free parameters do not lie at the end of their range."""
    ends = {p for p in (L00, L11, DEVIATION, ERROR) if abs(whole[p]) < AT_EDGE}
    if DEVIATION in ends:
        ends.add(HALF_LIFE)
    return np.array([parameter not in ends for parameter in likelihood.free])


def _at_edge(
    likelihood: Likelihood, inside: NDArray[np.bool_], spreads: Floats
) -> NDArray[np.bool_]:
    """Say which figures, in the order of ``SPREAD_NAMES``, lie at the end of their range."""
    out = set(likelihood.free[~inside].tolist())
    whole = abs(spreads[2]) > 1 - AT_EDGE or bool(out & {L00, L11})
    return np.array([False, False, whole, DEVIATION in out, HALF_LIFE in out, ERROR in out])


def _slope_of(scaling: Scaling, whole: Floats, parameter: int) -> Floats:
    moved = whole.astype(np.complex128)
    moved[parameter] += TINY * 1j
    return np.asarray(np.imag(scaling.natural(moved)) / TINY)


def inverse(curvature: Floats) -> Floats:
    """Covariance of the parameters; NaN where the hill has no single top."""
    try:
        np.linalg.cholesky(curvature)
    except np.linalg.LinAlgError:
        return np.full(curvature.shape, np.nan)
    return np.asarray(np.linalg.inv(curvature), dtype=np.float64)


def _spread_of(turn: Floats, known: Floats) -> Floats:
    return np.asarray(np.sqrt(np.einsum("pi,pq,qi->i", turn, known, turn)))


def _means_along(likelihood: Likelihood, whole: Floats, parameter: int) -> Floats:
    """How the two means move with an effect."""
    moved = whole.astype(np.complex128)
    moved[parameter] += TINY * 1j
    sums = likelihood.joined(pooled(likelihood.moments(moved), moved[:SPREADS]))
    return np.array([b.imag / TINY for b in sums.fixed()])


def _means(
    sums: Pooled, scaling: Scaling, more: Floats
) -> tuple[dict[str, float], dict[str, float]]:
    """Mean level and slope with their errors; ``more`` is what not knowing effects adds."""
    b0, b1 = (float(b) * scaling.spread for b in sums.fixed())
    back = scaling.middle / scaling.width
    whole = sums.determinant
    v00, v01, v11 = (
        sums.w11 / whole + more[0, 0],
        -sums.w01 / whole + more[0, 1],
        sums.w00 / whole + more[1, 1],
    )
    at_zero = v00 - 2 * back * v01 + back * back * v11
    level, slope = scaling.level + b0, scaling.slope + b1
    return (
        {
            "intercept_mean": level - back * slope,
            "slope_mean": slope / scaling.width,
        },
        {
            "intercept_mean": float(scaling.spread * np.sqrt(at_zero)),
            "slope_mean": float(scaling.spread / scaling.width * np.sqrt(v11)),
        },
    )


def deviations(m: Moments, sums: Pooled, spread: Any) -> tuple[Floats, Floats]:
    """Each person's deviation from the mean slope, expected given the scores, and its sd."""
    l00, l10, l11 = spread
    b0, b1 = sums.fixed()
    r0 = m.c0 - m.a00 * b0 - m.a01 * b1
    r1 = m.c1 - m.a01 * b0 - m.a11 * b1
    m00 = 1.0 + l00 * l00 * m.a00 + 2 * l00 * l10 * m.a01 + l10 * l10 * m.a11
    m01 = l11 * (l00 * m.a01 + l10 * m.a11)
    m11 = 1.0 + l11 * l11 * m.a11
    whole = m00 * m11 - m01 * m01
    t0, t1 = l00 * r0 + l10 * r1, l11 * r1
    v0, v1 = (m11 * t0 - m01 * t1) / whole, (m00 * t1 - m01 * t0) / whole
    variance = (l10 * l10 * m11 - 2 * l10 * l11 * m01 + l11 * l11 * m00) / whole
    return l10 * v0 + l11 * v1, np.sqrt(variance)
