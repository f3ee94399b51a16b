"""The trajectory model as a Kalman filter, for many people at once.

Three numbers describe a person: level at intake, slope per ln(1 + session), and a
passing deviation. They are kept as separate arrays over people and updated with the
3 x 3 algebra written out, so that one step costs a few passes over the caseload.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.trajectory.forecast import end_probabilities
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged

LOG_2_PI = log(2 * pi)


@dataclass(frozen=True, slots=True)
class FilteredCaseload:
    """What the model makes of every observation and every person, in raw points.

    ``state`` is (observations, 3): intercept, slope, passing deviation.
    ``state_covariance`` is (observations, 6): variances and covariances in the order
    00, 01, 02, 11, 12, 22. All else is (observations,) or, from ``loglik`` on, (people,).
    """

    filtered_mean: Floats
    filtered_sd: Floats
    predicted_mean: Floats
    predicted_sd: Floats
    innovation: Floats
    state: Floats
    state_covariance: Floats
    loglik: Floats
    p_reliable_improvement: Floats
    p_deterioration: Floats


def filter_caseload(
    offsets: ArrayLike,
    weeks: ArrayLike,
    sessions: ArrayLike,
    values: ArrayLike,
    prior: Prior,
    *,
    planned_sessions: float = 16,
) -> FilteredCaseload:
    """Follow many people through their observations of one measure.

    Parameters
    ----------
    offsets : array-like of int, shape (people + 1,)
        Person ``i`` has observations ``offsets[i]`` up to ``offsets[i + 1]``.
    weeks : array-like, shape (observations,)
        Calendar weeks since any fixed day, never falling within a person.
    sessions : array-like, shape (observations,)
        Therapy sessions behind the observation; 0 is intake. Zero or more.
    values : array-like, shape (observations,)
        Scores in raw points; NaN where missing, which skips the update.
    prior : Prior
        Population parameters of the measure.
    planned_sessions : float
        Session at which the course is meant to end, for the two probabilities.

    Returns
    -------
    FilteredCaseload
        Filtered level, one-step prediction, standardised innovation and state per
        observation; log-likelihood (of innovations before clipping) and the
        probabilities of reliable change by the planned end per person, NaN where a
        person has no score or the measure no reliable change.

    Raises
    ------
    BadInput
        If the arrays do not describe a caseload.

    Notes
    -----
    Log-linear growth with an Ornstein-Uhlenbeck deviation and known measurement error;
    covariances are updated in Joseph form.
    Checked against: tests/science/oracles/trajectory_loglik.csv (statsmodels) and the
    dense Gaussian formula.

    Examples
    --------
    >>> from securebase.science.trajectory.prior import load_priors
    >>> prior = load_priors()["phq-9.total"]
    >>> got = filter_caseload([0, 3], [0, 1, 2.5], [0, 1, 2], [17, 15, float("nan")], prior)
    >>> bool(got.filtered_sd[0] < got.predicted_sd[0]), bool(np.isnan(got.innovation[2]))
    (True, True)
    """
    data = Ragged.of(offsets, weeks, sessions, values)
    run = _Run(data, prior)
    run.through()
    improve, worsen = end_probabilities(
        data, run.state, run.cov, prior, planned_sessions=planned_sessions
    )
    return FilteredCaseload(
        filtered_mean=run.filtered_mean,
        filtered_sd=run.filtered_sd,
        predicted_mean=run.predicted_mean,
        predicted_sd=run.predicted_sd,
        innovation=run.innovation,
        state=run.state.T,
        state_covariance=run.cov.T,
        loglik=run.loglik,
        p_reliable_improvement=improve,
        p_deterioration=worsen,
    )


class _Run:
    """One pass over the caseload: everybody's first observation, then the second ...

    People are taken longest first, so that those still present at any step are the
    front of every array and no step touches anybody who has ended.
    """

    def __init__(self, data: Ragged, prior: Prior) -> None:
        lengths = np.diff(data.offsets)
        self.order = np.argsort(-lengths, kind="stable")
        self.starts = data.offsets[:-1][self.order]
        longest = int(lengths.max(initial=0))
        self.present = [int((lengths > step).sum()) for step in range(longest)]
        self.data, self.prior = data, prior
        people, seen = lengths.size, data.values.size
        self.a = np.zeros((3, people))
        self.a[0], self.a[1] = prior.intercept_mean, prior.slope_mean
        self.p = np.zeros((6, people))
        self.p[0], self.p[1] = prior.intercept_sd**2, prior.covariance
        self.p[3], self.p[5] = prior.slope_sd**2, prior.deviation_sd**2
        self.before = np.zeros(people)
        self.sum = np.zeros(people)
        self.state, self.cov = np.empty((3, seen)), np.empty((6, seen))
        self.filtered_mean, self.filtered_sd = np.empty(seen), np.empty(seen)
        self.predicted_mean, self.predicted_sd = np.empty(seen), np.empty(seen)
        self.innovation = np.empty(seen)
        self.loglik = np.empty(people)

    def through(self) -> None:
        """Take every step and put the log-likelihoods back in the caller's order."""
        for step, m in enumerate(self.present):
            where = self.starts[:m] + step
            if step:
                self._predict(m, self.data.weeks[where] - self.before[:m])
            self.before[:m] = self.data.weeks[where]
            self._update(m, where, self.data.dose[where], self.data.values[where])
        self.loglik[self.order] = self.sum

    def _predict(self, m: int, gap: Floats) -> None:
        a, p = self.a[:, :m], self.p[:, :m]
        rate = -log(2) / self.prior.half_life_weeks * gap
        kept = np.exp(rate)
        a[2] *= kept
        p[2] *= kept
        p[4] *= kept
        p[5] *= kept * kept
        p[5] -= self.prior.deviation_sd**2 * np.expm1(2 * rate)

    def _update(self, m: int, where: Ints, dose: Floats, value: Floats) -> None:
        a, p, noise = self.a[:, :m], self.p[:, :m], self.prior.error_sd**2
        g0, g1, g2 = seen_through(p, dose)
        level = g0 + dose * g1 + g2
        spread = level + noise
        sd = np.sqrt(spread)
        predicted = a[0] + dose * a[1] + a[2]
        missing = np.isnan(value)
        z = (value - predicted) / sd
        self.sum[:m] -= np.where(missing, 0.0, 0.5 * (LOG_2_PI + np.log(spread) + z * z))
        self.predicted_mean[where], self.predicted_sd[where] = predicted, sd
        self.innovation[where] = z

        step = sd * np.where(missing, 0.0, np.clip(z, -self.prior.clip, self.prior.clip))
        gain = [np.where(missing, 0.0, g / spread) for g in (g0, g1, g2)]
        for i in range(3):
            a[i] += gain[i] * step
        _joseph(p, gain, (g0, g1, g2), level, noise)
        self.state[:, where], self.cov[:, where] = a, p
        h0, h1, h2 = seen_through(p, dose)
        self.filtered_mean[where] = a[0] + dose * a[1] + a[2]
        self.filtered_sd[where] = np.sqrt(h0 + dose * h1 + h2)


def seen_through(p: Floats, dose: Floats) -> tuple[Floats, Floats, Floats]:
    """Covariance of each state with the level, for H = (1, dose, 1)."""
    return (
        p[0] + dose * p[1] + p[2],
        p[1] + dose * p[3] + p[4],
        p[2] + dose * p[4] + p[5],
    )


def _joseph(
    p: Floats, gain: list[Floats], g: tuple[Floats, ...], level: Floats, noise: float
) -> None:
    """Replace P by (I - KH) P (I - KH)' + K R K', in place.

    First M = (I - KH) P, then M (I - KH)' row by row, where M H' = g - K level.
    """
    rest = [g[i] - gain[i] * level for i in range(3)]
    for at, (i, j) in enumerate(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))):
        p[at] -= gain[i] * g[j]
        p[at] -= rest[i] * gain[j]
        p[at] += noise * gain[i] * gain[j]
