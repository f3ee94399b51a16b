"""Population parameters from many people's scores, by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.errors import BadInput
from securebase.science.trajectory.climb import Top, climb
from securebase.science.trajectory.enough import check_enough, check_noise, gaps, thinned
from securebase.science.trajectory.growth import Likelihood, Scores
from securebase.science.trajectory.intake import Covariate
from securebase.science.trajectory.natural import Scaling, deviations, figures, inverse
from securebase.science.trajectory.plan import (
    Plan,
    Residual,
    covariates_of,
    told_at_intake,
)
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged

HALF_LIVES = (0.4, 1.5, 6.0)
"""Starting points, in typical gaps between two scores."""
SOME = 1000
"""People with whom the climb begins where there are many more."""
WITHIN_ONE = 1 - 1e-9

FITTED = Prior(
    measure="score",
    version="fitted",
    intercept_mean=0.0,
    intercept_sd=1.0,
    slope_mean=0.0,
    slope_sd=1.0,
    correlation=0.0,
    deviation_sd=1.0,
    half_life_weeks=1.0,
    error_sd=1.0,
)
"""What surrounds fitted figures where nothing is said of the measure."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A growth model fitted to many people.

    ``estimates`` and ``standard_errors`` go by the names of ``Prior``; of what the model
    leaves out there is none. A standard error is NaN where the data do not say enough.
    ``effects`` and ``effect_errors``, shape (k, 2): what one unit of each covariate adds to
    level and slope. ``slopes`` and ``slope_sds``, shape (people,), are each person's
    expected deviation from the mean slope and its conditional sd; 0 and the population's
    for a person without a score.
    """

    loglik: float
    estimates: Mapping[str, float]
    standard_errors: Mapping[str, float]
    effects: Floats
    effect_errors: Floats
    slopes: Floats
    slope_sds: Floats
    people: int
    observations: int
    restricted: bool
    converged: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Population parameters of the trajectory model, as a prior for the next person."""

    loglik: float
    prior: Prior
    standard_errors: Mapping[str, float]
    people: int
    observations: int
    converged: bool
    effect_errors: Floats = field(default_factory=lambda: np.empty((0, 2)))
    """Standard errors of what covariates add, shape (k, 2): level and slope."""


def fit_priors(  # noqa: PLR0913  (the caseload, and what is promised of it)
    offsets: ArrayLike,
    weeks: ArrayLike,
    sessions: ArrayLike,
    values: ArrayLike,
    *,
    like: Prior = FITTED,
    hold_error: bool = False,
    lean: bool = False,
    covariates: ArrayLike | None = None,
) -> Fit:
    """Fit the trajectory model to many people's observations of one measure.

    Parameters
    ----------
    offsets : array-like of int, shape (people + 1,)
        Person ``i`` has observations ``offsets[i]`` up to ``offsets[i + 1]``.
    weeks : array-like, shape (observations,)
        Calendar weeks since any fixed day, never falling within a person.
    sessions : array-like, shape (observations,)
        Therapy sessions behind the observation; 0 is intake. Zero or more.
    values : array-like, shape (observations,)
        Scores in raw points; NaN where missing, which counts as no observation.
    like : Prior
        Gives all that is not estimated: name, range, direction, reliable change, version.
    hold_error : bool
        Keep the measurement error of ``like``, known from published reliability, instead
        of estimating it.
    lean : bool
        Stay near the figures of ``like`` where the data say little (maximum a posteriori),
        so that few people, or none, will do.
    covariates : array-like, shape (people, k), optional
        Standardised values known at intake, none missing; in the order of the covariates
        of ``like`` where it has any. What they add to level and slope is estimated.

    Returns
    -------
    Fit
        ``loglik``, the fitted ``prior`` and standard errors by its field names; leaning,
        they are posterior standard deviations. The spreads of ``prior`` are those of a
        person of whom no covariate is known; their standard errors, those of the spreads
        that covariates leave.

    Raises
    ------
    BadInput
        If the arrays do not describe a caseload, or, without leaning, too few people have
        enough scores.

    Notes
    -----
    How near leaning stays is our choice; see ``lean.py``. The likelihood is that of
    ``filter_caseload`` without clipping.
    Checked against: tests/science/oracles/growth.csv (lme4 and nlme).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> nth = np.tile(np.arange(8.0), 200)
    >>> level = np.repeat(rng.normal(16, 4, 200), 8)
    >>> fit = fit_priors(
    ...     np.arange(201) * 8, nth, nth, level - 2 * np.log1p(nth) + rng.normal(0, 2, 1600)
    ... )
    >>> round(fit.prior.slope_mean), round(fit.prior.intercept_sd)
    (-2, 4)
    """
    data = Ragged.of(offsets, weeks, sessions, values)
    told = None if covariates is None else told_at_intake(data, covariates)
    named = covariates_of(like, told)
    plan = Plan(
        Residual.BOTH,
        held=like.error_sd if hold_error else None,
        near=replace(like, covariates=named) if lean else None,
        told=told,
    )
    grown = _fitted(data, data.dose, plan)
    return Fit(
        loglik=grown.loglik,
        prior=_as_prior(grown, like, named),
        standard_errors=grown.standard_errors,
        people=grown.people,
        observations=grown.observations,
        converged=grown.converged,
        effect_errors=grown.effect_errors,
    )


