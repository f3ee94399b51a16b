"""Trajectories: the model.

A person's scores are read as a level at intake, a slope over sessions, a passing
deviation and the error of each rating. The filter must agree with the plain formula of
the same model, with another program, and with common sense at its edges.
"""

import csv
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, log, pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from securebase.science import normal
from securebase.science.errors import BadInput, ContentError
from securebase.science.trajectory.expect import expected_course
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.words import Better

PLAIN = Prior(
    measure="test.total",
    version="test",
    intercept_mean=15.0,
    intercept_sd=4.9,
    slope_mean=-2.1,
    slope_sd=1.7,
    correlation=-0.25,
    deviation_sd=2.0,
    half_life_weeks=1.2,
    error_sd=2.3,
    reliable_change=6.0,
    clip=inf,
)
START = datetime(2026, 1, 5, 18, tzinfo=UTC)


def weekly(n: int) -> Any:
    return [START + timedelta(weeks=i) for i in range(n)]


def dense(weeks: Any, sessions: Any, values: Any, prior: Any) -> Any:
    """Log-likelihood and level at the end from the full covariance matrix at once."""
    seen = ~np.isnan(values)
    at, x = weeks[seen], np.column_stack([np.ones(seen.sum()), np.log1p(sessions[seen])])
    b = np.array(
        [
            [prior.intercept_sd**2, prior.covariance],
            [prior.covariance, prior.slope_sd**2],
        ]
    )
    mean = x @ [prior.intercept_mean, prior.slope_mean]
    apart = np.abs(at[:, None] - at[None, :])
    passing = prior.deviation_sd**2 * 0.5 ** (apart / prior.half_life_weeks)
    cov = x @ b @ x.T + passing + prior.error_sd**2 * np.eye(seen.sum())
    r = values[seen] - mean
    loglik = -0.5 * (
        r @ np.linalg.solve(cov, r) + np.linalg.slogdet(cov)[1] + seen.sum() * log(2 * pi)
    )
    last = np.array([1.0, np.log1p(sessions[-1])])
    to_last = prior.deviation_sd**2 * 0.5 ** (np.abs(at - weeks[-1]) / prior.half_life_weeks)
    with_seen = x @ b @ last + to_last
    level = last @ [prior.intercept_mean, prior.slope_mean]
    return loglik, level + with_seen @ np.linalg.solve(cov, r)


def caseload(seed: int, people: int = 20) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 26, people)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    weeks = np.concatenate([np.cumsum(rng.uniform(0, 3, n)) for n in lengths])
    sessions = np.concatenate([np.arange(n) for n in lengths]).astype(float)
    values = np.round(rng.normal(15, 6, offsets[-1]))
    values[rng.random(values.size) < 0.2] = np.nan
    return offsets, weeks, sessions, values


def test_agrees_with_the_dense_formula_for_everybody() -> None:
    offsets, weeks, sessions, values = caseload(1)

    got = filter_caseload(offsets, weeks, sessions, values, PLAIN)

    for i in range(offsets.size - 1):
        own = slice(offsets[i], offsets[i + 1])
        loglik, level = dense(weeks[own], sessions[own], values[own], PLAIN)
        assert got.loglik[i] == pytest.approx(loglik, abs=1e-9)
        assert got.filtered_mean[own][-1] == pytest.approx(level, abs=1e-9)


def test_agrees_with_statsmodels() -> None:
    path = Path(__file__).parent / "oracles" / "trajectory_loglik.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    people = [row["person"] for row in rows]
    offsets = [i for i in range(len(rows)) if i == 0 or people[i] != people[i - 1]]
    told = {
        key: np.array([float(row[key] or "nan") for row in rows])
        for key in ("week", "session", "value", "filtered", "predicted", "sd", "loglik")
    }

    got = filter_caseload(
        [*offsets, len(rows)], told["week"], told["session"], told["value"], PLAIN
    )

    assert got.loglik == pytest.approx(told["loglik"][offsets], abs=1e-6)
    assert got.filtered_mean == pytest.approx(told["filtered"], abs=1e-6)
    assert got.predicted_mean == pytest.approx(told["predicted"], abs=1e-6)
    assert got.predicted_sd == pytest.approx(told["sd"], abs=1e-6)


