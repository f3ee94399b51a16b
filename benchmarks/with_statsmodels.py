"""statsmodels, at refreshing a caseload."""

from __future__ import annotations

from importlib.metadata import version
from math import erfc, exp, expm1, log, log1p, sqrt
from pathlib import Path

import numpy as np
from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

from benchmarks.seat import sit
from benchmarks.work import (
    CHECKED,
    NOT_ON_TRACK,
    PLANNED,
    SUDDEN,
    Caseload,
    Floats,
    Refreshed,
    priors,
    started,
    written,
)
from securebase.science.trajectory.prior import Prior


def run(folder: Path, people: int) -> None:
    """Build a model of each person and smooth it, with the bare compiled smoother."""
    data = Caseload.read(folder, people=people)
    each = list(zip(data.values, priors(), strict=True))
    made = sit(
        version("statsmodels"), lambda: [_one_by_one(data, values, p) for values, p in each]
    )
    end = int(data.offsets[CHECKED])
    written(folder, "statsmodels", np.concatenate([one.checked(end) for one in made]))


def _one_by_one(data: Caseload, values: Floats, prior: Prior) -> Refreshed:
    people = data.offsets.size - 1
    loglik, chance, flagged = np.empty(people), np.empty(people), 0
    smoothed = np.empty(values.size)
    for person in range(people):
        here = slice(data.offsets[person], data.offsets[person + 1])
        weeks, nth, own = data.weeks[here], data.sessions[here], values[here]
        got = _model(weeks, nth, own, prior).smooth()
        loglik[person] = got.llf
        design = np.stack((np.ones(own.size), np.log1p(nth), np.ones(own.size)))
        smoothed[here] = (design * got.smoothed_state).sum(axis=0)
        last = got.filtered_state[:, -1], got.filtered_state_cov[:, :, -1]
        chance[person] = _chance(*last, own, float(nth[-1]), prior)
        sudden = bool(np.nanmax(np.abs(got.standardized_forecasts_error)) > SUDDEN)
        flagged += sudden or bool(chance[person] < NOT_ON_TRACK)
    return Refreshed(loglik, chance, smoothed, flagged)


def _model(weeks: Floats, nth: Floats, values: Floats, prior: Prior) -> KalmanSmoother:
    n = values.size
    model = KalmanSmoother(k_endog=1, k_states=3, k_posdef=1)
    model.bind(np.ascontiguousarray(values)[:, None])
    design = np.ones((1, 3, n))
    design[0, 1] = np.log1p(nth)
    kept = np.exp(-log(2) / prior.half_life_weeks * np.append(np.diff(weeks), 0.0))
    transition = np.zeros((3, 3, n))
    transition[0, 0] = transition[1, 1] = 1.0
    transition[2, 2] = kept
    selection = np.zeros((3, 1))
    selection[2, 0] = 1.0
    model["design"], model["transition"], model["selection"] = design, transition, selection
    model["obs_cov"] = np.array([[prior.error_sd**2]])
    model["state_cov"] = (prior.deviation_sd**2 * (1 - kept**2))[None, None, :]
    model.initialize_known(*started(prior))
    return model


def _chance(state: Floats, cov: Floats, values: Floats, nth: float, prior: Prior) -> float:
    """Chance of reliable improvement by the planned end, lower being better."""
    first = float(values[np.flatnonzero(~np.isnan(values))[0]])
    dose = log1p(max(PLANNED, nth))
    rate = -log(2) / prior.half_life_weeks * prior.weeks_per_session
    gap = max(PLANNED, nth) - nth
    h = np.array([1.0, dose, exp(rate * gap)])
    mean = float(h @ state)
    fresh = -(prior.deviation_sd**2) * expm1(2 * rate * gap)
    sd = sqrt(float(h @ cov @ h) + fresh + prior.error_sd**2)
    needed = first - (prior.reliable_change or 0.0) + prior.step / 2
    return 0.5 * erfc(-(needed - mean) / sd / sqrt(2))