def _as_prior(grown: Growth, like: Prior, named: tuple[Covariate, ...]) -> Prior:
    """Return fitted figures as those of a person of whom nothing else is known."""
    told: dict[str, Any] = dict(grown.estimates)
    left = told["intercept_sd"], told["slope_sd"]
    across = told["correlation"] * left[0] * left[1] + float(np.prod(grown.effects, 1).sum())
    for key, spread, added in zip(
        ("intercept_sd", "slope_sd"), left, grown.effects.T, strict=True
    ):
        told[key] = float(np.sqrt(spread**2 + (added**2).sum()))
    whole = told["intercept_sd"] * told["slope_sd"]
    both = across / whole if whole > 0 else told["correlation"]
    told["correlation"] = float(np.clip(both, -WITHIN_ONE, WITHIN_ONE))
    told["error_sd"] = max(told["error_sd"], float(np.finfo(np.float64).tiny))
    fitted = tuple(
        replace(one, level=float(level), slope=float(slope))
        for one, (level, slope) in zip(named, grown.effects, strict=True)
    )
    return replace(like, **told, covariates=fitted)


def fit_growth(
    offsets: ArrayLike,
    times: ArrayLike,
    values: ArrayLike,
    *,
    residual: Residual = Residual.ERROR,
    restricted: bool = False,
    covariates: ArrayLike | None = None,
) -> Growth:
    """Fit a straight line with a random level and slope to many people.

    Parameters
    ----------
    offsets : array-like of int, shape (people + 1,)
        Person ``i`` has observations ``offsets[i]`` up to ``offsets[i + 1]``.
    times : array-like, shape (observations,)
        Time in any unit, never falling within a person.
    values : array-like, shape (observations,)
        Scores in raw points; NaN where missing.
    residual : Residual
        What a score holds besides the person's line.
    restricted : bool
        Restricted maximum likelihood, which does not call spreads too small when people
        are few. Not together with covariates.
    covariates : array-like, shape (people, k), optional
        Something known of each person, none missing; what one unit of it adds to level
        and slope is estimated.

    Returns
    -------
    Growth
        Estimates, log-likelihood and each person's slope. Half-life in units of ``times``.

    Raises
    ------
    BadInput
        If the arrays do not describe a caseload, or too few people have enough scores.

    Notes
    -----
    Source: Laird & Ware (1982), Biometrics 38(4), 963-974.
    Checked against: tests/science/oracles/growth.csv (lme4 and nlme).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = np.tile(np.arange(6.0), 300)
    >>> level = np.repeat(rng.normal(50, 5, 300), 6)
    >>> grown = fit_growth(
    ...     np.arange(301) * 6, days, level + 3 * days + rng.normal(0, 1, 1800)
    ... )
    >>> round(grown.estimates["slope_mean"], 1), round(grown.estimates["error_sd"], 1)
    (3.0, 1.0)
    """
    data = Ragged.of(offsets, times, np.zeros(np.shape(times)), values)
    if residual is Residual.DEVIATION and (gaps(data) <= 0).any():
        raise BadInput(
            "Two scores of one person stand at the same time, which a model without error "
            "cannot hold. Keep one of them, or fit the residual 'both'."
        )
    told = None if covariates is None else told_at_intake(data, covariates)
    if restricted and told is not None:
        raise BadInput(
            "Covariates are fitted by maximum likelihood only. Leave out restricted."
        )
    return _fitted(data, data.weeks, Plan(residual, restricted=restricted, told=told))


