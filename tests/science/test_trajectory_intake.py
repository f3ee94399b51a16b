"""Trajectories: what is known at intake.

Severity and attachment at intake move the expected course. What is known moves the mean
and narrows the spread; what is not known leaves both as they were.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from securebase.science.errors import BadInput, ContentError, UnknownName
from securebase.science.library import instrument
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.intake import Covariate, Yardstick
from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.trajectory.quality import Edges, edges_of, likely_range
from tests.science.test_trajectory import PLAIN, caseload, weekly

ANXIETY = Covariate("anxiety", 1.5, 0.4, (Yardstick("ecr-rs.anxiety", 3.5, 1.6),))
SEVERITY = Covariate("severity", 2.0, 0.0, (Yardstick("core-10.total", 20, 6.6),))
TOLD = replace(PLAIN, covariates=(SEVERITY, ANXIETY))


def test_with_nothing_known_the_course_is_the_one_without_covariates() -> None:
    data = caseload(2)
    nothing = np.full((20, 2), np.nan)

    plain, left_out, unknown = (
        filter_caseload(*data, PLAIN),
        filter_caseload(*data, TOLD),
        filter_caseload(*data, TOLD, covariates=nothing),
    )

    assert left_out.filtered_mean.tolist() == plain.filtered_mean.tolist()
    assert unknown.filtered_mean == pytest.approx(plain.filtered_mean, abs=1e-12)
    assert TOLD.given({}) == PLAIN


def test_a_caseload_gets_what_each_person_gets_from_their_own_prior() -> None:
    data = caseload(2, people=3)
    offsets, weeks, sessions, values = data
    known = np.array([[1.0, np.nan], [np.nan, -2.0], [0.5, 1.5]])
    names = ("severity", "anxiety")

    got = filter_caseload(*data, TOLD, covariates=known)

    for i in range(3):
        told = {n: z for n, z in zip(names, known[i], strict=True) if not np.isnan(z)}
        own = slice(offsets[i], offsets[i + 1])
        alone = filter_caseload(
            [0, offsets[i + 1] - offsets[i]],
            weeks[own],
            sessions[own],
            values[own],
            TOLD.given(told),
        )
        assert got.filtered_mean[own] == pytest.approx(alone.filtered_mean, abs=1e-9)
        assert got.predicted_sd[own] == pytest.approx(alone.predicted_sd, abs=1e-9)
        assert got.curve[own] == pytest.approx(alone.curve, abs=1e-9)
        assert got.loglik[i] == pytest.approx(alone.loglik[0], abs=1e-9)


def test_what_is_known_moves_the_mean_and_narrows_the_spread() -> None:
    known = TOLD.given({"severity": 1.5})

    assert known.intercept_mean == pytest.approx(15 + 1.5 * 2.0)
    assert known.intercept_sd**2 == pytest.approx(4.9**2 - 2.0**2)
    assert known.covariance == pytest.approx(PLAIN.covariance)


def test_averaged_over_people_knowing_makes_no_difference() -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=200_000)
    known = TOLD.given({"anxiety": 0.0})

    level = known.intercept_mean + 1.5 * z + known.intercept_sd * rng.normal(size=z.size)

    assert level.mean() == pytest.approx(PLAIN.intercept_mean, abs=0.05)
    assert level.std() == pytest.approx(PLAIN.intercept_sd, abs=0.05)


def test_an_average_value_is_worth_knowing() -> None:
    unknown = filter_caseload([0, 1], [0], [0], [20], TOLD)
    average = filter_caseload([0, 1], [0], [0], [20], TOLD, covariates=[[0.0, 0.0]])

    assert average.predicted_sd[0] < unknown.predicted_sd[0]
    assert average.predicted_mean[0] == unknown.predicted_mean[0]


def test_the_best_yardstick_that_was_answered_tells() -> None:
    prior = load_priors()["phq-9.total"]

    told = prior.told_by({"k10.k10": 36.5, "core-10.total": 13.4, "ecr-rs.anxiety": 3.5})

    assert told == pytest.approx({"severity": -1.0, "attachment_anxiety": 0.0})


def test_no_instrument_tells_anything_about_itself() -> None:
    assert load_priors()["core-10.total"].told_by({"core-10.total": 30}) == {}
    assert load_priors()["gad-7.total"].told_by({"phq-9.total": 20.8}) == pytest.approx(
        {"severity": 1.0}
    )


def test_every_yardstick_is_a_scale_of_the_library() -> None:
    found = {
        yardstick.measure
        for prior in load_priors().by_measure.values()
        for covariate in prior.covariates
        for yardstick in covariate.yardsticks
    }

    for measure in found:
        slug, _, scale = measure.partition(".")
        assert instrument(slug).scale(scale)


def test_a_trajectory_says_what_it_was_told() -> None:
    line = follow(weekly(2), [18, 17], prior=TOLD, known={"anxiety": 1.0})

    assert line.known == {"anxiety": 1.0}
    made = line.points[0].makeup
    assert made is not None
    assert made.curve == pytest.approx(16.5)


def test_the_band_is_that_of_people_of_whom_the_same_is_known() -> None:
    plain = follow(weekly(2), [18, 17], prior=TOLD).points[1]
    anxious = follow(weekly(2), [18, 17], prior=TOLD, known={"anxiety": 2.0}).points[1]

    assert anxious.band_high > plain.band_high


def test_a_measure_answered_about_somebody_has_the_prior_of_the_measure() -> None:
    priors = load_priors()

    about = priors["ecr-rs.anxiety@therapist"]

    assert "ecr-rs.anxiety@therapist" in priors
    assert "ecr-rs.nonsense@therapist" not in priors
    assert about == replace(priors["ecr-rs.anxiety"], measure="ecr-rs.anxiety@therapist")


def test_a_prior_of_ones_own_may_be_for_one_person_only(tmp_path: Path) -> None:
    shipped = Path("src/securebase/content/priors.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(
        shipped.replace('[measure."ecr-rs.anxiety"]', '[measure."ecr-rs.anxiety@mother"]')
    )

    own = load_priors(path)

    assert own["ecr-rs.anxiety@mother"].measure == "ecr-rs.anxiety@mother"
    with pytest.raises(UnknownName, match=r"no prior for 'ecr-rs\.anxiety@father'"):
        own["ecr-rs.anxiety@father"]


def test_figures_carry_their_version_and_their_day() -> None:
    prior = load_priors()["phq-9.total"]

    line = follow(weekly(1), [18], prior=prior)

    assert line.parameters_version == f"{prior.version} of {prior.dated}"
    assert PLAIN.stamp == "test"


def test_a_covariate_that_is_none_of_the_prior_is_refused() -> None:
    with pytest.raises(UnknownName, match="no covariate 'age'; it knows severity, anxiety"):
        TOLD.given({"age": 1.0})


@pytest.mark.parametrize(
    ("covariates", "says"),
    [
        ([[1.0]], r"shape \(1, 1\); it must be \(1, 2\)"),
        ([[1.0, np.inf]], "infinity"),
        ([["high", 1.0]], "not numbers"),
    ],
)
def test_what_is_no_table_of_covariates_is_refused(covariates: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        filter_caseload([0, 1], [0], [0], [20], TOLD, covariates=covariates)


def test_covariates_cannot_explain_more_than_there_is() -> None:
    with pytest.raises(ContentError, match="explain more of level and slope"):
        replace(PLAIN, covariates=(Covariate("all", 5.0, 0.0),))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Yardstick("k10.k10", 29, 0), "the sd more than zero"),
        (lambda: Covariate("x", np.nan, 0), "both must be numbers"),
    ],
)
def test_impossible_covariates_are_refused(make: Any, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        make()


def test_alliance_and_felt_security_are_followed_by_the_same_model() -> None:
    priors = load_priors()

    for measure in (
        "session-check-in.alliance",
        "wai-sr.mean",
        "felt-security.general",
        "felt-security.therapist",
        "ecr-rs.anxiety",
        "ecr-rs.avoidance",
    ):
        prior: Prior = priors[measure]
        middle = (prior.low + prior.high) / 2
        line = follow(weekly(3), [middle, middle, middle], prior=prior)
        assert prior.low < line.points[-1].filtered_mean < prior.high


def test_ratings_at_the_ends_of_the_scale_are_counted() -> None:
    prior = load_priors()["session-check-in.alliance"]

    assert edges_of([10, 10, None, 0, 8], prior) == Edges(rated=4, floor=0.25, ceiling=0.5)
    assert edges_of([None], prior) == Edges(rated=0, floor=0.0, ceiling=0.0)


@pytest.mark.parametrize(
    ("mean", "told"), [(1.0, (0, 5.0)), (26.0, (22.0, 27)), (-9.0, (0, 0)), (40.0, (27, 27))]
)
def test_a_range_is_cut_at_the_ends_of_the_scale(mean: float, told: Any) -> None:
    assert likely_range(mean, 2.0, load_priors()["phq-9.total"], width=2.0) == told
