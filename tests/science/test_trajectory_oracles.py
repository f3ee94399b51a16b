"""Trajectories: what others found with the same model.

The flow of the Nile as a local level (Durbin & Koopman 2012), and Beat the Blues, a trial
of computer-delivered therapy, as a mixed model with what was known at the start.
"""

import csv
from dataclasses import replace
from math import inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from securebase.science.errors import BadInput
from securebase.science.trajectory.climb import climb
from securebase.science.trajectory.fit import FITTED, fit_growth, fit_priors
from securebase.science.trajectory.intake import Covariate
from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.trajectory.smooth import SmoothedCaseload, smooth_caseload
from tests.science.test_fit import TRUTH, drawn

Array = NDArray[np.float64]

ORACLES = Path(__file__).parent / "oracles"
SLOW = 1e-8
"""The rate at which a deviation fades: so slow that it wanders instead."""
STARTS = ("pre", "drug", "long", "blues")


def column(file: str, name: str) -> Array:
    """Read one column of an oracle; NaN where a cell is empty."""
    with (ORACLES / file).open(encoding="utf-8") as handle:
        return np.array([float(row[name] or "nan") for row in csv.DictReader(handle)])


def figures(file: str) -> dict[str, float]:
    """Read the figures another program gives."""
    with (ORACLES / file).open(encoding="utf-8") as handle:
        return {row["figure"]: float(row["value"]) for row in csv.DictReader(handle)}


def local_level(level: float, noise: float) -> Prior:
    """Return the trajectory model that is a local level in all but the eighth digit.

    No person's own level or slope; a deviation that hardly fades has steps of variance
    ``level`` a year, and an unknown start.
    """
    return replace(
        FITTED,
        intercept_mean=900.0,
        intercept_sd=0.0,
        slope_sd=0.0,
        deviation_sd=(level / (2 * SLOW)) ** 0.5,
        half_life_weeks=log(2) / SLOW,
        error_sd=noise**0.5,
        clip=inf,
    )


def the_nile(level: float, noise: float) -> tuple[SmoothedCaseload, float]:
    """Follow the Nile; the likelihood leaves out what the unknown start makes of it."""
    years, volumes = column("nile.csv", "year"), column("nile.csv", "volume")
    prior = local_level(level, noise)
    got = smooth_caseload([0, 100], years, np.zeros(100), volumes, prior)
    start = prior.deviation_sd**2 + noise
    return got, float(got.filtered.loglik[0]) + 0.5 * log(start)


def test_the_nile_has_the_likelihood_and_the_levels_of_statsmodels() -> None:
    told = figures("nile_figures.csv")

    got, loglik = the_nile(told["level"], told["noise"])

    assert loglik == pytest.approx(told["loglik"], abs=1e-5)
    assert got.filtered.filtered_mean == pytest.approx(column("nile.csv", "filtered"), abs=1e-2)
    assert got.smoothed_mean == pytest.approx(column("nile.csv", "smoothed"), abs=1e-3)
    assert got.smoothed_sd == pytest.approx(column("nile.csv", "smoothed_sd"), abs=1e-3)


def test_the_nile_has_the_likelihood_that_is_printed() -> None:
    _, loglik = the_nile(1469.1, 15099.0)

    # Durbin & Koopman leave out the constant of the first year.
    assert loglik + 0.5 * log(2 * np.pi) == pytest.approx(-632.5456, abs=1e-3)


def test_the_variances_of_the_nile_are_those_that_are_printed() -> None:
    def height(at: Array) -> float:
        return the_nile(1000 * np.exp(at[0]), 10_000 * np.exp(at[1]))[1]

    def slope(at: Array) -> Array:
        steps = 1e-4 * np.eye(2)
        return np.array([(height(at + s) - height(at - s)) / 2e-4 for s in steps])

    top = climb(height, slope, np.zeros(2), tolerance=1e-10)

    level, noise = 1000 * np.exp(top.at[0]), 10_000 * np.exp(top.at[1])
    assert top.reached
    assert level == pytest.approx(1469.1, rel=1e-3)
    assert noise == pytest.approx(15099, rel=1e-4)


def beat_the_blues() -> tuple[Any, Any, Any, Any]:
    """Return offsets, months, scores, and what was known at the start."""
    starts = np.column_stack([column("btheb.csv", name)[::4] for name in STARTS])
    months, values = column("btheb.csv", "time"), column("btheb.csv", "value")
    return np.arange(101) * 4, months, values, starts


