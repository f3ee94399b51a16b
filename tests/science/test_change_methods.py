"""Seven ways to judge a change.

Each against its formula, on figures small enough to check by hand. They disagree, and a
group is told with everybody in it: those who left early too.
"""

from __future__ import annotations

import csv
from math import nan, sqrt
from pathlib import Path

import numpy as np
import pytest

from securebase.science.change import CONFIDENCE_95, criterion_c, reliable_change
from securebase.science.change_groups import (
    Line,
    judge,
    percentage_change,
    reliable_recovery,
    tally,
)
from securebase.science.change_methods import (
    CRITICAL,
    Figures,
    Method,
    change_statistic,
    criterion_a,
    criterion_b,
    figures_of,
    slope_statistic,
)
from securebase.science.errors import BadInput, ScienceError
from securebase.science.words import Better

ORACLES = Path(__file__).parent / "oracles"
GROUP = Figures(
    sd=10,
    reliability=0.8,
    reliability_after=0.9,
    mean_before=50,
    mean_after=40,
    sd_after=12,
    correlation=0.6,
)
DIFFERENCES = (100 * 0.8 + 144 * 0.9 - 2 * 120 * 0.6) / (100 + 144 - 2 * 120 * 0.6)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # a person who falls from 60 to 45: predicted is 50 + .8 * 10 = 58
        ("jt", -15 / (10 * sqrt(0.4))),
        ("gln", (45 - 58) / 6),
        ("hll", (45 - 48) / 6),
        ("en", (45 - 58) / (10 * sqrt(0.2))),
        ("nk", (45 - 58) / sqrt(0.64 * 100 * 0.2 + 100 * 0.1)),
        (
            "ha",
            (-15 * DIFFERENCES - 10 * (1 - DIFFERENCES)) / sqrt(DIFFERENCES * 2 * 100 * 0.2),
        ),
    ],
)
def test_each_method_is_its_formula(method: str, expected: float) -> None:
    found = change_statistic(Method(method), [60, nan], [45, 45], GROUP)

    assert found[0] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(found[1])


def test_all_methods_turn_round_with_the_scale() -> None:
    first, last = np.array([60.0, 44, 52]), np.array([45.0, 50, 30])
    here = figures_of(first, last, sd=10, reliability=0.8)
    there = figures_of(100 - first, 100 - last, sd=10, reliability=0.8)

    for method in set(Method) - {Method.HLM}:
        ours = change_statistic(method, first, last, here)
        mirrored = change_statistic(method, 100 - first, 100 - last, there)
        assert mirrored == pytest.approx(-ours)


def test_jacobson_truax_is_the_reliable_change_index() -> None:
    index = reliable_change([47.5], [32.5], sd=10, reliability=0.8)

    assert change_statistic(Method.JT, [47.5], [32.5], GROUP) == pytest.approx(index)


def test_the_methods_disagree_on_the_same_people() -> None:
    rng = np.random.default_rng(40)
    first = rng.normal(30, 8, 40)
    last = 0.6 * first + rng.normal(0, 7, 40)
    group = figures_of(first, last, sd=8, reliability=0.85)

    better = {
        method: int((change_statistic(method, first, last, group) <= -CRITICAL[method]).sum())
        for method in set(Method) - {Method.HLM}
    }

    assert better[Method.HLL] < better[Method.JT] < better[Method.EN]


def test_a_group_is_measured_by_those_with_both_scores() -> None:
    found = figures_of([20, 30, 40, 90], [10, 20, 60, nan], sd=9, reliability=0.8)

    assert (found.mean_before, found.mean_after) == (30, 30)
    assert found.sd_after == pytest.approx(np.std([10, 20, 60], ddof=1))
    assert found.correlation == pytest.approx(np.corrcoef([20, 30, 40], [10, 20, 60])[0, 1])
    assert found.reliability_after == 0.8


def test_a_group_of_nobody_has_no_figures() -> None:
    found = figures_of([20], [nan], sd=9, reliability=0.8)

    assert np.isnan([found.mean_before, found.sd_after, found.correlation]).all()


def test_hageman_arrindell_needs_differences_that_are_more_than_error() -> None:
    with pytest.raises(ScienceError, match="reliability of differences is -"):
        change_statistic(
            Method.HA, [1], [2], figures_of([1, 2, 3], [1, 2, 3.1], sd=1, reliability=0.1)
        )
    with pytest.raises(ScienceError, match="too few people"):
        change_statistic(Method.HA, [1], [2], figures_of([1], [2], sd=1, reliability=0.1))


def test_the_multilevel_method_is_the_slope_over_its_sd() -> None:
    with (ORACLES / "sleepstudy.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    with (ORACLES / "growth.csv").open() as handle:
        told = {
            row["figure"]: float(row["value"])
            for row in csv.DictReader(handle)
            if (row["data"], row["method"]) == ("sleepstudy", "REML")
        }

    found = slope_statistic(
        np.arange(19) * 10,
        [float(row["time"]) for row in rows],
        [float(row["value"]) for row in rows],
    )

    assert found[0] == pytest.approx(told["first_slope"] / told["first_slope_sd"], rel=1e-4)


def test_the_multilevel_method_needs_more_than_two_scores() -> None:
    with pytest.raises(ScienceError, match="use slope_statistic"):
        change_statistic(Method.HLM, [1], [2], GROUP)
    with pytest.raises(BadInput, match="0 people have 3 scores or more"):
        slope_statistic([0, 2, 4], [0, 1, 0, 1], [5, 3, 5, 4])


def test_where_all_slopes_are_alike_nobody_deviates() -> None:
    wobble = np.tile([0.1, -0.2, 0.1], 6)

    found = slope_statistic(
        np.arange(7) * 3, np.tile([0.0, 1, 2], 6), np.tile([9.0, 8, 7], 6) + wobble
    )

    assert np.abs(found) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sd": 0.0}, "sd must be above 0, got 0"),
        ({"reliability": 1.0}, r"in \[0, 1\), got 1"),
        ({"reliability_after": -0.1}, r"in \[0, 1\), got -0.1"),
    ],
)
def test_impossible_figures_are_refused(wrong: dict[str, float], says: str) -> None:
    with pytest.raises(ScienceError, match=says):
        figures_of([1.0], [2.0], **{"sd": 5.0, "reliability": 0.8, **wrong})


