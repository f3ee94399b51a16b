"""Signals together.

Every signal of one person shares a small budget, and one cause is one signal. Safety is
never held back, what a patient said outright does not wait, and what only tells uses up
nothing. Whatever is raised says what it rests on, how often it is wrong, and what it does
not know.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from securebase.science.signals.after_session import Distress, left_in_distress
from securebase.science.signals.assess import Situation, assess, of_trajectory
from securebase.science.signals.combine import Past, merge_and_cap
from securebase.science.signals.explain import explain, in_words
from securebase.science.signals.helping import Needs, help_wanted, worse_after
from securebase.science.signals.rupture import Tension, said_tension
from securebase.science.signals.safety import SafetyAnswer
from securebase.science.signals.views import Sides
from securebase.science.trajectory.follow import follow
from securebase.science.words import Kind, Signal
from tests.spec.signal_cases import (
    DAY,
    PRIORS,
    RULES,
    START,
    attendance,
    bond,
    dip,
    early,
    every_signal,
    exercise,
    gain,
    heard,
    mark,
    moods,
    off_track,
    said,
    spoken,
    strong,
    weekly,
)

# Merging and caps


def combined(new: list[Signal], past: Any = (), session: float = 10.0) -> Any:
    return merge_and_cap(new, past, session=session, rules=RULES)


def test_safety_is_never_held_back() -> None:
    past = [Past(Kind.SAFETY, 10, open=True), Past(Kind.RUPTURE, 10, open=True)]

    assert spoken(combined([mark("9"), mark("1")], past).raised) == ["SAFE1", "SAFE1"]


def test_one_prompt_per_person_in_three_sessions_and_the_more_pressing_first() -> None:
    got = combined([off_track(), dip()])

    assert spoken(got.raised) == ["RUP.R1"]
    assert "At most 1 prompt" in got.held[0].reason


def test_tension_said_outright_does_not_wait_behind_another_kind() -> None:
    got = combined([off_track(), said(3)], [Past(Kind.DETERIORATION, 9, open=True)])

    assert spoken(got.raised) == ["RUP.R2"]


def test_a_dip_with_tension_said_outright_does_not_wait_either() -> None:
    got = combined([dip(), said(3)], [Past(Kind.DETERIORATION, 9, open=True)])

    assert spoken(got.raised) == ["RUP.R1"]
    assert got.raised[0].data["also"] == "RUP.R2"


@pytest.mark.parametrize(("ago", "raised"), [(2, 0), (3, 1)])
def test_another_kind_waits_three_sessions(ago: int, raised: int) -> None:
    got = combined([off_track()], [Past(Kind.RUPTURE, 10 - ago)])

    assert len(got.raised) == raised


@pytest.mark.parametrize(("ago", "raised"), [(1, 0), (3, 1)])
def test_the_same_kind_rests_after_it_was_raised(ago: int, raised: int) -> None:
    got = combined([dip()], [Past(Kind.RUPTURE, 10 - ago)])

    assert len(got.raised) == raised
    assert raised or "less than 2 sessions ago" in got.held[0].reason


def test_it_may_be_raised_again_as_soon_as_its_rest_is_over() -> None:
    assert spoken(combined([off_track()], [Past(Kind.NOT_ON_TRACK, 7)]).raised) == ["NOT.P"]


def test_while_one_is_open_the_same_reason_is_not_raised_again() -> None:
    got = combined([dip()], [Past(Kind.RUPTURE, 1, open=True)])

    assert "still open" in got.held[0].reason


def test_an_earlier_safety_signal_uses_up_no_budget() -> None:
    assert spoken(combined([dip()], [Past(Kind.SAFETY, 10)]).raised) == ["RUP.R1"]


def test_what_only_tells_neither_waits_for_a_prompt_nor_holds_one_back() -> None:
    got = combined([gain(), dip()], [Past(Kind.EARLY, 9, open=True)])

    assert spoken(got.raised) == ["RUP.R1", "GAIN"]


@pytest.mark.parametrize(("ago", "raised"), [(3, ["EARLY"]), (4, ["GAIN", "EARLY"])])
def test_a_fast_improvement_is_told_again_after_four_sessions(
    ago: int, raised: list[str]
) -> None:
    got = combined([gain(), early()], [Past(Kind.GAIN, 10 - ago, open=True)])

    assert spoken(got.raised) == raised


def test_an_early_improvement_is_told_once() -> None:
    assert combined([early()], [Past(Kind.EARLY, 1)], session=99).raised == ()


def test_one_cause_is_one_signal_with_all_its_reasons() -> None:
    tension = heard(said_tension(Tension(3, START), RULES))

    got = combined([dip(), tension])

    (signal,) = got.raised
    assert signal.rule == "RUP.R1"
    assert signal.data["also"] == "RUP.R2"
    assert signal.because == (*dip().because, *tension.because)


@pytest.mark.parametrize(("days", "raised"), [(29, 0), (30, 1)])
def test_a_need_rests_for_thirty_days_whatever_the_sessions(days: int, raised: int) -> None:
    need = replace(need_for_help(), at=START + days * DAY)

    got = combined([need], [Past(Kind.NEED, 0, at=START)])

    assert len(got.raised) == raised
    assert raised or "less than 30 days ago" in got.held[0].reason


def test_each_exercise_rests_for_itself() -> None:
    told = worse_after(exercise(2, 2) + exercise(3, 3, name="five-senses"), RULES)

    got = combined(list(told), [Past(Kind.SKILL, 9, measure="five-senses")])

    assert [signal.measure for signal in got.raised] == ["slow-breathing"]


@pytest.mark.parametrize(
    ("rule", "raised"), [("RUP.R1", ["RUP.R4"]), ("RUP.R4", []), ("", ["RUP.R4"])]
)
def test_strain_from_several_sides_speaks_over_an_open_low_rating_but_not_over_itself(
    rule: str, raised: list[str]
) -> None:
    past = [Past(Kind.RUPTURE, 5, open=True, rule=rule)]

    assert spoken(combined([heard(strong([dip()], missed=True))], past).raised) == raised


def test_distress_at_the_end_of_a_session_does_not_wait_behind_a_forecast() -> None:
    end = heard(left_in_distress(Distress(8, START), RULES))

    assert spoken(combined([end], [Past(Kind.NOT_ON_TRACK, 9, open=True)]).raised) == [
        "OVER.END"
    ]


def need_for_help() -> Signal:
    return heard(help_wanted(Needs(("rent",), wants_help=True, at=START), RULES))


# What holds for any input

PROMPTS = [s for s in every_signal() if not s.kind.only_tells and s.kind is not Kind.SAFETY]
some_past = st.lists(
    st.builds(Past, st.sampled_from(Kind), st.floats(0, 10), st.booleans()), max_size=6
)


@given(st.lists(st.sampled_from(every_signal()), max_size=8), some_past)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_the_cap_holds_and_safety_passes(new: Any, past: Any) -> None:
    got = combined(new, past)

    capped = [
        s for s in got.raised if s in PROMPTS and not RULES.limits.uncapped & {s.rule, *also(s)}
    ]
    assert len(capped) <= RULES.limits.prompts
    assert {s.measure for s in got.raised if s.kind is Kind.SAFETY} == {
        s.measure for s in new if s.kind is Kind.SAFETY
    }
    assert len({(s.kind, s.measure) for s in got.raised}) == len(got.raised)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_over_a_whole_course_the_cap_holds_in_every_three_sessions(draws: Any) -> None:
    past: list[Past] = []
    spoke: list[int] = []
    for session, draw in enumerate(draws):
        new = PROMPTS[int(draw * (len(PROMPTS) - 1))]
        if new.rule in RULES.limits.uncapped:
            continue
        for signal in combined([new], past, session=session).raised:
            past.append(Past(signal.kind, session, rule=signal.rule, at=signal.at))
            spoke.append(session)

    assert all(b - a >= RULES.limits.per_sessions for a, b in pairwise(spoke))


@given(st.permutations(every_signal()), some_past)
@settings(max_examples=60, deadline=None)
def test_the_order_of_what_comes_makes_no_difference(new: Any, past: Any) -> None:
    assert combined(new, past) == combined(every_signal(), past)


LINES = (
    moods(14, 15, 16, 15, 19, 22, 23, 22, 23),
    bond(8, 8, 8, 8, 5),
    follow(weekly(9), [8, 9, 9, 10, 12, 14, 15, 15, 18], prior=PRIORS["gad-7.total"]),
)


@pytest.mark.parametrize("lines", list(permutations(LINES)))
def test_the_order_of_measures_makes_no_difference(lines: Any) -> None:
    now = Situation(at=START, session=9, trajectories=lines)

    assert assess(now) == assess(replace(now, trajectories=LINES))


def asks(line: Any) -> set[str]:
    """Kinds that ask about the newest score of a line."""
    now = Situation(at=START, session=9)
    found = of_trajectory(line, RULES, PRIORS, now)
    return {s.kind.value for s in found if not s.kind.only_tells}


@given(
    st.lists(st.integers(0, 27), min_size=2, max_size=8),
    st.integers(0, 27),
    st.integers(0, 27),
    st.sampled_from([None, 16]),
)
@settings(max_examples=120, deadline=None)
def test_a_worse_score_never_clears_what_a_better_one_would_raise(
    before: Any, one: int, other: int, planned: Any
) -> None:
    better, worse_ = sorted((one, other))

    asked_of = [asks(moods(*before, y, planned=planned)) for y in (better, worse_)]

    assert asked_of[0] <= asked_of[1]


@given(
    st.lists(st.integers(0, 40), min_size=3, max_size=9), st.integers(0, 40), st.integers(0, 40)
)
@settings(max_examples=120, deadline=None)
def test_a_lower_alliance_never_clears_what_a_higher_one_would_raise(
    before: Any, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    ratings = [value / 4 for value in before]

    asked_of = [asks(bond(*ratings, y / 4)) for y in (high, low)]

    assert asked_of[0] <= asked_of[1]


def test_a_signal_keeps_the_threshold_that_raised_it() -> None:
    stricter = replace(
        RULES,
        version="later",
        by_id={
            **RULES.by_id,
            "RUP.R1": replace(
                RULES["RUP.R1"], thresholds={**RULES["RUP.R1"].thresholds, "z": -9.0}
            ),
        },
    )
    signal = dip()

    told = explain(signal, rules=stricter)

    assert (told.threshold, told.rule_version) == (-1.96, RULES.version)
    assert "below -1.96 units" in told.words
    assert told.parameters_version == bond(8).parameters_version


def also(signal: Signal) -> set[str]:
    return set(str(signal.data.get("also") or "").split(", "))


# Everything at once


def test_the_front_door_asks_every_rule() -> None:
    situation = Situation(
        at=START + timedelta(weeks=9),
        session=9,
        trajectories=(moods(14, 15, 16, 15, 19, 22, 23, 22, 23), bond(8, 8, 8, 8, 5)),
        safety=(SafetyAnswer("phq-9", "9", 1, START),),
        sides=Sides(tension=Tension(2, START)),
        attendance=attendance("yyyyyynn"),
    )

    got = assess(situation)

    assert spoken(got.raised) == ["SAFE1", "DET.RC", "RUP.R1"]
    assert spoken(h.signal for h in got.held) == ["NOT.P", "ENG.TWO"]


def test_nothing_known_raises_nothing() -> None:
    assert assess(Situation(at=START, session=0)).raised == ()


def test_a_measure_that_no_rule_names_raises_nothing() -> None:
    line = replace(moods(10, 14, 18, 20, 24), measure="phq-9.phq2")

    assert assess(Situation(at=START, session=5, trajectories=(line,))).raised == ()


# Words


def test_every_rule_of_the_register_can_speak() -> None:
    assert {s.rule for s in every_signal()} == set(RULES.by_id)


@pytest.mark.parametrize("signal", every_signal(), ids=lambda s: s.rule)
def test_every_line_is_hedged_and_ends_in_something_to_do(signal: Signal) -> None:
    line = in_words(signal)

    assert "orth " in line
    assert not set(line.lower().replace(".", " ").split()) & {"alert", "failed", "ruptured"}


@pytest.mark.parametrize("signal", every_signal(), ids=lambda s: s.rule)
def test_every_signal_explains_itself_with_its_own_figures(signal: Signal) -> None:
    told = explain(signal)

    shown = [told.line, told.words, told.symbols, told.calculation, told.reference]
    shown += [told.nominal, told.classic, told.not_known]
    assert not any("{" in text or "not known" in text for text in shown[:5])
    assert all(shown)
    assert told.sources
    assert told.not_assessed
    assert told.rule_version == RULES.version
    assert told.because


@pytest.mark.parametrize(
    ("chance", "said"), [(0.001, "less than 1 %"), (0.184, "18 %"), (0.999, "more than 99 %")]
)
def test_no_chance_is_said_to_be_certain(chance: float, said: str) -> None:
    signal = off_track()

    line = in_words(replace(signal, data={**signal.data, "probability": chance}))

    assert f" {said} chance" in line


def test_what_is_absent_is_said_to_be_not_known() -> None:
    signal = dip()

    line = in_words(replace(signal, data={**signal.data, "usual": None}))

    assert "usual not known" in line
