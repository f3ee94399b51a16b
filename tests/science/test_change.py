"""Change.

Is it more than noise, and did the person leave the patients' range?
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from securebase.science.change import (
    Change,
    classify,
    criterion_c,
    reliable_change,
    reliable_change_threshold,
)
from securebase.science.errors import ScienceError
from securebase.science.library import instrument
from securebase.science.words import Better

LINES = (Path(__file__).parents[1] / "content" / "vectors.jsonl").read_text().splitlines()
VECTORS = {vector["id"]: vector for vector in map(json.loads, LINES)}


def test_the_published_example_of_reliable_change() -> None:
    given, expected = VECTORS["RCI-1"]["in"], VECTORS["RCI-1"]["exp"]
    about = {"sd": given["sd"], "reliability": given["rel"]}

    rci = reliable_change([given["pre"]], [given["post"]], **about)

    assert rci == pytest.approx(expected["rci"], abs=5e-5)
    assert reliable_change_threshold(**about) == pytest.approx(
        expected["threshold_raw"], abs=5e-5
    )


def test_the_threshold_from_sd_and_reliability() -> None:
    given, expected = VECTORS["RCI-2"]["in"], VECTORS["RCI-2"]["exp"]

    found = reliable_change_threshold(sd=given["sd"], reliability=given["rel"])

    assert found == pytest.approx(expected["threshold_raw"], abs=5e-3)


def test_criterion_c_lies_midway_if_the_groups_spread_alike() -> None:
    given = VECTORS["CSC-1"]["in"]

    found = criterion_c(
        patient_mean=given["m_clin"],
        patient_sd=given["sd_clin"],
        functional_mean=given["m_norm"],
        functional_sd=given["sd_norm"],
    )

    assert found == VECTORS["CSC-1"]["exp"]["c"]


def test_criterion_c_lies_nearer_to_the_group_that_spreads_less() -> None:
    found = criterion_c(patient_mean=40, patient_sd=5, functional_mean=60, functional_sd=15)

    assert found == 45


def test_the_published_thresholds_of_the_pcl_5() -> None:
    given = VECTORS["PCL-CHG"]["in"]
    rules = {rule.kind: rule.value for rule in instrument("pcl-5").changes}

    for reliable in (rules["rc"], rules["rc_strict"]):
        found = classify(
            [given["pre"]], [given["post"]], reliable=reliable, cutoff=rules["csc"]
        )
        assert found.tolist() == ["recovered"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # lower is better, reliable from 6, functional at 9 or below
        (15, 9, "recovered"),
        (15, 10, "unchanged"),
        (20, 14, "improved"),
        (9, 3, "improved"),
        (9, 15, "deteriorated"),
        (9, 14, "unchanged"),
        (math.nan, 3, "unknown"),
        (15, math.nan, "unknown"),
    ],
)
def test_each_person_is_one_of_four_or_unknown(
    before: float, after: float, expected: str
) -> None:
    found = classify([before], [after], reliable=6, cutoff=9)
    mirrored = classify([-before], [-after], reliable=6, cutoff=-9, better=Better.HIGHER)

    assert [expected] == found.tolist() == mirrored.tolist()


def test_the_names_are_those_of_change() -> None:
    found = classify([15, 15], [9, 15], reliable=6, cutoff=9)

    assert [Change(name) for name in found] == [Change.RECOVERED, Change.UNCHANGED]


def test_a_missing_score_stays_missing() -> None:
    rci = reliable_change([10, np.nan], [5, 5], sd=5, reliability=0.8)

    assert np.isnan(rci).tolist() == [False, True]


@pytest.mark.parametrize(
    ("sd", "reliability", "reason"),
    [
        (0, 0.8, "sd must be above 0, got 0"),
        (math.nan, 0.8, "sd must be above 0, got nan"),
        (5, 1, r"in \[0, 1\), got 1"),
        (5, -0.1, r"in \[0, 1\), got -0.1"),
    ],
)
def test_impossible_figures_are_refused(sd: float, reliability: float, reason: str) -> None:
    with pytest.raises(ScienceError, match=reason):
        reliable_change_threshold(sd=sd, reliability=reliability)


def test_a_group_without_spread_is_refused() -> None:
    with pytest.raises(ScienceError, match="above 0, got 0"):
        criterion_c(patient_mean=1, patient_sd=0, functional_mean=2, functional_sd=1)


def test_a_scale_without_a_better_side_is_refused() -> None:
    with pytest.raises(ScienceError, match="no better side"):
        classify([1], [2], reliable=1, cutoff=0, better=Better.NEITHER)


def test_a_reliable_change_of_nothing_is_refused() -> None:
    with pytest.raises(ScienceError, match="above 0, got 0"):
        classify([1], [2], reliable=0, cutoff=0)