def test_a_missing_score_counts_as_much_as_one_never_asked() -> None:
    skipped = filter_caseload([0, 3], [0, 1, 2.5], [0, 1, 2], [17, np.nan, 12], PLAIN)
    dropped = filter_caseload([0, 2], [0, 2.5], [0, 2], [17, 12], PLAIN)

    assert skipped.loglik == pytest.approx(dropped.loglik)
    assert skipped.filtered_mean[-1] == pytest.approx(dropped.filtered_mean[-1])
    assert skipped.p_reliable_improvement == pytest.approx(dropped.p_reliable_improvement)


def test_nobody_depends_on_who_else_is_in_the_caseload() -> None:
    offsets, weeks, sessions, values = caseload(2)
    together = filter_caseload(offsets, weeks, sessions, values, PLAIN)

    own = slice(offsets[7], offsets[8])
    alone = filter_caseload(
        [0, offsets[8] - offsets[7]], weeks[own], sessions[own], values[own], PLAIN
    )

    assert together.loglik[7] == pytest.approx(alone.loglik[0])
    assert together.filtered_mean[own] == pytest.approx(alone.filtered_mean)
    assert together.state[7] == pytest.approx(alone.state[0])


def test_without_slope_and_deviation_the_level_is_the_shrunken_mean() -> None:
    still = replace(PLAIN, slope_sd=0.0, slope_mean=0.0, deviation_sd=0.0)

    got = filter_caseload([0, 3], [0, 1, 2], [0, 1, 2], [20, 22, 18], still)

    weight = 3 / (3 + 2.3**2 / 4.9**2)
    assert got.filtered_mean[-1] == pytest.approx(15 + weight * (20 - 15))


def test_a_wild_score_moves_the_level_no_more_than_the_clip_allows() -> None:
    course = ([0, 3], [0, 1, 2], [0, 1, 2])
    clipped = replace(PLAIN, clip=3.5)

    wild, wilder = (filter_caseload(*course, [15, 14, value], clipped) for value in (60, 600))

    assert wild.filtered_mean[-1] == pytest.approx(wilder.filtered_mean[-1])
    assert wild.innovation[-1] < wilder.innovation[-1]
    assert wilder.loglik[0] < wild.loglik[0]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 6), st.one_of(st.none(), st.integers(0, 27))),
        min_size=1,
        max_size=30,
    )
)
def test_looking_never_makes_the_level_less_certain(course: Any) -> None:
    weeks = np.cumsum([gap for gap, _ in course])
    values = [np.nan if value is None else value for _, value in course]

    got = filter_caseload([0, len(course)], weeks, np.arange(len(course)), values, PLAIN)

    before = np.sqrt(got.predicted_sd**2 - PLAIN.error_sd**2)
    assert (got.filtered_sd <= before + 1e-9).all()
    assert (got.filtered_sd > 0).all()


def test_the_chance_is_that_of_the_normal_law_half_a_point_wide() -> None:
    got = filter_caseload([0, 1], [0], [0], [20], PLAIN, planned_sessions=0)

    var = 4.9**2 + 2.0**2
    weight = var / (var + 2.3**2)
    mean = 15 + weight * 5
    sd = np.sqrt(var * (1 - weight) + 2.3**2)
    assert got.p_reliable_improvement[0] == pytest.approx(normal.cdf((14.5 - mean) / sd))
    assert got.p_deterioration[0] == pytest.approx(1 - normal.cdf((25.5 - mean) / sd))


def test_where_higher_is_better_the_chances_change_places() -> None:
    upward = replace(PLAIN, better=Better.HIGHER)
    course = ([0, 2], [0, 1], [0, 1], [15, 12])

    down, up = (filter_caseload(*course, prior) for prior in (PLAIN, upward))

    assert up.p_deterioration == pytest.approx(down.p_reliable_improvement)


def test_nobody_without_a_score_has_a_chance() -> None:
    got = filter_caseload([0, 2, 2, 3], [0, 1, 0], [0, 1, 0], [np.nan, np.nan, 9], PLAIN)

    assert np.isnan(got.p_reliable_improvement).tolist() == [True, True, False]
    assert got.loglik[:2].tolist() == [0.0, 0.0]


