"""Sudden gains, sudden losses and early response.

A gain is large in points, large in share and holds; each criterion can fail alone. How
often chance alone looks like one is known from a published table.
"""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from securebase.science.early import early_response, last_until
from securebase.science.errors import BadInput, ScienceError
from securebase.science.gains import Variant, sudden_steps
from securebase.science.words import Better

GAIN = [30.0, 31, 29, 14, 15, 13, 14]


def found(values: list[float], better: Better = Better.LOWER) -> tuple[list[int], list[int]]:
    """Return the steps of one person that are gains, and that are losses."""
    steps = sudden_steps([values], reliable=7, better=better)
    return np.flatnonzero(steps.gains[0]).tolist(), np.flatnonzero(steps.losses[0]).tolist()


def test_a_large_step_that_holds_is_a_gain() -> None:
    assert found(GAIN) == ([2], [])


def test_the_mirror_image_is_a_loss() -> None:
    assert found(GAIN[::-1]) == ([], [3])


def test_where_higher_is_better_gains_and_losses_change_places() -> None:
    assert found(GAIN, Better.HIGHER) == ([], [2])
    assert found(GAIN[::-1], Better.HIGHER) == ([3], [])


@pytest.mark.parametrize(
    ("values", "large", "relative", "stable"),
    [
        ([30, 30, 30, 24, 24, 24], False, False, True),
        ([20, 20, 20, 14, 14, 14], False, True, True),
        ([60, 60, 60, 50, 50, 50], True, False, True),
        ([30, 15, 30, 15, 30, 15], True, True, False),
    ],
)
def test_each_criterion_can_fail_alone(
    values: Any, large: bool, relative: bool, stable: bool
) -> None:
    steps = sudden_steps([values], reliable=7, better=Better.LOWER)

    criteria = (steps.large[0, 2], steps.relative[0, 2], steps.stable[0, 2])
    assert criteria == (large, relative, stable)
    assert not steps.gains[0, 2]


def test_a_small_loss_is_not_large_because_it_is_negative() -> None:
    steps = sudden_steps([[40, 40, 40, 47, 47, 47]], reliable=7, better=Better.LOWER)

    assert steps.large[0, 2]
    assert not steps.relative[0, 2]
    assert not steps.losses.any()


def test_two_scores_are_needed_on_each_side() -> None:
    assert found([30, 14, 14, 14]) == ([], [])
    assert found([30, 30, 30, 14]) == ([], [])
    assert found([30, 30, 14, 14]) == ([1], [])


def test_a_missing_session_is_left_out_of_the_means() -> None:
    assert found([30, nan, 30, 14, nan, 14]) == ([2], [])
    assert found([nan, nan, 30, 14, 14, 14]) == ([], [])


def test_a_step_over_a_missing_session_is_none() -> None:
    assert found([30, 30, 30, nan, 14, 14, 14]) == ([], [])


@pytest.mark.parametrize(
    ("values", "critical"),
    [
        # means 10 apart; with two, three and four degrees of freedom
        ([30 - 1, 30 + 1, 20 - 1, 20 + 1], 4.303),
        ([nan, 30 - 1, 30 + 1, 20 - 1, 20, 20 + 1], 3.182),
        ([30 - 1, 30, 30 + 1, 20 - 1, 20, 20 + 1], 2.776),
    ],
)
def test_the_two_variants_differ_by_the_numbers_of_sessions(
    values: Any, critical: float
) -> None:
    scores = np.array(values, dtype=float)
    at = len(scores) - int((scores < 25).sum()) - 1
    n0, n1 = int((~np.isnan(scores[: at + 1])).sum()), scores.size - at - 1
    around = np.concatenate((scores[: at + 1] - 30, scores[at + 1 :] - 20))
    sd = np.sqrt(np.nansum(around**2) / (n0 + n1 - 2))
    factor = {"t_full": np.sqrt(1 / n0 + 1 / n1), "td99_lutz": 1.0}

    for variant in Variant:
        limit = critical * sd * factor[variant]
        for nudge in (-1e-9, 1e-9):
            moved = scores.copy()
            moved[at + 1 :] += 10 - limit - nudge
            steps = sudden_steps([moved], reliable=0.01, better=Better.LOWER, variant=variant)
            assert bool(steps.stable[0, at]) is (nudge > 0)


