"""Where a score stands.

Norms give a mean and a standard deviation; the percentile is that of a normal distribution
with them, told in whole people of a hundred and never finer than one.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument, instruments
from securebase.science.norms import below, percentiles
from securebase.science.words import Norm

T = Norm("T", "everybody", mean=50.0, sd=10.0)


@pytest.mark.parametrize(
    ("value", "expected"), [(50.0, 50), (60.0, 84), (40.0, 16), (69.6, 98), (30.4, 2)]
)
def test_a_t_score_has_the_percentile_of_the_normal_table(value: float, expected: int) -> None:
    assert below(T, value) == expected


@pytest.mark.parametrize(("value", "expected"), [(120.0, 99), (-20.0, 1)])
def test_nobody_is_told_to_stand_above_or_below_everybody(value: float, expected: int) -> None:
    assert below(T, value) == expected


def test_every_group_is_named_with_its_source() -> None:
    found = percentiles(instrument("des-ii"), "mean", 32.0)

    assert [one.group for one in found][:2] == ["general population", "students"]
    assert all(one.source for one in found)
    assert {one.group: one.below for one in found}["PTSD"] == 50


def test_without_published_norms_there_is_no_standing() -> None:
    assert percentiles(instrument("pcl-5"), "total", 40.0) == ()


def test_another_scale_of_the_instrument_borrows_no_norms() -> None:
    assert percentiles(instrument("phq-9"), "phq2", 3.0) == ()


def test_no_instrument_of_ours_has_norms() -> None:
    assert not [one.slug for one in instruments().values() if one.norms and not one.validated]