def _fitted(data: Ragged, times: Floats, plan: Plan) -> Growth:
    seen = ~np.isnan(data.values)
    offsets = np.concatenate(([0], np.cumsum(seen)))[data.offsets]
    values, times = data.values[seen], times[seen]
    if plan.near is None:
        check_enough(offsets)
        check_noise(offsets, times, values)
    kept = Ragged(offsets, data.weeks[seen], times, values)
    scaling = plan.scaling(times, values)
    base, free = plan.base(scaling), plan.free()
    pull = plan.lean(scaling)

    def on(some: Ragged, who: Ints) -> Likelihood:
        scores = Scores(
            some.offsets,
            some.weeks,
            scaling.times(some.dose),
            scaling.values(some.dose, some.values),
        )
        serial = plan.residual is not Residual.ERROR
        told = None if plan.told is None else plan.told[who][scores.order]
        return Likelihood(
            scores, base, free, plan.restricted, serial=serial, pull=pull, told=told
        )

    whole = on(kept, np.arange(offsets.size - 1))
    return _told(whole, _top(whole, kept, on), scaling, plan.residual)


def _top(whole: Likelihood, data: Ragged, on: Callable[[Ragged, Ints], Likelihood]) -> Top:
    """Climb; with very many people first with some of them, who show where the top lies."""
    every = (data.offsets.size - 1) // SOME
    if every <= 1:
        return _climbed(whole, data)
    thin = thinned(data, every)
    few = on(thin, np.arange(0, data.offsets.size - 1, every))
    near = _climbed(few, thin)
    share = few.scores.count / whole.scores.count
    return climb(
        whole.height, whole.slope, near.at, inverse=share * inverse(-few.bend(near.at))
    )


def _climbed(likelihood: Likelihood, data: Ragged) -> Top:
    """Climb from a few half-lives and keep the highest top: there may be more than one."""
    start = likelihood.base[likelihood.free]
    starts = [start]
    if likelihood.serial and likelihood.pull is None:
        between = gaps(data)
        between = between[between > 0]
        typical = float(np.median(between)) if between.size else 1.0
        place = likelihood.free.tolist().index(4)
        starts = [start.copy() for _ in HALF_LIVES]
        for one, share in zip(starts, HALF_LIVES, strict=True):
            one[place] = log(share * typical)
    tops = [climb(likelihood.height, likelihood.slope, one) for one in starts]
    return max(tops, key=lambda top: top.height)


def _told(likelihood: Likelihood, top: Top, scaling: Scaling, residual: Residual) -> Growth:
    scores = likelihood.scores
    whole = likelihood.full(top.at)
    moments = likelihood.moments(whole)
    alone = likelihood.pooled(top.at)
    sums = likelihood.joined(alone)
    loglik = alone.loglik(scores.count, restricted=likelihood.restricted, means=sums.fixed())
    found = figures(likelihood, top.at, sums, scaling)
    absent = {
        Residual.ERROR: ("deviation_sd", "half_life_weeks"),
        Residual.DEVIATION: ("error_sd",),
        Residual.BOTH: (),
    }[residual]
    slopes, slope_sds = deviations(moments, sums, whole[:3])
    back = np.argsort(scores.order, kind="stable")
    slope_unit = scaling.spread / scaling.width
    return Growth(
        loglik=scaling.loglik(float(loglik), scores.count, restricted=likelihood.restricted),
        estimates={k: value for k, value in found.estimates.items() if k not in absent},
        standard_errors={k: error for k, error in found.errors.items() if k not in absent},
        effects=found.effects,
        effect_errors=found.effect_errors,
        slopes=slopes[back] * slope_unit,
        slope_sds=slope_sds[back] * slope_unit,
        people=scores.people,
        observations=scores.count,
        restricted=likelihood.restricted,
        converged=top.reached,
        steps=top.steps,
    )