@pytest.mark.parametrize(
    ("later", "reversed_"), [(21, False), (21.5, True), (nan, False), (29, True)]
)
def test_a_gain_is_reversed_when_half_of_it_is_lost(later: float, reversed_: bool) -> None:
    steps = sudden_steps(
        [[30, 30, 29, 14, 15, 13, nan, later]], reliable=7, better=Better.LOWER
    )

    assert bool(steps.reversed[0, 2]) is reversed_


def test_a_loss_is_reversed_when_half_of_it_is_won_back() -> None:
    steps = sudden_steps(
        [[14, 14, 14, 30, 30, 30, 22], [14, 14, 14, 30, 30, 30, 23]],
        reliable=7,
        better=Better.LOWER,
    )

    assert steps.reversed[:, 2].tolist() == [True, False]


@pytest.mark.parametrize("sessions", [0, 1])
def test_without_two_sessions_there_is_no_step(sessions: int) -> None:
    steps = sudden_steps(np.ones((3, sessions)), reliable=7, better=Better.LOWER)

    assert steps.gains.shape == (3, 0)


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(BadInput, match="1 dimensions"):
        sudden_steps([1.0, 2], reliable=7, better=Better.LOWER)
    with pytest.raises(ScienceError, match="above 0, got 0"):
        sudden_steps([[1.0]], reliable=0, better=Better.LOWER)
    with pytest.raises(ScienceError, match="no better side"):
        sudden_steps([[1.0]], reliable=7, better=Better.NEITHER)


# Vittengl et al. (2015), table 2: shares of people with a sudden gain though nothing
# changes, by reliability, for 10, 15 and 20 sessions. The paper's mean and sd of the BDI
# are not known to us; 21 and 12 are our choice, so the tolerance is two points in a
# hundred besides chance (about one).
TABLE = {0.9: (0.046, 0.079, 0.110), 0.8: (0.092, 0.153, 0.215), 0.7: (0.117, 0.193, 0.267)}
PEOPLE = 4000


def unchanging(reliability: float, sessions: int) -> NDArray[np.float64]:
    """Draw people whose BDI only seems to change."""
    rng = np.random.default_rng(20151 + sessions)
    true = rng.normal(21, 12 * np.sqrt(reliability), (PEOPLE, 1))
    noise = rng.normal(0, 12 * np.sqrt(1 - reliability), (PEOPLE, sessions))
    return np.clip(np.round(true + noise), 0, 63)


@pytest.mark.parametrize("reliability", TABLE)
def test_chance_alone_shows_as_many_gains_as_published(reliability: float) -> None:
    shares = [
        sudden_steps(unchanging(reliability, n), reliable=7, better=Better.LOWER)
        .gains.any(axis=1)
        .mean()
        for n in (10, 15, 20)
    ]

    assert shares == pytest.approx(TABLE[reliability], abs=0.03)
    if reliability == 0.9:
        assert shares == pytest.approx(TABLE[reliability], abs=0.015)


def test_the_other_variant_lets_less_chance_through() -> None:
    scores = unchanging(0.9, 15)

    shares = [
        sudden_steps(scores, reliable=7, better=Better.LOWER, variant=variant)
        .gains.any(axis=1)
        .mean()
        for variant in Variant
    ]

    assert shares == pytest.approx([0.079, 0.051], abs=0.015)


def test_early_response_is_by_share_or_by_points() -> None:
    first = [20, 20, 20, 20, 30, nan, 20]
    soon = [15, 15.1, 16, 16.1, 24, 10, nan]

    named = early_response(first, soon, reliable=6, better=Better.LOWER)

    assert named.tolist() == [
        "response",
        "some",
        "some",
        "none",
        "response",
        "unknown",
        "unknown",
    ]


def test_early_response_goes_the_way_that_is_better() -> None:
    named = early_response([20, 20], [27, 12], reliable=9, better=Better.HIGHER)

    assert named.tolist() == ["response", "none"]


def test_impossible_early_thresholds_are_refused() -> None:
    with pytest.raises(ScienceError, match="above 0, got 0"):
        early_response([1], [2], reliable=0, better=Better.LOWER)
    with pytest.raises(ScienceError, match="little is 30 and much 25"):
        early_response([1], [2], reliable=6, better=Better.LOWER, little=30)


def test_the_last_early_score_is_not_intake_and_not_late() -> None:
    values = [[20, 18, 15, nan, nan, 4], [20, nan, nan, nan, nan, 3]]

    assert last_until(values)[0] == 15
    assert np.isnan(last_until(values)[1])
    assert last_until(values, session=1)[0] == 18
    assert np.isnan(last_until([[20.0]])[0])
    with pytest.raises(ScienceError, match="session is 0"):
        last_until(values, session=0)
