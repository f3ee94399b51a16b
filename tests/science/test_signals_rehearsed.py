"""Signals: whole courses rehearsed.

Thresholds are tried on courses before they are used: every rule, at every occasion, with
merging, rests and caps as in life.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from securebase.science.errors import BadInput
from securebase.science.signals.rehearse import Life, rehearse

START, WEEK = datetime(2026, 1, 5, tzinfo=UTC), timedelta(weeks=1)
ALLIANCE, MOOD = "session-check-in.alliance", "phq-9.total"


def life(n: int = 0, **given: Any) -> Life:
    scores = given.pop("scores", {})
    count = n or len(next(iter(scores.values())))
    times = [START + i * WEEK for i in range(count)]
    return Life(times=times, sessions=range(count), scores=scores, **given)


def told(one: Life, **how: Any) -> list[list[str]]:
    return [[s.rule for s in at.raised] for at in rehearse([one], **how)[0]]


def when(rules: list[list[str]], rule: str) -> list[int]:
    return [i for i, spoken in enumerate(rules) if rule in spoken]


def test_a_dip_a_repair_and_nothing_else() -> None:
    one = life(
        scores={ALLIANCE: [8, 8, 8, 8, 4, 8, 8]}, mended=[None, None, None, None, None, 1, 3]
    )

    assert told(one) == [[], [], [], [], ["RUP.R1"], [], ["REPAIR.BACK"]]


def test_a_strain_that_nobody_mends_is_called_to_mind_after_four_sessions() -> None:
    one = life(scores={ALLIANCE: [8, 8, 8, 8, 4, *[8] * 5]})

    assert when(told(one), "OPEN") == [8]


def test_a_strain_from_both_sides_and_a_missed_session() -> None:
    came = [True, True, True, True, False]
    one = life(scores={ALLIANCE: [8, 8, 8, 8, 4]}, came=came, tension=[0, 0, 0, 0, 2])

    assert told(one)[-1] == ["RUP.R4"]


def test_two_views_distress_at_the_end_and_silence_are_heard() -> None:
    views = life(3, tension=[0, 0, 0], noticed=[0, 0, 3])
    ends = life(2, ended=[5, 6])
    quiet = life(3, answered=[True, False, False])

    assert [told(one)[-1] for one in (views, ends, quiet)] == [
        ["RUP.GAP"],
        ["OVER.END"],
        ["ENG.TWO"],
    ]


def test_in_the_days_after_processing_worse_is_told_of() -> None:
    mood = {MOOD: [12, 10, 9, 8, 18]}
    at = START + 4 * WEEK

    assert told(life(scores=mood, planned_sessions=16, processed=at))[-1] == ["DIP.14"]
    assert told(life(scores=mood, planned_sessions=16))[-1] == ["DET.RC"]


@pytest.mark.parametrize(("closed_after", "times"), [(0, [0, 2, 4]), (1, [0, 2, 4]), (9, [0])])
def test_a_kind_speaks_again_after_its_rest_once_the_signal_is_closed(
    closed_after: float, times: list[int]
) -> None:
    said = life(5, tension=[2, 2, 2, 2, 2])

    spoken = told(said, closed_after=closed_after)

    assert when(spoken, "RUP.R2") == times


def test_each_person_is_followed_apart() -> None:
    calm, low = (life(scores={ALLIANCE: [8, 8, 8, 8, last]}) for last in (8, 4))

    both = rehearse([calm, low, calm])

    assert [len(one[-1].raised) for one in both] == [0, 1, 0]


def test_a_score_that_is_missing_raises_nothing() -> None:
    assert told(life(scores={ALLIANCE: [8, 8, 8, 8, None]})) == [[]] * 5


def test_over_whole_courses_no_more_than_one_prompt_comes_in_three_sessions() -> None:
    rng = np.random.default_rng(7)
    lives = [
        life(
            scores={
                MOOD: rng.integers(0, 28, 20).tolist(),
                ALLIANCE: (rng.integers(0, 41, 20) / 4).tolist(),
            },
            planned_sessions=20,
            came=(rng.random(20) > 0.3).tolist(),
        )
        for _ in range(25)
    ]

    for one in rehearse(lives):
        spoke = [i for i, at in enumerate(one) if any(not s.kind.only_tells for s in at.raised)]
        assert all(b - a >= 3 for a, b in pairwise(spoke))


@pytest.mark.parametrize("what", ["tension", "mended", "noticed", "ended", "answered", "came"])
def test_sequences_of_another_length_are_refused(what: str) -> None:
    with pytest.raises(BadInput, match=f"{what} has 2 entries for 3 times"):
        life(3, **{what: [1, 1]})
