"""Signals of sessions and forms.

What happens around a session is also heard: a strain from several sides, two views of one
session, a repair, the days after processing, distress at the end, dissociation, needs,
exercises that made it worse, and answers that say little.
"""

from dataclasses import replace
from datetime import timedelta
from math import hypot
from typing import Any

import pytest

from securebase.science.signals.after_session import Distress, left_in_distress, worse_next_day
from securebase.science.signals.assess import Situation, assess
from securebase.science.signals.dissociation import Dissociation, dissociation
from securebase.science.signals.explain import in_words
from securebase.science.signals.first_ratings import low_at_first
from securebase.science.signals.helping import Needs, help_wanted, worse_after
from securebase.science.signals.mending import Mending
from securebase.science.signals.open_strain import Strain
from securebase.science.signals.quality import quality, same_in_a_row
from securebase.science.signals.safety import SafetyAnswer
from securebase.science.signals.silence import Attendance, silence
from securebase.science.signals.views import views_apart
from securebase.science.words import Because
from tests.spec.signal_cases import (
    ALLIANCE,
    DAY,
    MENDED,
    RULES,
    START,
    asked,
    attendance,
    back,
    bond,
    dip,
    dissociated,
    exercise,
    form,
    heard,
    mark,
    moods,
    said,
    sides,
    spoken,
    strong,
    worse,
)

# Safety


@pytest.mark.parametrize(
    ("item", "rule"),
    [("1", "SAFE1"), ("2", "SAFE1"), ("3", "SAFE2"), ("4", "SAFE2"), ("6a", "SAFE2")],
)
def test_a_yes_on_method_intent_plan_or_a_recent_act_is_named_as_such(
    item: str, rule: str
) -> None:
    signal = mark(item, "c-ssrs-screener")

    assert (signal.rule, signal.tier) == (rule, "now")
    assert not {"risk", "high", "low"} & set(in_words(signal).lower().split())


# The first sessions


@pytest.mark.parametrize(
    ("values", "speaks"),
    [
        ((5.8,), True),  # nine in ten begin above 5.9
        ((6.0,), False),
        ((8, 8, 5.7), True),  # session 2 still counts
        ((8, 8, 8, 4), False),  # from session 3 on there is a usual to compare with
        ((None,), False),
    ],
)
def test_in_the_first_sessions_a_rating_low_for_anybody_is_worth_asking(
    values: Any, speaks: bool
) -> None:
    signal = low_at_first(bond(*values), RULES, prior=ALLIANCE)

    assert (signal is not None) is speaks


def test_a_low_first_rating_says_that_one_in_ten_is_low_by_definition() -> None:
    assert "One in ten is, by definition." in in_words(
        heard(low_at_first(bond(5), RULES, prior=ALLIANCE))
    )


# Several sides


@pytest.mark.parametrize(
    ("flags", "given", "speaks"),
    [
        ([], {"tension": 3}, True),  # plain enough by itself
        ([], {"tension": 2.9}, False),
        ([], {"missed": True}, False),  # a missed session alone is no strain
        (["dip"], {}, False),
        (["dip"], {"missed": True}, True),
        (["dip"], {"noticed": 1}, True),  # low, where little was noticed
        (["dip"], {"noticed": 2}, False),
        (["said"], {"tension": 2, "noticed": 0}, True),
        (["worse"], {"missed": True}, False),  # symptoms are another matter
    ],
)
def test_strain_from_several_sides_weighs_more(flags: Any, given: Any, speaks: bool) -> None:
    known = {"dip": dip, "said": lambda: said(2), "worse": worse}

    signal = strong([known[flag]() for flag in flags], **given)

    assert (signal is not None) is speaks


def test_it_names_every_side() -> None:
    signal = heard(strong([dip()], tension=3, missed=True, noticed=0))

    assert in_words(signal).startswith(
        "Marked 3 of 4 on tension; a low or tense answer, and a session was missed; "
        "a low or tense answer where you had noticed little."
    )
    assert "your own sense of tension" not in signal.not_assessed
    assert set(dip().because) < set(signal.because)


