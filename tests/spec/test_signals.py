"""Signals.

A signal is a reason to look. It says what was seen, how often such a thing is noise, and
that it is worth asking; it never says what is so. Safety is never held back; everything
else shares a small budget per person.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from securebase.science.signals.assess import Situation, assess
from securebase.science.signals.deterioration import deterioration
from securebase.science.signals.explain import explain, in_words
from securebase.science.signals.not_on_track import is_off_track, not_on_track
from securebase.science.signals.open_strain import Strain, open_strain
from securebase.science.signals.rupture import Tension, alliance_dip, said_tension, slow_decline
from securebase.science.signals.safety import SafetyAnswer, safety
from securebase.science.signals.silence import Attendance, silence
from securebase.science.trajectory.follow import follow
from securebase.science.words import Better, Kind, Signal, Tier
from tests.spec.signal_cases import (
    ALLIANCE,
    LOW_MOOD,
    RULES,
    SLIDE,
    START,
    attendance,
    bond,
    heard,
    moods,
    spoken,
    still_open,
    weekly,
)


def with_chances(*chances: Any) -> Any:
    """Give a line whose chances of reliable improvement are given outright."""
    line = moods(*[15] * len(chances))
    points = zip(line.points, chances, strict=True)
    return replace(line, points=tuple(replace(p, p_improve=c) for p, c in points))


# Safety


@pytest.mark.parametrize(("value", "speaks"), [(0, False), (1, True), (3, True)])
def test_any_mark_above_the_lowest_on_a_safety_question_is_shown_now(
    value: Any, speaks: bool
) -> None:
    signal = safety(SafetyAnswer("phq-9", "9", value, START, "question 9"), RULES)

    assert (signal is not None) is speaks
    assert signal is None or signal.tier is Tier.NOW


def test_a_safety_signal_shows_the_answer_and_no_level_of_risk() -> None:
    signal = heard(safety(SafetyAnswer("phq-9", "9", 2, START, "question 9"), RULES))

    assert in_words(signal).startswith("Marked 2 on question 9 in PHQ-9.")
    assert "risk" not in in_words(signal)
    assert signal.because[0].value == 2


# Not on track


@pytest.mark.parametrize(
    ("chances", "off"),
    [
        # session 0   1    2    3    4    5
        ((0.1, 0.1, 0.1), False),  # before session 3 nothing is said
        ((0.5, 0.5, 0.5, 0.29), False),  # once below 30 % is not enough
        ((0.5, 0.5, 0.5, 0.29, 0.29), True),  # twice in a row is
        ((0.5, 0.5, 0.5, 0.29, 0.31, 0.29), False),  # twice, but not in a row
        ((0.5, 0.5, 0.5, 0.19), True),  # once below 20 % is enough
        ((0.5, 0.5, 0.5, 0.19, 0.44), True),  # it stays until above 45 %
        ((0.5, 0.5, 0.5, 0.19, 0.46), False),
        ((0.5, 0.5, 0.5, 0.19, 0.46, 0.29), False),  # and begins anew
    ],
)
def test_not_on_track_begins_low_and_ends_high(chances: Any, off: bool) -> None:
    assert is_off_track(with_chances(*chances), RULES) is off


def test_not_on_track_names_the_chance_and_the_classic_band() -> None:
    line = moods(18, 18, 19, 20, 21, 21)

    signal = heard(not_on_track(line, RULES, prior=LOW_MOOD))

    assert signal.rule == "NOT.P"
    assert signal.statistic == line.points[-1].p_improve
    assert "chance of reliable improvement by session 16" in in_words(signal)
    assert "lies outside it" in explain(signal).classic


def test_someone_on_track_raises_nothing() -> None:
    assert not_on_track(moods(18, 16, 14, 12, 11), RULES, prior=LOW_MOOD) is None


def test_a_missing_score_raises_nothing_new() -> None:
    assert not_on_track(moods(18, 18, 19, 20, 21, None), RULES, prior=LOW_MOOD) is None


@pytest.mark.parametrize(
    ("values", "speaks"),
    [
        ((15, 15, 15, 23), True),  # above the band at session 3
        ((15, 15, 23), False),  # too early
        ((15, 15, 15, 12), False),  # inside
    ],
)
def test_without_a_planned_end_the_classic_band_decides(values: Any, speaks: bool) -> None:
    signal = not_on_track(moods(*values, planned=None), RULES, prior=LOW_MOOD)

    assert (signal is not None) is speaks
    assert signal is None or signal.rule == "NOT.BAND"


def test_where_higher_is_better_the_lower_end_of_the_band_counts() -> None:
    line = replace(bond(8, 8, 8, 3), measure="phq-9.total")

    signal = heard(not_on_track(line, RULES, prior=LOW_MOOD))

    assert signal.threshold == line.points[-1].band_low


# Deterioration


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ((10, 11, 12, 12, 16), "DET.RC"),  # 6 worse at the review after session 4
        ((10, 11, 12, 12, 15), None),  # 5 is within the error of two ratings
        ((10, 10, 10, 16), None),  # 6 worse, but between reviews
        ((10, 14, 18, 20), "DET.P"),  # likely to end worse
        ((20,), None),  # one score is no change
    ],
)
def test_worsening_is_looked_at_in_reviews_and_in_the_outlook(values: Any, rule: Any) -> None:
    signal = deterioration(moods(*values), RULES, prior=LOW_MOOD)

    assert (signal.rule if signal else None) == rule


def test_an_outlook_of_worsening_says_that_fewer_than_half_end_so() -> None:
    signal = heard(deterioration(moods(10, 14, 18, 20), RULES, prior=LOW_MOOD))

    assert "Of all it flags, fewer than half end worse." in in_words(signal)


def test_a_measure_without_reliable_change_has_no_deterioration() -> None:
    assert deterioration(bond(8, 8, 8, 8, 2), RULES, prior=ALLIANCE) is None


def test_worse_is_lower_where_higher_is_better() -> None:
    upward = replace(LOW_MOOD, better=Better.HIGHER)
    line = follow(weekly(5), [20, 19, 18, 16, 14], prior=upward, planned_sessions=16)

    assert heard(deterioration(line, RULES, prior=upward)).data["change"] == 6


# Rupture


def test_a_rating_far_below_this_persons_usual_is_worth_asking_about() -> None:
    signal = heard(alliance_dip(bond(8, 7.75, 8, 8.25, 5.25), RULES))

    assert signal.rule == "RUP.R1"
    assert signal.statistic is not None
    assert signal.statistic < -1.96
    assert in_words(signal).startswith(
        "Alliance lower than usual for this person (usual 8.1, now 5.2). "
        "Roughly half of such dips are noise."
    )


@pytest.mark.parametrize(
    "values",
    [
        (8, 8, 5),  # fewer than three ratings before
        (8, 7.75, 8, 8.25, 7.5),  # within what is usual
        (5, 5.25, 5, 4.75, 8),  # higher is no strain
        (8, 8, 8, 8, None),  # nothing was said
    ],
)
def test_other_ratings_raise_nothing(values: Any) -> None:
    assert alliance_dip(bond(*values), RULES) is None


def test_someone_whose_ratings_stray_a_lot_is_asked_later() -> None:
    calm = alliance_dip(bond(8, 8, 8, 8, 8, 5.75), RULES)
    stormy = alliance_dip(bond(8, 5, 9.75, 5.25, 9.5, 5.75), RULES)

    assert (calm is not None, stormy is not None) == (True, False)


def slide(*values: Any) -> Signal | None:
    return slow_decline(bond(*(values or SLIDE)), RULES, prior=ALLIANCE)


def test_a_level_that_went_down_over_four_sessions_is_worth_asking_about() -> None:
    signal = heard(slide())

    assert (signal.rule, signal.kind) == ("RUP.R3", Kind.RUPTURE)
    assert signal.statistic is not None
    assert 0.9 < signal.statistic < 1
    assert in_words(signal).startswith("Alliance lower than 4 sessions ago, and not in one")
    assert [b.value for b in signal.because] == [8, 7.5, 7, 6.25, 5.75]


def test_a_slow_decline_speaks_where_no_single_rating_is_unusually_low() -> None:
    line = bond(*SLIDE)

    told = assess(Situation(at=line.points[-1].at, session=7, trajectories=(line,)))

    assert spoken(told.raised) == ["RUP.R3"]


@pytest.mark.parametrize(
    "values",
    [
        (8.25, 8, 8.25, 8, 8, 8.25, 8, 5.75),  # one low rating is no slow decline
        (8.25, 8, 8.25, 8, 8, 7.75, 7.5, 7.25),  # passing ups and downs are as large
        (8, 8, 7.5, 7, 6.25, 5.75),  # fewer than three ratings four sessions ago
        (5, 5.5, 6, 6.5, 7, 7.5, 8, 8.25),  # going up is no strain
        (*SLIDE, None),  # nothing was said
    ],
)
def test_other_courses_are_no_slow_decline(values: Any) -> None:
    assert slide(*values) is None


@pytest.mark.parametrize(
    ("value", "most", "speaks"), [(1, 4, False), (2, 4, True), (4, 10, False), (5, 10, True)]
)
def test_tension_speaks_from_the_middle_of_its_scale_and_at_once(
    value: Any, most: float, speaks: bool
) -> None:
    signal = said_tension(Tension(value, START, most=most), RULES)

    assert (signal is not None) is speaks


# A strain still open


@pytest.mark.parametrize(
    ("held", "days", "speaks"),
    [
        (3, 90, False),  # sessions count, where there are any
        (4, 10, True),
        (0, 27, False),  # weeks count, where there are none
        (0, 28, True),
    ],
)
def test_a_strain_is_called_to_mind_after_four_sessions_or_four_weeks_without_any(
    held: int, days: int, speaks: bool
) -> None:
    signal = open_strain(Strain(START, held), RULES, at=START + timedelta(days=days))

    assert (signal is not None) is speaks


@pytest.mark.parametrize(("held", "ago"), [(4, "4 sessions ago"), (0, "6 weeks ago")])
def test_an_open_strain_says_how_long_and_not_whether_it_is_mended(held: int, ago: str) -> None:
    signal = still_open(held)

    assert in_words(signal).startswith(f"A strain noted {ago} has no repair noted since.")
    assert "Whether it is mended" in explain(signal).not_known
    assert signal.because[0].at == START


# Silence


@pytest.mark.parametrize(
    ("pattern", "rules"),
    [
        ("yyyyyyyy", []),
        ("yyyyyyny", []),
        ("yyyyyynn", ["ENG.TWO"]),
        ("yyyynnny", ["ENG.RATE"]),
        ("yyyynnyy", []),  # half of the last four is not fewer than half
        ("yyyyynnn", ["ENG.TWO", "ENG.RATE"]),
        ("ynynnyny", []),  # never answered much: nothing fell
        ("nyny", []),  # too few to tell
    ],
)
def test_silence_is_two_missed_in_a_row_or_a_rate_that_fell(
    pattern: str, rules: list[str]
) -> None:
    told = spoken(silence(attendance(pattern), RULES, at=START))

    assert told == rules


@pytest.mark.parametrize(
    ("days", "agreed", "speaks"),
    [(10, 7, False), (11, 7, True), (20, 14, False), (22, 14, True), (99, None, False)],
)
def test_a_gap_between_sessions_is_measured_against_the_agreed_rhythm(
    days: int, agreed: Any, speaks: bool
) -> None:
    known = Attendance(last_session=START, days_agreed=agreed)

    told = spoken(silence(known, RULES, at=START + timedelta(days=days)))

    assert told == (["ENG.GAP"] if speaks else [])
