"""Missing answers.

A scale may be scored with a few answers missing, as far as its authors allow, and the
score says so. Below that there is no score. Nothing that is yes or no is ever made up.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument
from securebase.science.scoring import score

X = None  # not answered


def sheet(slug: str, *answers: int | None) -> dict[str, float | int | str | bool | None]:
    items = [item.id for item in instrument(slug).items]
    return score(instrument(slug), dict(zip(items, answers, strict=False))).as_dict()


@pytest.mark.parametrize(
    ("answers", "value", "state"),
    [
        # 1  2  3  4  5  6  7  8  9   total  state
        ((1, 1, 1, 1, 1, 1, 1, 1, 1),  9.0, "scored"),
        ((1, 1, 1, 1, 1, 1, 1, 1, X),  9.0, "prorated"),    # the mean of eight, nine times
        ((2, 2, 2, 2, 2, 2, 2, X, X), 18.0, "prorated"),    # two is as far as it goes
        ((3, 3, 3, 3, 3, 3, X, X, X), None, "incomplete"),  # three missing: no number
        ((X, X, X, X, X, X, X, X, X), None, "incomplete"),
    ],
)  # fmt: skip
def test_phq_9_is_scored_with_up_to_two_missing(
    answers: tuple[int | None, ...], value: float | None, state: str
) -> None:
    got = sheet("phq-9", *answers)

    assert (value, state) == (got["total"], got["total.state"])


@pytest.mark.parametrize(
    ("slug", "least", "of"),
    [("gad-7", 6, 7), ("k10", 8, 10), ("session-check-in", 3, 4), ("felt-security", 3, 3)],
)
def test_others_are_scored_with_four_in_five_answered_or_as_they_say(
    slug: str, least: int, of: int
) -> None:
    scale = instrument(slug).scales[0]

    assert (scale.min_answered, len(scale.items)) == (least, of)


def test_a_single_skipped_question_of_a_short_screen_leaves_no_score() -> None:
    got = sheet("phq-9", 3, None, 0, 0, 0, 0, 0, 0, 0)

    assert (got["phq2"], got["phq2.state"]) == (None, "incomplete")


def test_pcl_5_makes_up_for_a_gap_within_its_own_cluster() -> None:
    got = sheet("pcl-5", None, 4, 4, 4, 4, *[0] * 15)

    assert (got["B"], got["total"], got["total.state"]) == (20, 20, "prorated")


def test_pcl_5_has_no_total_without_all_four_clusters() -> None:
    got = sheet("pcl-5", *[2] * 5, None, 2, *[2] * 13)

    assert (got["C"], got["total"]) == (None, None)


def test_the_number_of_answers_is_told_with_every_score() -> None:
    got = sheet("gad-7", 1, 1, 1, 1, 1, 1, None)

    assert (got["total.answered"], got["gad2.answered"]) == (6, 2)


def test_no_exposure_ends_the_pc_ptsd_5_at_zero() -> None:
    got = sheet("pc-ptsd-5", 0)

    assert (got["score"], got["score.state"], got["ge3"]) == (0, "scored", False)


def test_answers_after_no_exposure_do_not_count() -> None:
    assert sheet("pc-ptsd-5", 0, 1, 1, 1, 1, 1)["score"] == 0