@pytest.mark.parametrize("missed", [True, False])
def test_why_a_session_was_missed_is_not_known_only_where_one_was(missed: bool) -> None:
    signal = heard(strong([dip()], tension=3, missed=missed))

    assert ("why a session was missed" in signal.not_assessed) is missed


@pytest.mark.parametrize(
    ("said_", "noticed", "speaks"),
    [
        (0, 2, True),
        (0, 1, False),
        (3, 1, True),
        (2, 1, False),
        (None, 4, False),
        (4, None, False),
    ],
)
def test_two_views_of_one_session_are_compared_where_both_are_known(
    said_: Any, noticed: Any, speaks: bool
) -> None:
    assert (views_apart(sides(said_, noticed), RULES) is not None) is speaks


def test_a_low_rating_is_told_with_what_the_clinician_noticed() -> None:
    line = bond(8, 7.75, 8, 8.25, 5.25)
    known = Situation(at=START, session=4, trajectories=(line,), sides=sides(None, 2))

    (signal,) = assess(known).raised

    assert signal.because[-1] == Because("Tension, as you noticed it", 2, START)
    assert "your own sense of tension" not in signal.not_assessed


# Repair


@pytest.mark.parametrize(
    ("values", "answer", "found"),
    [
        (MENDED, 3, True),
        (MENDED, 2.9, False),  # the rating alone drifts back by itself
        ((8, 8, 8, 8, 5, 5, 5), 4, False),  # the answer alone may be kind
        ((8, 8, 8, 8, 5, 6, 6, 6, 8), 3, True),  # four sessions after
        ((8, 8, 8, 8, 5, 6, 6, 6, 6, 8), 4, False),  # five: now it is for the two to say
        ((8, 8, 8, 8, 5), 4, False),  # the same evening is no time to mend
        ((*MENDED, None), 4, False),  # nothing was said
    ],
)
def test_a_repair_takes_both_the_rating_and_the_word(
    values: Any, answer: float, found: bool
) -> None:
    assert (back(*values, answer=answer) is not None) is found


def test_a_level_within_half_its_spread_of_before_is_back() -> None:
    spread = 0.5 * hypot(ALLIANCE.deviation_sd, ALLIANCE.error_sd)
    signal = heard(back(8, 8, 8, 8, 5, 7.5, 7.75))
    low = bond(8, 8, 8, 8, 5, 7.5, 7.75).points

    assert low[3].filtered_mean - low[-1].filtered_mean < spread
    assert signal.data["said"] == 3
    assert back(8, 8, 8, 8, 5, 6.5, 7) is None


def test_without_a_rating_before_the_strain_no_repair_is_found() -> None:
    assert back(8, 8, week=0) is None


def test_a_slow_decline_is_mended_only_when_it_is_back_where_it_began() -> None:
    assert back(8.25, 8.25, 8, 7, 6, 6, 6.25, week=4) is None


# The days after processing began


def in_the_window(days: float, *lines: Any, **more: Any) -> Any:
    at = START + timedelta(weeks=4)
    first = at - timedelta(days=days)
    told = {"trajectories": lines or (moods(10, 11, 12, 12, 16),), **more}
    return assess(Situation(at=at, session=4, processed=first, **told))


@pytest.mark.parametrize(
    ("days", "raised"),
    [(-1, ["DET.RC"]), (0, ["DIP.14"]), (13.9, ["DIP.14"]), (14, ["DET.RC"])],
)
def test_for_fourteen_days_worse_symptoms_are_told_of_and_not_prompted(
    days: float, raised: list[str]
) -> None:
    assert spoken(in_the_window(days).raised) == raised


def test_what_is_held_is_named_with_the_day_it_ends() -> None:
    got = in_the_window(7)

    (signal,) = got.raised
    assert signal.data["held"] == "DET.RC, NOT.P"
    assert "the prompt is held until 9 February" in in_words(signal)
    assert "told of, not prompted" in got.held[0].reason


