"""What is likely later: the score at the planned end, and change that would be reliable."""

from __future__ import annotations

from math import log

import numpy as np

from securebase.science import normal
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats
from securebase.science.words import Better


def end_probabilities(
    first: Floats,
    state: Floats,
    cov: Floats,
    prior: Prior,
    *,
    dose: Floats,
    planned_sessions: float,
) -> tuple[Floats, Floats]:
    """Probability of reliable improvement and of reliable worsening at the planned end.

    Compared is the score that would be observed at the planned end with the person's
    first score, corrected for continuity by half a step of the scale. A person past the
    planned end is compared where they are.

    Parameters
    ----------
    first : ndarray of shape (people,)
        First score, NaN where there is none.
    state, cov : ndarray of shape (3, people) and (6, people)
        State after the last observation and its covariance.
    prior : Prior
        Population parameters.
    dose : ndarray of shape (people,)
        ln(1 + session) of the last observation.
    planned_sessions : float
        Session of the planned end.

    Returns
    -------
    tuple of ndarray, each of shape (people,)
        NaN for a person without any score, or if the measure has no reliable change.
    """
    end = np.maximum(np.log1p(planned_sessions), dose)
    weeks = (np.expm1(end) - np.expm1(dose)) * prior.weeks_per_session
    mean, sd = forecast(state, cov, prior, dose=end, weeks=weeks)
    return chances(first, mean, sd, prior)


def forecast(
    state: Floats, cov: Floats, prior: Prior, *, dose: Floats, weeks: Floats
) -> tuple[Floats, Floats]:
    """Mean and sd of a score still to be observed, from a state and time alone.

    Parameters
    ----------
    state, cov : ndarray of shape (3, n) and (6, n)
        Filtered state and its covariance.
    prior : Prior
        Population parameters.
    dose, weeks : ndarray of shape (n,)
        ln(1 + session) of the future observation, and weeks from now until then.

    Returns
    -------
    tuple of ndarray, each of shape (n,)
        Raw points; the sd includes the error of the rating itself.
    """
    rate = -log(2) / prior.half_life_weeks * weeks
    kept = np.exp(rate)
    mean = state[0] + dose * state[1] + kept * state[2]
    passing = cov[5] * kept**2 - prior.deviation_sd**2 * np.expm1(2 * rate)
    lasting = cov[0] + 2 * dose * cov[1] + dose**2 * cov[3]
    across = 2 * kept * (cov[2] + dose * cov[4])
    return mean, np.sqrt(lasting + across + passing + prior.error_sd**2)


def chances(first: Floats, mean: Floats, sd: Floats, prior: Prior) -> tuple[Floats, Floats]:
    """Probabilities that a future score is reliably better, or worse, than the first."""
    if prior.reliable_change is None:
        nothing = np.full(np.shape(first), np.nan)
        return nothing, nothing
    falls = normal.cdf((first - prior.reliable_change + prior.step / 2 - mean) / sd)
    rises = normal.cdf((mean - (first + prior.reliable_change - prior.step / 2)) / sd)
    return (rises, falls) if prior.better is Better.HIGHER else (falls, rises)
