"""Trajectories: looking back.

Once later scores are known, earlier levels are known better. The smoother must give the
law of every level given every score, for one person or a million.
"""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from securebase.science import normal
from securebase.science.errors import BadInput
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.forecast import forecast
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.smooth import (
    people_in_parts,
    smooth_caseload,
    smooth_in_parts,
)
from securebase.science.words import Better
from tests.science.dense import dense
from tests.science.test_trajectory import PLAIN, caseload

SPREADS = st.floats(0, 6)
PRIORS = st.builds(
    lambda level, slope, passing, half, error, both: replace(
        PLAIN,
        intercept_sd=level,
        slope_sd=slope,
        deviation_sd=passing,
        half_life_weeks=half,
        error_sd=error,
        correlation=both,
    ),
    SPREADS,
    SPREADS,
    SPREADS,
    st.floats(0.1, 30),
    st.floats(0.5, 5),
    st.floats(-0.95, 0.95),
)
GAPS = st.one_of(st.just(0.0), st.floats(0.0, 8.0), st.floats(20.0, 200.0))
COURSES = st.lists(
    st.tuples(GAPS, st.one_of(st.none(), st.integers(0, 27))), min_size=1, max_size=20
)


@settings(max_examples=150, deadline=None)
@given(COURSES, PRIORS)
def test_every_figure_is_that_of_the_dense_formula(course: Any, prior: Prior) -> None:
    weeks = np.cumsum([gap for gap, _ in course])
    sessions = np.arange(len(course), dtype=float)
    values = np.array([np.nan if value is None else value for _, value in course], dtype=float)

    got = smooth_caseload([0, weeks.size], weeks, sessions, values, prior)

    whole = dense(weeks, sessions, values, prior)
    assert got.filtered.loglik[0] == pytest.approx(whole.loglik, rel=1e-9, abs=1e-9)
    assert got.smoothed_mean == pytest.approx(whole.mean, abs=1e-9)
    assert got.smoothed_sd**2 == pytest.approx(np.diag(whole.covariance), abs=1e-9)
    for last in range(1, weeks.size + 1):
        then = dense(weeks[:last], sessions[:last], values[:last], prior)
        assert got.filtered.filtered_mean[last - 1] == pytest.approx(then.mean[-1], abs=1e-9)
        spread = got.filtered.filtered_sd[last - 1] ** 2
        assert spread == pytest.approx(then.covariance[-1, -1], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(COURSES, PRIORS, st.floats(0, 40), st.floats(0, 60))
def test_a_forecast_is_that_of_the_dense_formula(
    course: Any, prior: Prior, weeks_on: float, sessions_on: float
) -> None:
    weeks = np.cumsum([gap for gap, _ in course])
    sessions = np.arange(len(course), dtype=float)
    values = np.array([np.nan if value is None else value for _, value in course], dtype=float)
    end = sessions[-1] + sessions_on

    got = filter_caseload([0, weeks.size], weeks, sessions, values, prior)
    mean, sd = forecast(
        got.state.T,
        got.state_covariance.T,
        prior,
        dose=np.log1p([end]),
        weeks=np.array([weeks_on]),
    )

    whole = dense([*weeks, weeks[-1] + weeks_on], [*sessions, end], [*values, np.nan], prior)
    assert mean[0] == pytest.approx(whole.mean[-1], abs=1e-9)
    assert sd[0] ** 2 == pytest.approx(whole.covariance[-1, -1] + prior.error_sd**2, abs=1e-9)


@pytest.mark.parametrize("better", [Better.LOWER, Better.HIGHER])
def test_the_chances_at_the_planned_end_are_those_of_the_dense_formula(better: Better) -> None:
    prior = replace(PLAIN, better=better, step=0.5, weeks_per_session=1.4)
    weeks, sessions, values = [0, 1.1, 3.0], [0, 1, 2], [19.0, np.nan, 13.0]

    got = filter_caseload([0, 3], weeks, sessions, values, prior, planned_sessions=12)

    end = 3.0 + 10 * 1.4
    whole = dense([*weeks, end], [*sessions, 12], [*values, np.nan], prior)
    sd = np.sqrt(whole.covariance[-1, -1] + prior.error_sd**2)
    falls = normal.cdf((19 - 6 + 0.25 - whole.mean[-1]) / sd)
    rises = 1 - normal.cdf((19 + 6 - 0.25 - whole.mean[-1]) / sd)
    told = (got.p_reliable_improvement[0], got.p_deterioration[0])
    expected = (falls, rises) if better is Better.LOWER else (rises, falls)
    assert told == pytest.approx(expected, abs=1e-9)


def test_everybody_in_a_caseload_is_smoothed_as_if_alone() -> None:
    offsets, weeks, sessions, values = caseload(3, people=40)

    got = smooth_caseload(offsets, weeks, sessions, values, PLAIN)

    for i in range(offsets.size - 1):
        own = slice(offsets[i], offsets[i + 1])
        whole = dense(weeks[own], sessions[own], values[own], PLAIN)
        assert got.smoothed_mean[own] == pytest.approx(whole.mean, abs=1e-9)
        spread = np.sqrt(np.diag(whole.covariance))
        assert got.smoothed_sd[own] == pytest.approx(spread, abs=1e-9)


def test_the_filter_gives_the_same_whether_anybody_looks_back_or_not() -> None:
    data = caseload(4)

    back, forth = smooth_caseload(*data, PLAIN).filtered, filter_caseload(*data, PLAIN)

    assert back.filtered_mean.tolist() == forth.filtered_mean.tolist()
    assert back.loglik.tolist() == forth.loglik.tolist()


def test_the_newest_level_is_not_changed_by_looking_back() -> None:
    got = smooth_caseload([0, 3], [0, 1, 2], [0, 1, 2], [20, 12, 16], PLAIN)

    assert got.smoothed_mean[-1] == got.filtered.filtered_mean[-1]
    assert got.smoothed_sd[-1] == got.filtered.filtered_sd[-1]


def test_a_clipped_score_counts_looking_back_as_it_counted_then() -> None:
    careful = replace(PLAIN, clip=2.0)
    course = [0, 3], [0, 1, 2], [0, 1, 2]

    clipped = smooth_caseload(*course, [15, 60, 14], careful)

    first = filter_caseload([0, 2], [0, 1], [0, 1], [15, 60], careful)
    counted = first.predicted_mean[1] + 2.0 * first.predicted_sd[1]
    as_counted = smooth_caseload(*course, [15, counted, 14], replace(PLAIN, clip=inf))
    assert clipped.smoothed_mean == pytest.approx(as_counted.smoothed_mean, abs=1e-9)


def test_ten_thousand_observations_of_one_person_are_smoothed_rightly() -> None:
    n = 10_000
    weeks, nth, seen = np.arange(n) / 7, np.arange(n), np.arange(0, n, 97)
    values = np.full(n, np.nan)
    values[seen] = 15 + 3 * np.sin(weeks[seen] / 9)

    got = smooth_caseload([0, n], weeks, nth, values, PLAIN)

    whole = dense(weeks[seen], nth[seen], values[seen], PLAIN)
    assert got.smoothed_mean[seen] == pytest.approx(whole.mean, abs=1e-9)
    spread = np.sqrt(np.diag(whole.covariance))
    assert got.smoothed_sd[seen] == pytest.approx(spread, abs=1e-9)


def test_nobody_and_nothing_are_smoothed_to_nothing() -> None:
    assert smooth_caseload([0], [], [], [], PLAIN).smoothed_mean.size == 0
    assert smooth_caseload([0, 0, 0], [], [], [], PLAIN).filtered.loglik.tolist() == [0.0, 0.0]


def test_in_parts_everybody_gets_what_they_get_together() -> None:
    data = caseload(6, people=50)

    together = smooth_caseload(*data, PLAIN)
    parts = list(smooth_in_parts(people_in_parts(*data, people=7), PLAIN))

    assert len(parts) == 8
    apart = np.concatenate([part.smoothed_mean for part in parts])
    assert apart == pytest.approx(together.smoothed_mean, abs=1e-12)
    logliks = np.concatenate([part.filtered.loglik for part in parts])
    assert logliks == pytest.approx(together.filtered.loglik, abs=1e-12)


def test_memory_for_ten_parts_is_that_for_one() -> None:
    def many(parts: int) -> Iterator[Any]:
        for seed in range(parts):
            yield caseload(seed, people=400)

    def peak(parts: int) -> int:
        tracemalloc.start()
        for _ in smooth_in_parts(many(parts), PLAIN):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(10) < 1.5 * peak(1)


def test_memory_grows_in_proportion_to_people() -> None:
    def peak(people: int) -> int:
        data = caseload(1, people=people)
        tracemalloc.start()
        smooth_caseload(*data, PLAIN)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(1600) < 5 * peak(400)


def test_a_part_holds_somebody() -> None:
    with pytest.raises(BadInput, match="people is 0, a part needs at least 1"):
        next(people_in_parts([0, 1], [0], [0], [5], people=0))
