"""How much an exercise has helped.

Few doings say little: what they say is drawn towards nothing, and the doubt that is left is
told with it. The figures agree with the textbook's formula, worked by hand here.
"""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebase.science.helpfulness import helped
from securebase.science.kit_terms import copy_terms, help_terms, kit_terms

POINTS = st.lists(st.integers(-10, 10), min_size=1, max_size=40)


def test_three_doings_are_weighed_as_the_formula_says() -> None:
    one = helped([2, 3, 1], times=3, worse=0)

    # Prior N(0, 1.5^2), noise 2: precisions 1/2.25 and 3/4; the mean of the doings is 2.
    assert isclose(one.mean, (3 / 4 * 2) / (1 / 2.25 + 3 / 4))
    assert isclose(one.sd, sqrt(1 / (1 / 2.25 + 3 / 4)))


@given(POINTS)
def test_it_never_says_more_than_the_doings_do(changes: list[int]) -> None:
    seen = sum(changes) / len(changes)
    one = helped(changes, times=len(changes), worse=0)

    assert abs(one.mean) <= abs(seen)
    assert one.mean * seen >= 0


@given(POINTS)
def test_one_more_doing_leaves_less_doubt(changes: list[int]) -> None:
    fewer = helped(changes, times=len(changes), worse=0)
    more = helped([*changes, 0], times=len(changes) + 1, worse=0)

    assert more.sd < fewer.sd < help_terms().prior_sd


def test_one_great_help_counts_for_less_than_steady_help() -> None:
    once, steady = helped([6], times=1, worse=0), helped([4] * 8, times=8, worse=0)

    assert once.mean < steady.mean


@pytest.mark.parametrize(
    ("changes", "times", "worse", "words"),
    [
        # changes        times  worse  what the patient reads
        ([], 0, 0, "Not tried yet."),
        ([], 2, 0, "Done twice. No numbers were given, so we cannot say."),
        ([2], 1, 0, "It has helped a little, once. This is early and may change."),
        ([2, 3, 1], 3, 0, "It has helped a little, 3 times. This is early and may change."),
        ([4] * 8, 8, 0, "It has helped a lot, 8 times."),
        ([0] * 8, 8, 0, "It has made no clear difference, 8 times."),
        ([-3] * 8, 8, 0, "It has felt worse more than better, 8 times."),
        (
            [3, 3, 3, 3, 3, -2],
            6,
            1,
            "It has helped a little, 6 times. Once it felt worse.",
        ),
    ],
)
def test_it_is_told_in_plain_words(
    changes: list[float], times: int, worse: int, words: str
) -> None:
    assert helped(changes, times=times, worse=worse).in_words() == words


def test_the_terms_are_read_from_the_content() -> None:
    assert kit_terms().entries == 40
    assert copy_terms().late.days == 7
    assert copy_terms().rounds == 600_000