def test_safety_and_strain_are_never_held_in_these_days() -> None:
    got = in_the_window(7, safety=(SafetyAnswer("phq-9", "9", 1, START),), sides=sides(3))

    assert spoken(got.raised) == ["SAFE1", "RUP.R4", "DIP.14"]


def test_in_these_days_nothing_is_told_where_nothing_got_worse() -> None:
    assert in_the_window(7, moods(10, 9, 9, 9, 9)).raised == ()


def test_a_review_that_fell_into_these_days_is_made_up_for_after_them() -> None:
    line = moods(10, 11, 12, 12, 16, 16, 16)
    first = START + timedelta(weeks=3, days=5)

    (after,) = assess(
        Situation(at=line.points[-1].at, session=6, processed=first, trajectories=(line,))
    ).raised

    assert after.rule == "DET.RC"
    (otherwise,) = assess(Situation(at=START, session=6, trajectories=(line,))).raised
    assert otherwise.rule == "DET.P"


# After a session


@pytest.mark.parametrize(("distress", "speaks"), [(5, False), (6, True), (10, True)])
def test_much_distress_at_the_end_of_a_session_calls_for_a_word_next_day(
    distress: float, speaks: bool
) -> None:
    assert (left_in_distress(Distress(distress, START), RULES) is not None) is speaks


@pytest.mark.parametrize(
    ("now", "hours", "speaks"),
    [(5, 20, False), (6, 20, True), (6, 36, True), (9, 37, False), (9, 0, False)],
)
def test_more_distress_within_a_day_and_a_half_is_worth_asking_about(
    now: float, hours: float, speaks: bool
) -> None:
    later = Distress(now, START + timedelta(hours=hours))

    assert (worse_next_day(Distress(3, START), later, RULES) is not None) is speaks


def test_the_end_of_a_session_is_told_once_and_the_day_after_for_itself() -> None:
    end, later = Distress(7, START), Distress(8, START + DAY)
    now = Situation(at=START, session=5, ended=end)

    assert spoken(assess(now).raised) == ["OVER.END"]
    assert spoken(assess(replace(now, day_after=later)).raised) == []


@pytest.mark.parametrize(
    ("pattern", "speaks"),
    [
        ("yyyn", False),
        ("yynn", True),
        ("nyyn", True),
        ("nyny", False),  # they came last time
        ("nyyyn", False),  # the fifth from the end does not count
        ("nn", True),
        ("", False),
    ],
)
def test_two_of_the_last_four_sessions_missed_are_a_reason_to_reach_out(
    pattern: str, speaks: bool
) -> None:
    told = silence(Attendance(sessions=asked(pattern)), RULES, at=START)

    assert spoken(told) == (["ENG.MISS"] if speaks else [])


# Dissociation


@pytest.mark.parametrize(
    ("now", "first", "rules"),
    [
        (29.9, None, []),
        (30, None, ["DISS.CUT"]),
        (29, 7.8, []),  # 21.2: measurement noise may do that
        (29, 7.7, ["DISS.RC"]),  # 21.3
        (60, 31, ["DISS.CUT", "DISS.RC"]),
        (5, 40, []),
    ],
)
def test_dissociation_speaks_at_the_cutoff_of_its_authors_or_when_reliably_risen(
    now: float, first: Any, rules: list[str]
) -> None:
    assert spoken(dissociated(now, first)) == rules


def test_a_measure_whose_figures_nobody_knows_says_nothing() -> None:
    assert dissociation(Dissociation("des-b.total", 32, START, 0, START), RULES) == ()


# Exercises and needs


@pytest.mark.parametrize(
    ("rises", "speaks"), [((2,), False), ((2, 1.9), False), ((2, -1, 2), True)]
)
def test_an_exercise_that_made_it_worse_twice_is_named(rises: Any, speaks: bool) -> None:
    assert bool(worse_after(exercise(*rises), RULES)) is speaks


def test_two_exercises_that_made_it_worse_once_each_are_not() -> None:
    assert worse_after(exercise(4) + exercise(4, name="five-senses"), RULES) == ()


