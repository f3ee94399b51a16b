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

    Per observation, shape (observations,), are the first five. Per person are the rest:
    ``loglik`` and the two probabilities (people,); ``state`` (people, 3) after the last
    observation: intercept, slope, passing deviation; ``state_covariance`` (people, 6),
    its variances and covariances in the order 00, 01, 02, 11, 12, 22.
    """

    filtered_mean: Floats
    filtered_sd: Floats
    predicted_mean: Floats
    predicted_sd: Floats
    innovation: Floats
    loglik: Floats
    p_reliable_improvement: Floats
    p_deterioration: Floats
    state: Floats
    state_covariance: Floats


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
        Filtered level, one-step prediction and standardised innovation per observation;
        log-likelihood (of innovations before clipping), last state and the
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
    run = Run(data, prior)
    run.through()
    back = np.argsort(run.order, kind="stable")
    state, cov = run.a[:, back], run.p[:, back]
    improve, worsen = end_probabilities(
        run.first[back],
        state,
        cov,
        prior,
        dose=run.dose[back],
        planned_sessions=planned_sessions,
    )
    return FilteredCaseload(
        filtered_mean=run.filtered_mean,
        filtered_sd=run.filtered_sd,
        predicted_mean=run.predicted_mean,
        predicted_sd=run.predicted_sd,
        innovation=run.innovation,
        loglik=run.sum[back],
        p_reliable_improvement=improve,
        p_deterioration=worsen,
        state=state.T,
        state_covariance=cov.T,
    )


class Run:
    """One pass over the caseload: everybody's first observation, then the second ...

    People are taken longest first, so that those still present at any step are the
    front of every array and no step touches anybody who has ended. With ``keep`` the
    state after every observation is kept, not only the last of each person.
    """

    def __init__(self, data: Ragged, prior: Prior, *, keep: bool = False) -> None:
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
        self.before, self.dose, self.sum = (np.zeros(people) for _ in range(3))
        self.first = np.full(people, np.nan)
        self.filtered_mean, self.filtered_sd = np.empty(seen), np.empty(seen)
        self.predicted_mean, self.predicted_sd = np.empty(seen), np.empty(seen)
        self.innovation = np.empty(seen)
        self.keep = keep
        self.states = np.empty((3, seen if keep else 0))
        self.covariances = np.empty((6, seen if keep else 0))

    def through(self) -> None:
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
            if self.keep:
                self.states[:, where] = self.a[:, :m]
                self.covariances[:, where] = self.p[:, :m]

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
        self.filtered_mean[where] = predicted + seen * step
        self.filtered_sd[where] = np.sqrt(level * (1 - seen) ** 2 + noise * seen * seen)


def _joseph(p: Floats, gain: tuple[Floats, ...], g: tuple[Floats, ...], spread: Floats) -> None:
    """Replace P by (I - KH) P (I - KH)' + K R K', in place.

    With g = P H' and S = H g + R this is P - K g' - (g - K S) K', term by term; the last
    term is what rounding, or any gain but the best, would otherwise leave behind.
    """
    rest = [g[i] - gain[i] * spread for i in range(3)]
    for at, (i, j) in enumerate(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))):
        p[at] -= gain[i] * g[j]
        p[at] -= rest[i] * gain[j]
