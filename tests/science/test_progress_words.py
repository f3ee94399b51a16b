"""A trajectory in plain words.

A change counts only beyond the error of the difference of two estimates, whichever way is
better, and where it stands is told against the expected band.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest

from securebase.science.progress import in_plain_words, progress_words
from securebase.science.words import Better, Point, Trajectory

START = datetime(2026, 9, 1, tzinfo=UTC)
A_POINT = Point(
    at=START,
    value=15.0,
    filtered_mean=15.0,
    filtered_sd=2.0,
    predicted_mean=15.0,
    predicted_sd=3.0,
    innovation=0.0,
    band_low=10.0,
    band_high=20.0,
)
BEYOND = 1.96 * sqrt(2.0**2 + 2.0**2)
"""5.54 points: the least difference of two estimates with an error of 2 that counts."""


def course(now: float, better: Better = Better.LOWER, low: float = 0.0) -> Trajectory:
    """Return a course from 15 to a last estimate, whose band begins at ``low``."""
    later = replace(
        A_POINT,
        at=START + timedelta(weeks=6),
        filtered_mean=now,
        band_low=low,
        band_high=low + 30.0,
    )
    return Trajectory("phq-9.total", better, (A_POINT, later), "test")


@pytest.mark.parametrize(
    ("now", "better", "said"),
    [
        (15 - BEYOND - 0.01, Better.LOWER, "better"),
        (15 - BEYOND + 0.01, Better.LOWER, "same"),
        (15 + BEYOND - 0.01, Better.LOWER, "same"),
        (15 + BEYOND + 0.01, Better.LOWER, "worse"),
        (15 + BEYOND + 0.01, Better.HIGHER, "better"),
        (15 - BEYOND - 0.01, Better.HIGHER, "worse"),
    ],
)
def test_a_change_counts_only_beyond_chance(now: float, better: Better, said: str) -> None:
    first, _ = in_plain_words(course(now, better))

    assert first == progress_words().since_start[better.value][said]


@pytest.mark.parametrize(
    ("low", "better", "said"),
    [
        (0.0, Better.LOWER, "same"),
        (20.0, Better.LOWER, "better"),
        (-40.0, Better.LOWER, "worse"),
        (20.0, Better.HIGHER, "worse"),
        (-40.0, Better.HIGHER, "better"),
    ],
)
def test_where_it_stands_is_told_against_the_band(
    low: float, better: Better, said: str
) -> None:
    _, second = in_plain_words(course(15.0, better, low))

    assert second == progress_words().expected[said]


def test_one_answer_says_only_that_it_is_one() -> None:
    one = Trajectory("phq-9.total", Better.LOWER, (A_POINT,), "test")

    assert in_plain_words(one) == (progress_words().expected["first"],)


@pytest.mark.parametrize(
    "trajectory",
    [
        Trajectory("phq-9.total", Better.LOWER, (replace(A_POINT, value=None),), "test"),
        replace(course(10.0), better=Better.NEITHER),
    ],
)
def test_nothing_is_said_without_a_score_or_a_direction(trajectory: Trajectory) -> None:
    assert in_plain_words(trajectory) == ()
