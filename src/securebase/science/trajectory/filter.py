"""The trajectory model as a Kalman filter, for many people at once.

Three numbers describe a person: level at intake, slope per ln(1 + session), and a
passing deviation. They are kept as separate arrays over people and updated with the
3 x 3 algebra written out, so that one step costs a few passes over the caseload.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.errors import BadInput
from securebase.science.trajectory.forecast import end_probabilities
from securebase.science.trajectory.intake import check_known
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ragged
from securebase.science.trajectory.run import Run


@dataclass(frozen=True, slots=True)
class FilteredCaseload:
    """What the model makes of every observation and every person, in raw points.

    Per observation, shape (observations,), are the first seven; ``curve`` is the level
    expected before any score and ``weight`` the share of the newest score in the filtered
    level, 0 where it is missing. Per person are the rest: ``loglik`` and the two
    probabilities (people,); ``state`` (people, 3) after the last observation: intercept,
    slope, passing deviation; ``state_covariance`` (people, 6), its variances and
    covariances in the order 00, 01, 02, 11, 12, 22.
    """

    filtered_mean: Floats
    filtered_sd: Floats
    predicted_mean: Floats
    predicted_sd: Floats
    innovation: Floats
    curve: Floats
    weight: Floats
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
    covariates: ArrayLike | None = None,
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
    covariates : array-like, shape (people, k), optional
        Standardised values of the k covariates of the prior, NaN where unknown. Without
        it none is known of anybody.

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
    run = begin(Ragged.of(offsets, weeks, sessions, values), prior, covariates)
    run.through()
    return told_by(run, planned_sessions=planned_sessions)


def begin(data: Ragged, prior: Prior, covariates: ArrayLike | None) -> Run:
    """Prepare a run over a caseload, with what is known of people at intake."""
    if covariates is None:
        return Run(data, prior)
    names = [one.name for one in prior.covariates]
    return Run(data, prior, check_known(covariates, people=data.offsets.size - 1, names=names))


def told_by(run: Run, *, planned_sessions: float) -> FilteredCaseload:
    """Put what a run found in the order of people, with their chances by the planned end."""
    if not 0 <= planned_sessions < np.inf:
        raise BadInput(
            f"planned_sessions is {planned_sessions}, it must be 0 or more. For instance 16."
        )
    back = np.argsort(run.order, kind="stable")
    state, cov = run.a[:, back], run.p[:, back]
    improve, worsen = end_probabilities(
        run.first[back],
        state,
        cov,
        run.prior,
        dose=run.dose[back],
        planned_sessions=planned_sessions,
    )
    return FilteredCaseload(
        filtered_mean=run.filtered_mean,
        filtered_sd=run.filtered_sd,
        predicted_mean=run.predicted_mean,
        predicted_sd=run.predicted_sd,
        innovation=run.innovation,
        curve=run.curve,
        weight=run.weight,
        loglik=run.sum[back],
        p_reliable_improvement=improve,
        p_deterioration=worsen,
        state=state.T,
        state_covariance=cov.T,
    )