def test_the_three_lines() -> None:
    well = {"functional_mean": 10.0, "functional_sd": 4.0}
    ill = {"patient_mean": 30.0, "patient_sd": 6.0}

    assert criterion_a(**ill, better=Better.LOWER) == 18
    assert criterion_b(**well, better=Better.LOWER) == 18
    assert criterion_c(**ill, **well) == 18
    assert criterion_a(**ill, better=Better.HIGHER) == 42
    assert criterion_b(**well, better=Better.HIGHER) == 2


def test_line_b_spreads_as_the_people_who_are_well_do() -> None:
    narrow = criterion_b(functional_mean=10, functional_sd=2, better=Better.LOWER)

    assert narrow == 14


def test_lines_need_a_spread_and_a_better_side() -> None:
    with pytest.raises(ScienceError, match="above 0, got 0"):
        criterion_a(patient_mean=1, patient_sd=0, better=Better.LOWER)
    with pytest.raises(ScienceError, match="no better side"):
        criterion_b(functional_mean=1, functional_sd=1, better=Better.NEITHER)


@pytest.mark.parametrize(
    ("before", "after", "statistic", "expected"),
    [
        # lower is better; 28 is still functional; reliable from 1.96
        (52, 28, -3, "recovered"),
        (52, 29, -3, "improved"),
        (28, 10, -3, "improved"),
        (52, 28, -1.9, "unchanged"),
        (52, 40, -1.96, "improved"),
        (52, 70, 1.96, "deteriorated"),
        (28, 29, 3, "harmed"),
        (28, 29, 1.9, "unchanged"),
        (52, nan, nan, "dropped_out"),
        (nan, 20, nan, "unknown"),
        (nan, nan, nan, "unknown"),
    ],
)
def test_everybody_is_in_one_category(
    before: float, after: float, statistic: float, expected: str
) -> None:
    found = judge(
        [before], [after], [statistic], critical=1.96, line=Line(28), better=Better.LOWER
    )
    mirrored = judge(
        [-before], [-after], [-statistic], critical=1.96, line=Line(-28), better=Better.HIGHER
    )

    assert [expected] == found.tolist() == mirrored.tolist()


def test_a_line_may_itself_be_on_the_patients_side() -> None:
    found = judge(
        [16, 16], [10, 9], [-3, -3], critical=1.96, line=Line(10, functional=False),
        better=Better.LOWER,
    )  # fmt: skip

    assert found.tolist() == ["improved", "recovered"]


def test_without_a_line_nobody_is_called_recovered_or_harmed() -> None:
    found = judge([52, 5], [5, 52], [-9, 9], critical=1.96, line=None, better=Better.LOWER)

    assert found.tolist() == ["improved", "deteriorated"]


def test_who_dropped_out_stays_in_the_denominator() -> None:
    counts = tally(np.array(["improved", "dropped_out", "dropped_out", "unknown"]))

    assert counts == {
        "recovered": 0,
        "improved": 1,
        "unchanged": 0,
        "deteriorated": 0,
        "harmed": 0,
        "dropped_out": 2,
    }


def test_judging_needs_a_threshold_and_a_better_side() -> None:
    with pytest.raises(ScienceError, match="above 0, got 0"):
        judge([1], [2], [3], critical=0, line=None, better=Better.LOWER)
    with pytest.raises(ScienceError, match="no better side"):
        judge([1], [2], [3], critical=CONFIDENCE_95, line=None, better=Better.NEITHER)


def test_percentage_change_is_above_zero_where_better() -> None:
    falls = percentage_change([20, 20, 0, nan], [15, 30, 5, 5], better=Better.LOWER)
    rises = percentage_change([20, 20], [15, 30], better=Better.HIGHER)

    assert falls[:2].tolist() == [25, -50]
    assert np.isnan(falls[2:]).all()
    assert rises.tolist() == [-25, 50]
    with pytest.raises(ScienceError, match="no better side"):
        percentage_change([1], [2], better=Better.NEITHER)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # PHQ-9 and GAD-7: cases from 10 and 8, reliable from 6 and 4
        ((15, 12), (9, 7), True),
        ((15, 5), (9, 7), True),
        ((15, 12), (10, 3), False),
        ((11, 9), (9, 7), False),
        ((15, 3), (9, 7), False),
        ((9, 7), (1, 1), None),
        ((15, nan), (9, 7), None),
    ],
)
def test_reliable_recovery_looks_at_both_measures(
    before: tuple[float, float], after: tuple[float, float], expected: bool | None
) -> None:
    found = reliable_recovery([before], [after], cases=[10, 8], reliable=[6, 4])

    assert found.tolist() == [expected]


def test_reliable_recovery_needs_a_reliable_change() -> None:
    with pytest.raises(ScienceError, match="above 0"):
        reliable_recovery([[1, 1]], [[1, 1]], cases=[1, 1], reliable=[0, 4])
