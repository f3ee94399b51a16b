"""Trajectories: what an estimate is made of.

The prior curve, this person's past and the last score add up to the estimate exactly, so
that anybody can check it by hand.
"""

from dataclasses import replace

import numpy as np
import pytest

from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.parts import parts_of, predicted_parts
from tests.science.dense import dense
from tests.science.test_trajectory import PLAIN, caseload, weekly


@pytest.mark.parametrize("clip", [np.inf, 3.5, 0.7])
def test_three_parts_add_up_to_the_estimate(clip: float) -> None:
    prior = replace(PLAIN, clip=clip)
    got = filter_caseload(*caseload(8, people=200), prior)

    parts = parts_of(got, prior)

    whole = parts.curve + parts.past + parts.last
    assert np.abs(whole - got.filtered_mean).max() < 1e-12 * 100
    assert parts.clipped.any() == (
        clip < np.inf and bool((np.abs(got.innovation) > clip).any())
    )


def test_two_parts_add_up_to_the_prediction() -> None:
    got = filter_caseload(*caseload(8), PLAIN)

    parts = predicted_parts(got)

    assert np.abs(parts.curve + parts.past - got.predicted_mean).max() < 1e-12


def test_the_parts_are_the_weights_of_the_dense_formula() -> None:
    weeks, nth, values = (
        np.array([0, 0.9, 2.4, 3.0, 5.1]),
        np.arange(5.0),
        [21, 17, np.nan, 18, 11],
    )
    got = filter_caseload([0, 5], weeks, nth, values, PLAIN)

    parts = parts_of(got, PLAIN)

    whole = dense(weeks, nth, values, PLAIN)
    rest = np.array([21, 17, 18, 11]) - whole.curve[[0, 1, 3, 4]]
    moved = whole.weights[-1] * rest
    assert parts.curve[-1] == pytest.approx(whole.curve[-1], abs=1e-9)
    assert parts.past[-1] == pytest.approx(moved[:-1].sum(), abs=1e-9)
    assert parts.last[-1] == pytest.approx(moved[-1], abs=1e-9)
    assert parts.weight[-1] == pytest.approx(whole.weights[-1, -1], abs=1e-9)


def test_the_first_score_leaves_nothing_to_the_past() -> None:
    got = filter_caseload([0, 1], [0], [0], [20], PLAIN)

    parts = parts_of(got, PLAIN)

    assert (parts.curve[0], parts.past[0]) == (15.0, 0.0)
    assert parts.last[0] == pytest.approx(parts.weight[0] * (20 - 15))


def test_a_missing_score_adds_nothing() -> None:
    got = filter_caseload([0, 2], [0, 1], [0, 1], [20, np.nan], PLAIN)

    parts = parts_of(got, PLAIN)

    assert (parts.last[1], parts.weight[1], bool(parts.clipped[1])) == (0.0, 0.0, False)
    assert np.isnan(parts.counted[1])


def test_a_score_too_far_out_is_marked_and_counts_as_far_as_the_clip() -> None:
    prior = replace(PLAIN, clip=3.5)
    got = filter_caseload([0, 2], [0, 1], [0, 1], [15, 60], prior)

    parts = parts_of(got, prior)

    assert parts.clipped.tolist() == [False, True]
    assert parts.counted[1] == pytest.approx(got.predicted_mean[1] + 3.5 * got.predicted_sd[1])


def test_every_point_of_one_person_tells_its_parts() -> None:
    line = follow(weekly(4), [21, 17, None, 60], prior=replace(PLAIN, clip=3.5))

    for point in line.points:
        made = point.makeup
        assert made is not None
        assert made.curve + made.past + made.last == pytest.approx(
            point.filtered_mean, abs=1e-12
        )
    assert [point.clipped for point in line.points] == [False, False, False, True]


def test_one_person_can_be_looked_back_upon() -> None:
    values = [21, 17, None, 12]

    line = follow(weekly(4), values, prior=PLAIN)

    whole = dense(range(4), range(4), [21, 17, np.nan, 12], PLAIN)
    assert [mean for mean, _ in line.smoothed] == pytest.approx(whole.mean, abs=1e-9)
    assert line.until(2).smoothed == ()
