"""Algorithms.

A published rule answers true, false or unknown. It is unknown exactly when an answer that
is missing could still change it. It is provisional always: a rule diagnoses nobody.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument
from securebase.science.scoring import score

X = None  # not answered


def outcome(slug: str, key: str, *answers: int | None) -> str | bool | None:
    items = [item.id for item in instrument(slug).items]
    return score(instrument(slug), dict(zip(items, answers, strict=True))).outcomes[key]


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        # 1  2  3  4  5  6  7  8  9
        ((2, 2, 2, 2, 1, 1, 2, 0, 0), "major"),  # five present, two of them core
        ((2, 0, 2, 2, 2, 0, 0, 0, 1), "major"),  # item 9 is present from 1
        ((2, 0, 2, 2, 1, 0, 0, 0, 0), "other"),  # core and two more
        ((0, 2, 0, 0, 0, 0, 0, 0, 1), "other"),  # core and one more
        ((2, 0, 0, 0, 0, 0, 0, 0, 0), "none"),   # core alone
        ((1, 1, 3, 3, 3, 3, 3, 0, 0), "none"),   # 17 points, but no core symptom
        ((1, 1, 1, 1, 1, 1, 1, 1, 1), "none"),
        ((2, 2, 2, 2, 2, 0, 0, X, X), "major"),  # the missing ones change nothing
        ((2, 2, 2, 2, 0, 0, 0, 0, X), None),     # item 9 decides between two verdicts
        ((X, X, 3, 3, 3, 3, 3, 3, 0), None),     # is there a core symptom?
        ((1, 1, X, X, X, X, X, X, X), "none"),   # without a core symptom it cannot be
    ],
)  # fmt: skip
def test_the_phq_9_algorithm(answers: tuple[int | None, ...], verdict: str | None) -> None:
    assert verdict == outcome("phq-9", "alg", *answers)


# B 1-5, C 6-7, D 8-14, E 15-20; a symptom counts from 2
JUST = (2, 0, 0, 0, 0,   0, 2,   2, 2, 0, 0, 0, 0, 0,   0, 0, 0, 0, 2, 2)  # fmt: skip


def test_the_pcl_5_clusters_need_one_one_two_and_two() -> None:
    assert outcome("pcl-5", "cluster_dx", *JUST) is True


@pytest.mark.parametrize("symptom", [n for n, answer in enumerate(JUST) if answer])
def test_one_symptom_fewer_and_the_pcl_5_clusters_are_not_met(symptom: int) -> None:
    fewer = [0 if n == symptom else answer for n, answer in enumerate(JUST)]

    assert outcome("pcl-5", "cluster_dx", *fewer) is False


@pytest.mark.parametrize("symptom", [n for n, answer in enumerate(JUST) if answer])
def test_a_symptom_not_asked_leaves_the_pcl_5_clusters_unknown(symptom: int) -> None:
    skipped = [None if n == symptom else answer for n, answer in enumerate(JUST)]

    assert outcome("pcl-5", "cluster_dx", *skipped) is None


def test_the_pcl_5_total_may_pass_where_the_clusters_do_not() -> None:
    no_avoidance = (4, 4, 4, 4, 4, 1, 1, *[2] * 13)

    assert outcome("pcl-5", "ge33", *no_avoidance) is True
    assert outcome("pcl-5", "cluster_dx", *no_avoidance) is False


def test_the_pcl_5_clusters_may_pass_where_the_total_does_not() -> None:
    assert sum(JUST) < 31
    assert outcome("pcl-5", "ge31", *JUST) is False


@pytest.mark.parametrize(
    ("last", "ge31", "ge33"),
    [(0, False, False), (1, True, False), (2, True, False), (3, True, True), (X, None, None)],
)
def test_the_pcl_5_cut_offs_begin_at_31_and_33(
    last: int | None, ge31: bool | None, ge33: bool | None
) -> None:
    thirty = (*[2] * 11, *[1] * 8)

    assert outcome("pcl-5", "ge31", *thirty, last) is ge31
    assert outcome("pcl-5", "ge33", *thirty, last) is ge33


@pytest.mark.parametrize(
    ("yes", "missing", "ge3", "ge4"),
    [(2, 0, False, False), (3, 0, True, False), (4, 0, True, True), (3, 1, True, None),
     (2, 1, None, False), (2, 2, None, None)],
)  # fmt: skip
def test_the_pc_ptsd_5_cut_offs_begin_at_three_and_four(
    yes: int, missing: int, ge3: bool | None, ge4: bool | None
) -> None:
    answers = (1, *[1] * yes, *[None] * missing, *[0] * (5 - yes - missing))

    assert outcome("pc-ptsd-5", "ge3", *answers) is ge3
    assert outcome("pc-ptsd-5", "ge4", *answers) is ge4


@pytest.mark.parametrize(("last", "smi"), [(1, False), (2, True), (None, None)])
def test_the_k6_counts_six_items_from_nought_and_begins_at_13(
    last: int | None, smi: bool | None
) -> None:
    # 2, 4, 5, 8 and 9 give 3, 3, 2, 2 and 2; the tenth decides; the other four are full
    answers = (5, 4, 5, 4, 3, 5, 5, 3, 3, last)

    assert outcome("k10", "k6_smi", *answers) is smi
