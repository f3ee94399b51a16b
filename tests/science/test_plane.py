"""The attachment plane.

Two scores have a place, an error and, where norms are published, a chance of lying in
each quarter. A quarter is named only when little doubt is left.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebase.science.library import instrument, instruments
from securebase.science.plane import (
    Region,
    can_be_drawn,
    coverage,
    region_words,
    standing,
)

ECR_R = instrument("ecr-r")
SCORE = st.floats(min_value=1, max_value=7)
MIDDLE = (3.56, 2.92)
"""Means of the norm group of the ECR-R, as its definition says them."""


def test_every_instrument_of_both_dimensions_can_be_drawn() -> None:
    drawn = {slug for slug, one in instruments().items() if can_be_drawn(one)}

    assert {"ecr-r", "ecr-rs", "ecr-s", "saam"} <= drawn
    assert "phq-9" not in drawn


def test_an_instrument_without_the_two_dimensions_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"phq-9 has no place .* anxiety and avoidance"):
        standing(instrument("phq-9"), anxiety=3, avoidance=3)


@given(SCORE, SCORE)
def test_the_chances_of_the_four_quarters_add_up_to_one(a: float, v: float) -> None:
    regions = standing(ECR_R, anxiety=a, avoidance=v).regions

    assert regions is not None
    assert sum(regions.values()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("anxiety", "avoidance", "expected"),
    [
        (1.5, 1.2, Region.SECURE),
        (6.0, 1.2, Region.ANXIOUS),
        (1.5, 6.0, Region.AVOIDANT),
        (6.0, 6.0, Region.FEARFUL),
        (*MIDDLE, None),
        (6.0, MIDDLE[1], None),
    ],
)
def test_a_quarter_is_named_only_when_it_is_likely(
    anxiety: float, avoidance: float, expected: Region | None
) -> None:
    assert standing(ECR_R, anxiety=anxiety, avoidance=avoidance).label == expected


@given(SCORE, SCORE)
def test_no_label_is_given_at_or_below_seven_in_ten(a: float, v: float) -> None:
    place = standing(ECR_R, anxiety=a, avoidance=v)

    assert place.regions is not None
    likeliest = max(place.regions.values())
    assert (place.label is not None) == (likeliest > 0.7)


def test_the_chance_of_a_quarter_is_what_drawing_errors_by_lot_gives() -> None:
    place = standing(ECR_R, anxiety=3.9, avoidance=2.6)
    lot = np.random.default_rng(7)
    error_a, error_v = 1.12 * np.sqrt(0.07), 1.19 * np.sqrt(0.06)

    a = 3.9 + error_a * lot.standard_normal(200_000)
    v = 2.6 + error_v * lot.standard_normal(200_000)

    assert place.regions is not None
    share = np.mean((a > MIDDLE[0]) & (v <= MIDDLE[1]))
    assert place.regions[Region.ANXIOUS] == pytest.approx(share, abs=0.004)


def test_the_ellipse_holds_the_share_it_is_drawn_for() -> None:
    place = standing(ECR_R, anxiety=4, avoidance=4)
    lot = np.random.default_rng(11).standard_normal((200_000, 2))

    assert place.half_widths is not None
    across = lot * np.array([1.12 * np.sqrt(0.07), 1.19 * np.sqrt(0.06)])
    inside = ((across / np.array(place.half_widths)) ** 2).sum(axis=1) <= 1

    assert inside.mean() == pytest.approx(coverage(), abs=0.004)


def test_the_middle_of_the_norm_group_is_its_fiftieth_percentile() -> None:
    place = standing(ECR_R, anxiety=MIDDLE[0], avoidance=MIDDLE[1])

    assert place.percentiles == pytest.approx((50, 50))
    assert place.group == "online sample of the author"
    assert place.center == MIDDLE


def test_one_standard_deviation_above_is_about_the_eighty_fourth_percentile() -> None:
    place = standing(ECR_R, anxiety=MIDDLE[0] + 1.12, avoidance=MIDDLE[1])

    assert place.percentiles is not None
    assert place.percentiles[0] == pytest.approx(84.13, abs=0.01)


def test_without_norms_there_is_a_place_and_an_ellipse_but_no_quarter() -> None:
    place = standing(replace(ECR_R, norms=()), anxiety=5, avoidance=5)

    assert place.half_widths is not None
    assert (place.regions, place.label, place.percentiles, place.group) == (
        None,
        None,
        None,
        "",
    )


def test_without_a_reliability_there_is_no_ellipse_and_no_quarter() -> None:
    place = standing(replace(ECR_R, reliabilities=()), anxiety=5, avoidance=5)

    assert (place.half_widths, place.regions, place.label) == (None, None, None)
    assert place.percentiles is not None


def test_norms_of_two_different_groups_are_not_mixed() -> None:
    anxious, avoidant = ECR_R.norms
    apart = replace(ECR_R, norms=(anxious, replace(avoidant, group="another group")))

    assert standing(apart, anxiety=5, avoidance=5).percentiles is None


@given(SCORE, SCORE, SCORE)
def test_more_anxiety_never_makes_an_anxious_quarter_less_likely(
    a: float, b: float, v: float
) -> None:
    lower, higher = sorted((a, b))

    less = standing(ECR_R, anxiety=lower, avoidance=v).regions
    more = standing(ECR_R, anxiety=higher, avoidance=v).regions

    assert less is not None
    assert more is not None
    anxious = (Region.ANXIOUS, Region.FEARFUL)
    assert sum(less[r] for r in anxious) <= sum(more[r] for r in anxious) + 1e-12


def test_each_region_and_the_middle_have_words_and_none_is_a_verdict() -> None:
    words = [region_words(region) for region in (*Region, None)]

    assert len(set(words)) == 5
    assert not any(verdict in " ".join(words) for verdict in ("insecure", "disorder", "style"))


def test_the_coverage_is_that_of_a_chi_square_with_two_degrees() -> None:
    place = standing(ECR_R, anxiety=4, avoidance=4)

    assert place.half_widths is not None
    reach = place.half_widths[0] / (1.12 * np.sqrt(1 - 0.93))
    assert 1 - exp(-(reach**2) / 2) == pytest.approx(0.8)