def test_an_empty_caseload_gives_empty_results() -> None:
    got = filter_caseload([0], [], [], [], PLAIN)

    assert (got.loglik.size, got.filtered_mean.size) == (0, 0)


def test_eight_in_ten_scores_fall_in_the_band_of_their_prediction() -> None:
    rng = np.random.default_rng(5)
    people, n = 400, 8
    b = rng.multivariate_normal(
        [15, -2.1], [[4.9**2, PLAIN.covariance], [PLAIN.covariance, 1.7**2]], people
    )
    weeks = np.cumsum(rng.uniform(0.3, 2.0, (people, n)), axis=1)
    x = np.empty((people, n))
    x[:, 0] = rng.normal(0, 2, people)
    for i in range(1, n):
        kept = 0.5 ** ((weeks[:, i] - weeks[:, i - 1]) / 1.2)
        x[:, i] = kept * x[:, i - 1] + 2 * np.sqrt(1 - kept**2) * rng.normal(size=people)
    values = b[:, :1] + b[:, 1:] * np.log1p(np.arange(n)) + x + rng.normal(0, 2.3, x.shape)

    got = filter_caseload(
        np.arange(people + 1) * n,
        weeks.ravel(),
        np.tile(np.arange(n), people),
        values.ravel(),
        PLAIN,
    )

    assert np.mean(np.abs(got.innovation) < normal.quantile(0.9)) == pytest.approx(
        0.8, abs=0.02
    )


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        (([0, 2], [1, 0], [0, 1], [5, 5]), "weeks falls from 1.0 to 0.0 at observation 1"),
        (([0, 2], [0, 1], [0, -1], [5, 5]), "0 \\(intake\\) or more"),
        (([0, 2], [0, 1], [0, 1], [5, inf]), "infinity"),
        (([0, 2], [0, np.nan], [0, 1], [5, 5]), "no number"),
        (([0, 2], [0], [0, 1], [5, 5]), "2 observations"),
        (([1, 2], [0], [0], [5]), "start at 0"),
        (([0, 2, 1], [0], [0], [5]), "never fall"),
        (([0, 1.5], [0], [0], [5]), "offsets holds 1.5, which is no count"),
        (([0, np.nan], [0], [0], [5]), "offsets holds nan, which is no count"),
        (([[0, 1]], [0], [0], [5]), "one-dimensional"),
        (([], [], [], []), "start at 0"),
        (([0, -1], [], [], []), "never fall"),
        (([0, 1], ["Monday"], [0], [5]), "weeks is no array of numbers"),
        (([0, 1], [0], [None, [1]], [5]), "sessions is no array of numbers"),
        (([0, 2], [inf, inf], [0, 1], [5, 5]), "no number"),
        (([0, 2], [0, 1], [0, inf], [5, 5]), "0 \\(intake\\) or more"),
        (([0, 3, 3, 6], [0, 1, 2, 0, 5, 4], [0] * 6, [5] * 6), "falls from 5.0 to 4.0"),
    ],
)
def test_arrays_that_are_no_caseload_are_refused(arrays: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        filter_caseload(arrays[0], arrays[1], arrays[2], arrays[3], PLAIN)


@pytest.mark.parametrize("planned", [-1, np.nan, inf])
def test_a_planned_end_is_a_session(planned: float) -> None:
    with pytest.raises(BadInput, match="it must be 0 or more"):
        filter_caseload([0, 1], [0], [0], [5], PLAIN, planned_sessions=planned)


def test_people_without_any_observation_stand_among_the_others() -> None:
    got = filter_caseload([0, 0, 2, 2], [0, 1], [0, 1], [20, 12], PLAIN)
    alone = filter_caseload([0, 2], [0, 1], [0, 1], [20, 12], PLAIN)

    assert got.loglik.tolist() == [0.0, alone.loglik[0], 0.0]
    assert got.state[0].tolist() == [15.0, -2.1, 0.0]


@pytest.mark.parametrize(
    ("figure", "value", "says"),
    [
        ("intercept_mean", np.nan, "intercept_mean is nan, it must be a number"),
        ("slope_mean", inf, "slope_mean is inf, it must be a number"),
        ("deviation_sd", np.nan, "deviation_sd is nan, it must be zero or more"),
        ("step", 0.0, "step is 0.0, it must be more than zero"),
        ("correlation", 1.0, "correlation is 1.0, it must be between -1 and 1"),
    ],
)
def test_a_prior_that_is_none_is_refused(figure: str, value: float, says: str) -> None:
    changed: dict[str, Any] = {figure: value}

    with pytest.raises(ContentError, match=says):
        replace(PLAIN, **changed)


def test_time_may_start_anew_with_every_person() -> None:
    got = filter_caseload([0, 2, 2, 4], [0, 9, 0, 3], [0, 1, 0, 1], [9, 9, 9, 9], PLAIN)

    assert got.loglik.shape == (3,)


def test_the_expected_course_starts_near_the_first_score_and_follows_the_prior() -> None:
    course = expected_course(20, PLAIN, weeks=[0, 4, 12], sessions=[0, 4, 12])

    assert 15 < course.mean[0] < 20
    assert course.mean[0] > course.mean[1] > course.mean[2]
    assert (np.diff(course.high - course.low) > 0).all()


def test_the_band_never_leaves_the_scale() -> None:
    prior = load_priors()["phq-9.total"]

    course = expected_course(1, prior, weeks=[0, 30], sessions=[0, 30])

    assert course.low.min() == 0
    assert course.mean.min() >= 0


@pytest.mark.parametrize(
    ("first", "share", "says"),
    [(float("nan"), 0.8, "Give a number"), (10, 1.0, "between 0 and 1")],
)
def test_a_band_needs_a_score_and_a_share(first: float, share: float, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        expected_course(first, PLAIN, weeks=[0], sessions=[0], share=share)


def test_one_person_is_followed_as_the_caseload_is() -> None:
    values = [17, 15, None, 12]

    line = follow(weekly(4), values, prior=PLAIN, planned_sessions=16)
    run = filter_caseload(
        [0, 4], range(4), range(4), [17, 15, np.nan, 12], PLAIN, planned_sessions=16
    )

    assert [p.filtered_mean for p in line.points] == pytest.approx(run.filtered_mean)
    assert line.points[2].innovation is None
    assert line.points[-1].p_improve == pytest.approx(run.p_reliable_improvement[0])
    assert list(line.values) == values


def test_each_point_holds_the_chances_as_they_stood_then() -> None:
    whole = follow(weekly(6), [17, 16, 12, 14, 9, 8], prior=PLAIN, planned_sessions=12)
    start = follow(weekly(3), [17, 16, 12], prior=PLAIN, planned_sessions=12)

    assert whole.until(3).points == start.points


def test_without_a_planned_end_there_are_no_chances() -> None:
    line = follow(weekly(2), [17, 15], prior=PLAIN)

    assert {p.p_improve for p in line.points} == {None}


def test_before_the_first_score_the_band_is_the_whole_scale() -> None:
    prior = load_priors()["phq-9.total"]

    line = follow(weekly(2), [None, 15], prior=prior, planned_sessions=16)

    assert (line.points[0].band_low, line.points[0].band_high) == (0, 27)
    assert line.points[0].p_improve is None
    from_first = follow(weekly(1), [15], prior=prior).points[0]
    assert line.points[1].band_low == from_first.band_low > 0


def test_a_person_who_never_gave_a_score_has_predictions_and_nothing_else() -> None:
    line = follow(weekly(2), [None, None], prior=PLAIN, planned_sessions=16)

    assert [p.innovation for p in line.points] == [None, None]
    assert [p.band_high for p in line.points] == [inf, inf]


def test_nobody_scored_yet_is_an_empty_line() -> None:
    assert follow([], [], prior=PLAIN).points == ()


def test_times_values_and_sessions_come_in_equal_number() -> None:
    with pytest.raises(BadInput, match="2 times, 1 values and 2 session counts"):
        follow(weekly(2), [1], prior=PLAIN)


def test_the_model_is_open_to_any_program_without_django() -> None:
    code = (
        "import sys, securebase as sb\n"
        "prior = sb.load_priors()['phq-9.total']\n"
        "assert sb.filter_caseload([0, 1], [0], [0], [15], prior).loglik.shape == (1,)\n"
        "assert isinstance(prior, sb.Prior)\n"
        "assert not any(name.split('.')[0] == 'django' for name in sys.modules)\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, b"")