def test_beat_the_blues_has_the_figures_of_lme4() -> None:
    offsets, months, values, starts = beat_the_blues()
    told = figures("btheb_figures.csv")

    grown = fit_growth(offsets, months, values, covariates=starts)

    assert grown.converged
    assert grown.loglik == pytest.approx(told["loglik"], abs=1e-7)
    means = grown.estimates["intercept_mean"], grown.estimates["slope_mean"]
    assert means == pytest.approx((told["(Intercept)"], told["time"]), rel=1e-4)
    errors = (grown.standard_errors[name] for name in ("intercept_mean", "slope_mean"))
    assert tuple(errors) == pytest.approx((told["(Intercept).se"], told["time.se"]), rel=1e-3)
    effects = [(told[name], told[f"time:{name}"]) for name in STARTS]
    assert grown.effects == pytest.approx(np.array(effects), rel=1e-3)
    apart = [(told[f"{name}.se"], told[f"time:{name}.se"]) for name in STARTS]
    assert grown.effect_errors == pytest.approx(np.array(apart), rel=1e-3)
    for name in ("intercept_sd", "error_sd"):
        assert grown.estimates[name] == pytest.approx(told[name], rel=1e-4)
    assert grown.estimates["slope_sd"] == pytest.approx(told["slope_sd"], abs=1e-3)


def with_covariates(people: int = 1500) -> tuple[Any, Any]:
    """Draw a caseload whose level and slope depend on two things known at intake."""
    offsets, weeks, sessions, values = drawn(people=people)
    known = np.random.default_rng(11).normal(size=(people, 2))
    person = np.repeat(np.arange(people), np.diff(offsets))
    level, slope = known @ [2.0, 1.0], known @ [0.0, 0.5]
    values = values + level[person] + slope[person] * np.log1p(sessions)
    return (offsets, weeks, sessions, values), known


def test_what_covariates_add_is_found_again() -> None:
    data, known = with_covariates()

    fit = fit_priors(*data, covariates=known)

    effects = np.array([(one.level, one.slope) for one in fit.prior.covariates])
    truth = np.array([(2.0, 0.0), (1.0, 0.5)])
    assert (np.abs(effects - truth) < 4 * fit.effect_errors).all()
    left = fit.prior.given({"covariate 1": 0.0, "covariate 2": 0.0})
    assert left.intercept_sd == pytest.approx(TRUTH["intercept_sd"], rel=0.05)
    assert fit.prior.intercept_sd > left.intercept_sd
    assert fit.loglik > fit_priors(*data).loglik


def test_fitted_effects_keep_the_names_and_yardsticks_of_the_prior() -> None:
    data, known = with_covariates(people=300)
    like = replace(
        load_priors()["phq-9.total"].given({}),
        covariates=(Covariate("severity", 0.0, 0.0), Covariate("anxiety", 0.0, 0.0)),
    )

    fit = fit_priors(*data, like=like, covariates=known)

    assert [one.name for one in fit.prior.covariates] == ["severity", "anxiety"]


def test_leaning_on_nothing_new_leaves_effects_as_they_are() -> None:
    phq = load_priors()["phq-9.total"]

    fit = fit_priors([0], [], [], [], like=phq, lean=True, covariates=np.empty((0, 3)))

    for known, found in zip(phq.covariates, fit.prior.covariates, strict=True):
        assert (found.level, found.slope) == pytest.approx((known.level, known.slope), abs=1e-6)
    assert fit.prior.intercept_sd == pytest.approx(phq.intercept_sd, rel=1e-6)


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (np.full((1500, 1), np.nan), "missing for 1500 people"),
        (np.zeros((3, 1)), r"shape \(3, 1\)"),
        (np.zeros((1500, 2)), "2 columns, and the prior of phq-9.total has 3"),
    ],
)
def test_covariates_that_do_not_fit_are_refused(known: Any, says: str) -> None:
    data = drawn()

    with pytest.raises(BadInput, match=says):
        fit_priors(*data, like=load_priors()["phq-9.total"], covariates=known)


def test_covariates_and_restricted_likelihood_do_not_go_together() -> None:
    offsets, months, values, starts = beat_the_blues()

    with pytest.raises(BadInput, match="maximum likelihood only"):
        fit_growth(offsets, months, values, restricted=True, covariates=starts)
