"""One pass of the trajectory model over a caseload, forwards in time."""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi

import numpy as np

from securebase.science.trajectory.intake import shift_of
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged

LOG_2_PI = log(2 * pi)

After = Callable[["Run", int, Ints], None]
"""Called after every step with how many people are present and where they are."""


class Run:
    """One pass over the caseload: everybody's first observation, then the second ...

    People are taken longest first, so that those still present at any step are the
    front of every array and no step touches anybody who has ended.
    """

    def __init__(self, data: Ragged, prior: Prior, known: Floats | None = None) -> None:
        lengths = np.diff(data.offsets)
        self.order = np.argsort(-lengths, kind="stable")
        self.starts = data.offsets[:-1][self.order]
        longest = int(lengths.max(initial=0))
        ended = np.cumsum(np.bincount(lengths, minlength=longest + 1))
        self.present = [int(lengths.size - ended[step]) for step in range(longest)]
        self.data, self.prior = data, prior
        people, seen = lengths.size, data.values.size
        self.a, self.p = _begun(prior, people, None if known is None else known[self.order])
        self.from_prior = self.a[:2].copy()
        self.before, self.dose, self.sum = (np.zeros(people) for _ in range(3))
        self.first = np.full(people, np.nan)
        self.filtered_mean, self.filtered_sd = np.empty(seen), np.empty(seen)
        self.predicted_mean, self.predicted_sd = np.empty(seen), np.empty(seen)
        self.innovation, self.curve = np.empty(seen), np.empty(seen)
        self.weight = np.empty(seen)

    def through(self, after: After | None = None) -> None:
        """Take every step of everybody."""
        for step, m in enumerate(self.present):
            where = self.starts[:m] + step
            weeks, value = self.data.weeks[where], self.data.values[where]
            self.dose[:m] = self.data.dose[where]
            if step:
                self._predict(m, weeks - self.before[:m])
            self.before[:m] = weeks
            self._update(m, where, value)
            np.copyto(self.first[:m], value, where=np.isnan(self.first[:m]))
            if after is not None:
                after(self, m, where)

    def _predict(self, m: int, gap: Floats) -> None:
        p = self.p[:, :m]
        kept = np.exp(-log(2) / self.prior.half_life_weeks * gap)
        stationary = self.prior.deviation_sd**2
        self.a[2, :m] *= kept
        p[2] *= kept
        p[4] *= kept
        p[5] = stationary + kept * kept * (p[5] - stationary)

    def _update(self, m: int, where: Ints, value: Floats) -> None:
        a, p, dose, noise = self.a[:, :m], self.p[:, :m], self.dose[:m], self.prior.error_sd**2
        g0 = p[0] + dose * p[1] + p[2]
        g1 = p[1] + dose * p[3] + p[4]
        g2 = p[2] + dose * p[4] + p[5]
        level = g0 + dose * g1 + g2
        spread = level + noise
        sd = np.sqrt(spread)
        predicted = a[0] + dose * a[1] + a[2]
        z = (value - predicted) / sd
        missing = np.isnan(z)
        self.innovation[where] = z
        self.predicted_mean[where], self.predicted_sd[where] = predicted, sd
        self.curve[where] = self.from_prior[0, :m] + dose * self.from_prior[1, :m]

        weight = 1 / spread
        weight[missing] = 0.0
        z[missing] = 0.0
        surprise = LOG_2_PI + np.log(spread) + z * z
        surprise[missing] = 0.0
        self.sum[:m] -= 0.5 * surprise

        step = sd * np.clip(z, -self.prior.clip, self.prior.clip)
        gain = (g0 * weight, g1 * weight, g2 * weight)
        for i in range(3):
            a[i] += gain[i] * step
        _joseph(p, gain, (g0, g1, g2), spread)
        seen = level * weight
        self.weight[where] = seen
        self.filtered_mean[where] = predicted + seen * step
        self.filtered_sd[where] = np.sqrt(level * (1 - seen) ** 2 + noise * seen * seen)


def _begun(prior: Prior, people: int, known: Floats | None) -> tuple[Floats, Floats]:
    """State and covariance before any score, shapes (3, people) and (6, people)."""
    a, p = np.zeros((3, people)), np.zeros((6, people))
    a[0], a[1] = prior.intercept_mean, prior.slope_mean
    p[0], p[1] = prior.intercept_sd**2, prior.covariance
    p[3], p[5] = prior.slope_sd**2, prior.deviation_sd**2
    if known is not None:
        shift = shift_of(prior.covariates, known)
        a[0] += shift.level
        a[1] += shift.slope
        p[0] -= shift.v00
        p[1] -= shift.v01
        p[3] -= shift.v11
    return a, p


def _joseph(p: Floats, gain: tuple[Floats, ...], g: tuple[Floats, ...], spread: Floats) -> None:
    """Replace P by (I - KH) P (I - KH)' + K R K', in place.

    With g = P H' and S = H g + R this is P - K g' - (g - K S) K', term by term; the last
    term is what rounding, or any gain but the best, would otherwise leave behind.
    """
    rest = [g[i] - gain[i] * spread for i in range(3)]
    for at, (i, j) in enumerate(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))):
        p[at] -= gain[i] * g[j]
        p[at] -= rest[i] * gain[j]
