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

from securebase.science.trajectory.growth import TINY, Likelihood, Moments, Numbers, Pooled
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
        """Turn all six parameters into raw units, in the order of ``SPREAD_NAMES``."""
        l00, l10, l11, deviation, log_half_life, error = whole
        back = self.middle / self.width
        # The factor of the covariance, shifted from the middle of the times to time 0.
        k0, k1 = l00 - back * l10, -back * l11
        level = k0 * k0 + k1 * k1
        slope = l10 * l10 + l11 * l11
        both = k0 * l10 + k1 * l11
        unit = self.spread
        return np.array(
            [
                unit * np.sqrt(level),
                unit / self.width * np.sqrt(slope),
                both / np.sqrt(level * slope) if slope != 0 and level != 0 else 0.0 * both,
                unit * deviation,
                np.exp(log_half_life),
                unit * error,
            ]
        )


def figures(
    likelihood: Likelihood, at: Floats, sums: Pooled, scaling: Scaling
) -> tuple[dict[str, float], dict[str, float]]:
    """Estimates and standard errors by the names of ``Prior``.

    Means: generalised least squares and its error. Spreads: the delta method on the
    curvature of the log-likelihood; NaN where that has no top, or where an estimate lies
    at the end of its range, at which the curvature says nothing. 0 for what is held.
    """
    whole = likelihood.full(at)
    spreads = np.array(scaling.natural(whole), dtype=np.float64)
    inside = _inside(likelihood, whole)
    turn = np.array([_slope_of(scaling, whole, parameter) for parameter in likelihood.free])
    known = inverse(-likelihood.bend(at)[np.ix_(inside, inside)])
    errors = np.sqrt(np.einsum("pi,pq,qi->i", turn[inside], known, turn[inside]))
    errors[_at_edge(likelihood, inside, spreads)] = np.nan
    errors[np.abs(turn).max(axis=0) == 0] = 0.0
    spreads[[3, 5]] = np.abs(spreads[[3, 5]])
    means, mean_errors = _means(sums, scaling)
    return (
        means | dict(zip(SPREAD_NAMES, spreads.tolist(), strict=True)),
        mean_errors | dict(zip(SPREAD_NAMES, errors.tolist(), strict=True)),
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


def _means(sums: Pooled, scaling: Scaling) -> tuple[dict[str, float], dict[str, float]]:
    b0, b1 = (float(b) * scaling.spread for b in sums.fixed())
    back = scaling.middle / scaling.width
    whole = sums.determinant
    v00, v01, v11 = sums.w11 / whole, -sums.w01 / whole, sums.w00 / whole
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