@pytest.mark.parametrize(
    ("named", "wants", "speaks"),
    [((), True, False), (("rent",), False, False), (("rent",), True, True)],
)
def test_a_need_is_told_where_help_is_wanted(named: Any, wants: bool, speaks: bool) -> None:
    signal = help_wanted(Needs(named, wants_help=wants, at=START), RULES)

    assert (signal is not None) is speaks


def test_the_front_door_asks_about_needs_and_exercises_too() -> None:
    known = Needs(("rent",), wants_help=True, at=START)

    got = assess(Situation(at=START, session=3, needs=known, tried=exercise(2, 2)))

    assert spoken(got.raised) == ["NEED.HELP", "SKILL.WORSE"]


def test_a_measure_without_a_prior_is_passed_over() -> None:
    line = replace(bond(8, 8, 8, 8, 2), measure="wai-sr.total")

    assert assess(Situation(at=START, session=4, trajectories=(line,))).raised == ()


# Answers that say little


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"same_in_a_row": 5}, []),
        ({"same_in_a_row": 6}, ["DATA.SAME"]),
        ({"seconds": 59}, ["DATA.FAST"]),
        ({"seconds": 60}, []),
        ({"asked": 19, "seconds": 1}, []),  # a short form may be quick
        ({"skipped": 4}, []),  # a fifth
        ({"skipped": 5}, ["DATA.GAPS"]),
        ({"skipped": 20}, []),  # a form left out whole is a choice, not a gap
        ({"asked": 6, "skipped": 5}, []),  # too short to tell
    ],
)
def test_answers_that_say_little_are_told_of(given: Any, rules: list[str]) -> None:
    assert spoken(quality(form(**given), RULES)) == rules


@pytest.mark.parametrize(
    ("forms", "count"),
    [
        ([], 0),
        ([{"1": 1, "2": 0}], 1),
        ([{"1": 1, "2": 0}] * 3, 3),
        ([{"1": 1, "2": 1}, {"1": 1, "2": 0}, {"1": 1, "2": 0}], 2),
        ([{"1": 1, "2": None}] * 6, 0),  # too much is left out
        ([{"1": 1, "2": 1, "3": 0, "4": 2, "5": None}] * 6, 6),
        ([{"1": 1}] * 6, 0),  # one question is often the same
    ],
)
def test_the_same_answers_are_counted_where_little_is_left_out(forms: Any, count: int) -> None:
    assert same_in_a_row(forms) == count


def test_scores_of_constant_answers_raise_nothing_but_safety_does() -> None:
    same = form(same_in_a_row=6)
    now = Situation(
        at=START,
        session=4,
        trajectories=(moods(10, 11, 12, 12, 16),),
        safety=(SafetyAnswer("phq-9", "9", 1, START),),
        forms=(same,),
    )

    assert spoken(assess(now).raised) == ["SAFE1", "DATA.SAME"]
    assert spoken(assess(replace(now, forms=())).raised) == ["SAFE1", "DET.RC"]


# What could not be asked


def test_what_could_not_be_asked_is_said_with_what_is_missing() -> None:
    told = assess(Situation(at=START, session=4, trajectories=(bond(8, 8),))).not_assessed

    assert told["SKILL.WORSE"] == "not assessed: distress before and after exercises"
    assert told["NOT.P"].startswith("not assessed: a new score of phq-9.total or ")
    assert "RUP.R1" not in told


def test_with_everything_given_nothing_is_missing() -> None:
    now = Situation(
        at=START,
        session=4,
        trajectories=(bond(8, 8), moods(10, 10)),
        safety=(SafetyAnswer("phq-9", "9", 0, START),),
        sides=sides(0, 0),
        attendance=attendance("y", days_agreed=7),
        strain=Strain(START, 0),
        mending=Mending(0, START, START),
        ended=Distress(0, START),
        day_after=Distress(0, START + DAY),
        dissociation=Dissociation("des-ii.mean", 0, START),
        tried=exercise(0),
        needs=Needs((), wants_help=False, at=START),
        forms=(form(seconds=240),),
    )

    assert assess(now).not_assessed == {}
