"""Fitting the trajectory model to many people.

What is expected of the next person is learned from those before, by maximum likelihood.
The growth model of any mixed-model program is a special case and must give its figures.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from securebase.science.errors import BadInput
from securebase.science.trajectory.climb import climb
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.fit import FITTED, Fit, fit_growth, fit_priors
from securebase.science.trajectory.natural import inverse
from securebase.science.trajectory.plan import Residual
from securebase.science.trajectory.prior import Prior, load_priors

Array = NDArray[np.float64]
Data = tuple[NDArray[np.intp], Array, Array, Array]
Caseload = tuple[Data, Fit]

ORACLES = Path(__file__).parent / "oracles"
KINDS = [
    ("sleepstudy", "error"),
    ("bodyweight", "deviation"),
    ("bodyweight", "both"),
]
TRUTH = {
    "intercept_mean": 15.5,
    "intercept_sd": 4.2,
    "slope_mean": -2.3,
    "slope_sd": 1.8,
    "correlation": -0.26,
    "deviation_sd": 2.2,
    "half_life_weeks": 1.2,
    "error_sd": 1.9,
}


@cache
def told(name: str) -> tuple[list[int], list[float], list[float]]:
    """Read one data set: offsets, times, values."""
    with (ORACLES / f"{name}.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    people = [row["person"] for row in rows]
    starts = [i for i, person in enumerate(people) if i == 0 or person != people[i - 1]]
    times, values = ([float(row[key]) for row in rows] for key in ("time", "value"))
    return [*starts, len(rows)], times, values


@cache
def expected(name: str, residual: str, method: str) -> dict[str, float]:
    """Read the figures another program gives."""
    with (ORACLES / "growth.csv").open() as handle:
        return {
            row["figure"]: float(row["value"])
            for row in csv.DictReader(handle)
            if (row["data"], row["residual"], row["method"]) == (name, residual, method)
        }


def drawn(people: int = 1500, sessions: int = 14, seed: int = 5) -> Data:
    """Draw a caseload from known parameters."""
    rng = np.random.default_rng(seed)
    weeks = np.cumsum(rng.uniform(0.4, 2.0, (people, sessions)), axis=1)
    nth = np.broadcast_to(np.arange(sessions, dtype=float), weeks.shape)
    sds = TRUTH["intercept_sd"], TRUTH["slope_sd"]
    across = TRUTH["correlation"] * sds[0] * sds[1]
    lines = rng.multivariate_normal(
        [TRUTH["intercept_mean"], TRUTH["slope_mean"]],
        [[sds[0] ** 2, across], [across, sds[1] ** 2]],
        people,
    )
    passing = np.empty(weeks.shape)
    passing[:, 0] = rng.normal(0, TRUTH["deviation_sd"], people)
    kept = 0.5 ** (np.diff(weeks, axis=1) / TRUTH["half_life_weeks"])
    for j in range(1, sessions):
        fresh = rng.normal(0, TRUTH["deviation_sd"], people)
        passing[:, j] = kept[:, j - 1] * passing[:, j - 1]
        passing[:, j] += np.sqrt(1 - kept[:, j - 1] ** 2) * fresh
    values = lines[:, :1] + lines[:, 1:] * np.log1p(nth) + passing
    values = values + rng.normal(0, TRUTH["error_sd"], weeks.shape)
    return np.arange(people + 1) * sessions, weeks.ravel(), nth.ravel(), values.ravel()


@pytest.fixture(scope="module")
def fitted() -> Caseload:
    """Fit one drawn caseload, once."""
    data = drawn()
    return data, fit_priors(*data)


@pytest.mark.parametrize("method", ["ML", "REML"])
@pytest.mark.parametrize(("name", "residual"), KINDS)
def test_growth_agrees_with_lme4_and_nlme(name: str, residual: str, method: str) -> None:
    figures = dict(expected(name, residual, method))

    grown = fit_growth(*told(name), residual=Residual(residual), restricted=method == "REML")

    assert grown.converged
    assert grown.loglik == pytest.approx(figures.pop("loglik"), abs=1e-7)
    found = dict(grown.estimates) | {f"{k}.se": v for k, v in grown.standard_errors.items()}
    found |= {"first_slope": grown.slopes[0] + grown.estimates["slope_mean"]}
    found |= {"first_slope_sd": grown.slope_sds[0]}
    if "first_slope" in figures:
        figures["first_slope"] += grown.estimates["slope_mean"]
    assert {key: found[key] for key in figures} == pytest.approx(figures, rel=2e-4)
    assert grown.estimates["slope_mean"] == pytest.approx(figures["slope_mean"], rel=1e-6)


def test_the_likelihood_is_that_of_the_filter(fitted: Caseload) -> None:
    data, fit = fitted

    unclipped = filter_caseload(*data, replace(fit.prior, clip=inf))

    assert fit.loglik == pytest.approx(unclipped.loglik.sum(), rel=1e-12)


@pytest.mark.parametrize("name", TRUTH)
def test_known_parameters_are_found_within_their_error(fitted: Caseload, name: str) -> None:
    _, fit = fitted

    off = (getattr(fit.prior, name) - TRUTH[name]) / fit.standard_errors[name]

    assert abs(off) < 3


@pytest.mark.parametrize("name", TRUTH)
def test_no_other_parameters_are_likelier(fitted: Caseload, name: str) -> None:
    data, fit = fitted
    away = fit.standard_errors[name]

    for step in (-away, away):
        moved = replace(fit.prior, clip=inf, **{name: getattr(fit.prior, name) + step})
        assert filter_caseload(*data, moved).loglik.sum() < fit.loglik - 0.3


def test_a_known_error_is_held() -> None:
    data = drawn(people=150)

    fit = fit_priors(*data, like=replace(FITTED, error_sd=1.9), hold_error=True)

    assert fit.prior.error_sd == pytest.approx(1.9)
    assert fit.standard_errors["error_sd"] == 0


def test_what_is_not_estimated_is_kept() -> None:
    phq = load_priors()["phq-9.total"]

    fit = fit_priors(*drawn(people=60), like=phq)

    assert (fit.prior.measure, fit.prior.better) == (phq.measure, phq.better)
    assert (fit.prior.low, fit.prior.high, fit.prior.clip) == (phq.low, phq.high, phq.clip)


def test_a_missing_score_counts_as_none() -> None:
    offsets, weeks, nth, values = drawn(people=60, sessions=6)
    values[1::6] = np.nan
    kept = ~np.isnan(values)

    with_gaps = fit_priors(offsets, weeks, nth, values)
    without = fit_priors(np.arange(61) * 5, weeks[kept], nth[kept], values[kept])

    assert with_gaps.loglik == pytest.approx(without.loglik, rel=1e-12)
    assert (with_gaps.people, with_gaps.observations) == (60, 300)


def test_somebody_without_a_score_is_expected_to_be_like_the_others() -> None:
    offsets, times, values = told("sleepstudy")

    grown = fit_growth([*offsets, offsets[-1]], times, values)

    assert grown.slopes[-1] == 0
    assert grown.slope_sds[-1] == pytest.approx(grown.estimates["slope_sd"])


def test_units_do_not_matter() -> None:
    offsets, times, values = told("sleepstudy")

    plain = fit_growth(offsets, times, values)
    other = fit_growth(offsets, np.array(times) * 7 + 1000, np.array(values) / 1000)

    assert other.estimates["slope_sd"] * 7000 == pytest.approx(
        plain.estimates["slope_sd"], rel=1e-5
    )
    assert other.loglik == pytest.approx(plain.loglik + 180 * np.log(1000), abs=1e-6)


def test_people_who_do_not_differ_have_no_spread() -> None:
    values = np.tile([1.0, 2.0, 3.0, 4.0], 10) + np.tile([0.0, 0.1, -0.1, 0.0], 10)

    grown = fit_growth(np.arange(11) * 4, np.tile(np.arange(4.0), 10), values)

    assert grown.estimates["intercept_sd"] == pytest.approx(0, abs=1e-3)
    assert grown.estimates["slope_mean"] == pytest.approx(0.98, abs=1e-6)


def test_leaning_on_nothing_new_leaves_the_prior_as_it_is() -> None:
    phq = load_priors()["phq-9.total"]

    fit = fit_priors([0], [], [], [], like=phq, lean=True)

    for name in TRUTH:
        assert getattr(fit.prior, name) == pytest.approx(getattr(phq, name), rel=1e-6)
    assert fit.loglik == 0
    assert fit.standard_errors["slope_mean"] == pytest.approx(
        0.15 * np.sqrt(phq.intercept_sd**2 + phq.deviation_sd**2 + phq.error_sd**2)
    )


@pytest.mark.parametrize("people", [1, 3])
def test_leaning_few_people_move_the_prior_a_little(people: int) -> None:
    phq = load_priors()["phq-9.total"]

    fit = fit_priors(*drawn(people=people, sessions=2), like=phq, lean=True)

    assert fit.converged
    assert abs(fit.prior.correlation) < 0.6
    for name in ("intercept_sd", "slope_sd", "deviation_sd", "error_sd", "half_life_weeks"):
        assert 0.5 < getattr(fit.prior, name) / getattr(phq, name) < 2


def test_leaning_many_people_have_the_word(fitted: Caseload) -> None:
    data, alone = fitted
    far = replace(load_priors()["phq-9.total"], slope_mean=3.0, correlation=0.3)

    leaning = fit_priors(*data, like=far, lean=True)

    for name in TRUTH:
        off = getattr(leaning.prior, name) - getattr(alone.prior, name)
        assert abs(off) < 0.5 * alone.standard_errors[name]
    unclipped = filter_caseload(*data, replace(leaning.prior, clip=inf))
    assert leaning.loglik == pytest.approx(unclipped.loglik.sum(), rel=1e-12)


def test_leaning_is_at_the_top_of_likelihood_and_prior_together() -> None:
    data = drawn(people=8, sessions=5)
    phq = replace(load_priors()["phq-9.total"].given({}), clip=inf)

    fit = fit_priors(*data, like=phq, lean=True)

    def density(prior: Prior) -> float:
        unit = np.sqrt(phq.intercept_sd**2 + phq.deviation_sd**2 + phq.error_sd**2)
        near = ("intercept_sd", "half_life_weeks", "error_sd")
        wide = [getattr(prior, k) / getattr(phq, k) for k in ("slope_sd", "deviation_sd")]
        off = [
            (prior.intercept_mean - phq.intercept_mean) / (0.5 * unit),
            (prior.slope_mean - phq.slope_mean) / (0.15 * unit),
            (np.arctanh(prior.correlation) - np.arctanh(phq.correlation)) / 0.5,
            *(np.log(getattr(prior, name) / getattr(phq, name)) / 0.5 for name in near),
        ]
        half_normal = sum(np.log(ratio) - 0.5 * ratio**2 for ratio in wide)
        loglik = filter_caseload(*data, prior).loglik.sum()
        return float(loglik + half_normal) - 0.5 * float(np.square(off).sum())

    top = density(fit.prior)
    for name in TRUTH:
        for step in (-0.01, 0.01):
            value = getattr(fit.prior, name)
            assert density(replace(fit.prior, **{name: value + step * abs(value)})) < top


def test_leaning_on_a_spread_of_none_is_possible() -> None:
    phq = load_priors()["phq-9.total"].given({})
    still = replace(phq, slope_sd=0.0, deviation_sd=0.0)

    fit = fit_priors(*drawn(people=2, sessions=3), like=still, lean=True)

    assert np.isfinite(fit.prior.slope_sd)


def test_many_people_are_found_by_way_of_some() -> None:
    data = drawn(people=2400, sessions=4)

    fit = fit_priors(*data)

    assert fit.converged
    for name in ("slope_mean", "intercept_sd"):
        moved = getattr(fit.prior, name) + fit.standard_errors[name]
        other = replace(fit.prior, clip=inf, **{name: moved})
        loglik = filter_caseload(*data, other).loglik.sum()
        assert fit.loglik - loglik > 0.3


def test_too_few_people_are_refused() -> None:
    with pytest.raises(BadInput, match=r"2 people have 3 scores or more, at least 5"):
        fit_growth([0, 3, 6, 8], [0, 1, 2, 0, 1, 2, 0, 1], np.arange(8.0))


@pytest.mark.parametrize(
    "values", [np.full(24, 10.0), np.repeat(np.arange(6.0), 4), np.tile(np.arange(4.0), 6)]
)
@pytest.mark.parametrize("residual", Residual)
def test_scores_without_error_are_refused(values: Array, residual: Residual) -> None:
    with pytest.raises(BadInput, match="exactly on a line of their own"):
        fit_growth(np.arange(7) * 4, np.tile(np.arange(4.0), 6), values, residual=residual)


def test_scores_at_one_time_have_no_course() -> None:
    with pytest.raises(BadInput, match="stand at one time"):
        fit_growth(np.arange(7) * 4, np.zeros(24), np.arange(24.0))


def test_leaning_even_scores_without_error_will_do() -> None:
    phq = load_priors()["phq-9.total"]
    nth = np.tile(np.arange(4.0), 6)

    fit = fit_priors(np.arange(7) * 4, nth, nth, np.full(24, 10.0), like=phq, lean=True)

    assert fit.converged
    assert 0 < fit.prior.error_sd < phq.error_sd


def test_two_scores_at_one_time_need_an_error() -> None:
    times = np.tile([0.0, 1.0, 1.0, 2.0], 6)

    with pytest.raises(BadInput, match="at the same time"):
        fit_growth(np.arange(7) * 4, times, np.arange(24.0), residual=Residual.DEVIATION)


def test_errors_are_unknown_where_the_hill_has_no_single_top() -> None:
    assert np.isnan(inverse(np.array([[1.0, 2.0], [2.0, 1.0]]))).all()
    assert inverse(np.array([[2.0, 0.0], [0.0, 4.0]])).diagonal().tolist() == [0.5, 0.25]


def test_a_climb_that_cannot_end_says_so() -> None:
    top = climb(lambda x: float(x[0]), np.ones_like, np.zeros(1), most=5)

    assert (top.reached, top.steps) == (False, 5)


def test_a_climb_from_the_top_stays_there() -> None:
    top = climb(lambda x: -float(x @ x), lambda x: -2 * x, np.zeros(2))

    assert (top.reached, top.at.tolist()) == (True, [0, 0])


def test_a_climb_that_is_led_astray_says_so() -> None:
    top = climb(lambda x: -float(x @ x), lambda x: 2 * x, np.ones(1))

    assert (top.reached, top.at.tolist()) == (False, [1])


def test_a_climb_leaves_a_hollow() -> None:
    def height(x: Any) -> float:
        return float(x[0] ** 2 - x[0] ** 4 / 2)

    top = climb(height, lambda x: 2 * x - 2 * x**3, np.array([0.05]))

    assert top.at == pytest.approx([1.0], abs=1e-5)


def test_a_climb_stays_where_the_hill_is_defined() -> None:
    def height(x: Any) -> float:
        return float(np.log(x[0]) - x[0]) if x[0] > 0 else -inf

    top = climb(height, lambda x: 1 / x - 1, np.array([8.0]))

    assert top.at == pytest.approx([1.0], abs=1e-5)
