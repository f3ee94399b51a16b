"""Guidance.

A signal is worth little without something to do. Each signal is answered with at most
three ways of working, safety first, each with its because; what was not measured is said.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from securebase.science.errors import UnknownName
from securebase.science.guidance import evidence_sentence, suggest
from securebase.science.strategies import by_code, strategies, strategy
from securebase.science.support_tree import check_nodes, known_nodes, support_tree
from securebase.science.words import Kind, Signal, Suggestion, Tier

AT = datetime(2026, 11, 20, 21, 4, tzinfo=UTC)
USUAL_DATA = frozenset({"S0", "S1", "S2", "S3"})
"""What a practice knows that uses PHQ-9, the session check-in and the arousal slider."""


def signal(rule: str, **data: float) -> Signal:
    return Signal(
        kind=Kind(rule.split(".", 1)[0]),
        rule=rule,
        tier=Tier.LOOK,
        measure="phq-9.total",
        at=AT,
        statistic=None,
        threshold=None,
        unit="points",
        because=(),
        data=data,
    )


def offered(
    *rules: str,
    measured: frozenset[str] = USUAL_DATA,
    phase: str = "stabilize",
    declined: tuple[str, ...] = (),
) -> tuple[Suggestion, ...]:
    return suggest(
        [signal(rule) for rule in rules], measured=measured, phase=phase, declined=declined
    )


def codes(suggestions: tuple[Suggestion, ...]) -> list[str]:
    return [strategy(s.strategy).code for s in suggestions]


@pytest.mark.parametrize(
    ("rule", "cards"),
    [
        # signal      what is offered, in order
        ("SAFE", ["X11", "X12", "X7"]),  # talk today, the plan, one plan for all
        ("DET.RC", ["X11", "C1", "R1"]),  # safety, the work together, one skill
        ("DET.P", ["X11", "C1", "R1"]),
        ("RUP.R1", ["C1", "C3", "C9"]),  # a silent fall: ask, make room for the no, log
        ("RUP.R2", ["C1", "C2", "C9"]),  # said tension: ask, own your part, log
        ("OPEN", ["C9", "C10", "C1"]),  # still open: log, supervision, ask
        ("ENG.TWO", ["C3", "T5", "X3"]),  # gone quiet: make room, answer steadily, needs
        ("NOT.P", ["C5", "R1", "T8"]),  # change the task, one skill, shared goals
        ("NOT.BAND", ["C5", "R1", "T8"]),
    ],
)
def test_each_kind_of_signal_calls_for_its_own_cards(rule: str, cards: list[str]) -> None:
    assert codes(offered(rule)) == cards


ASKING = [kind for kind in Kind if not kind.only_tells]


@pytest.mark.parametrize("kinds", list(itertools.combinations(ASKING, 2)), ids="-".join)
def test_no_signal_gets_more_than_three_and_no_card_comes_twice(
    kinds: tuple[Kind, ...],
) -> None:
    found = offered(*kinds)
    per_signal = [sum(s.signal == signal(kind) for s in found) for kind in kinds]

    assert all(1 <= n <= 3 for n in per_signal)
    assert len(set(codes(found))) == len(found)


def test_two_signals_of_one_kind_share_no_card() -> None:
    found = codes(offered("NOT.P", "NOT.BAND"))

    assert len(set(found)) == len(found) == 6


def test_safety_comes_first_whatever_the_order_of_the_signals() -> None:
    for order in itertools.permutations(["NOT.P", "RUP.R2", "SAFE"]):
        found = offered(*order)

        assert codes(found)[:3] == ["X11", "X12", "X7"]
        assert [s.rank for s in found] == list(range(1, len(found) + 1))


def test_the_same_signals_always_get_the_same_answer() -> None:
    assert offered("NOT.P", "ENG.TWO") == offered("NOT.P", "ENG.TWO")


def test_each_suggestion_knows_the_signal_it_answers() -> None:
    assert {s.signal.rule for s in offered("RUP.R2", "SAFE") if s.signal} == {"SAFE", "RUP.R2"}


def test_what_only_tells_calls_for_nothing() -> None:
    assert offered("GAIN", "EARLY") == ()
    assert offered("GAIN", "RUP.R2") == offered("RUP.R2")


def test_no_signal_calls_for_nothing() -> None:
    assert offered() == ()


def test_a_node_another_signal_speaks_of_is_left_to_that_signal() -> None:
    found = offered("NOT.P", "RUP.R2")
    for_course = [s for s in found if s.signal and s.signal.kind is Kind.NOT_ON_TRACK]

    assert not any(code.startswith("C") for code in codes(tuple(for_course)))


def test_a_declined_card_is_not_offered_again_nor_named_beside() -> None:
    found = offered("RUP.R1", declined=("ask-about-last-time", "repair-log"))
    named = {slug for s in found for slug in (s.strategy, *s.alternatives)}

    assert codes(found) == ["C3", "C2", "C4"]
    assert named.isdisjoint({"ask-about-last-time", "repair-log"})


def test_when_every_card_of_the_walk_was_declined_nothing_is_offered() -> None:
    every = tuple(card.slug for card in strategies())

    assert offered("NOT.P", declined=every) == ()


def test_every_answer_about_safety_asks_for_its_own_conversation() -> None:
    every = tuple(card.slug for card in strategies())

    assert codes(offered("SAFE", declined=every)) == ["X11"]


def test_alternatives_are_other_cards_of_the_same_question() -> None:
    first = offered("RUP.R2")[0]
    beside = {strategy(slug).code for slug in first.alternatives}

    assert len(beside) == 3
    assert beside <= {card.code for card in support_tree().nodes["S1"].cards}
    assert beside.isdisjoint(codes(offered("RUP.R2")))


def test_what_was_not_measured_is_named_and_never_called_fine() -> None:
    found = offered("NOT.P", measured=frozenset({"S0", "S1"}))

    assert found[0].not_measured == (
        "Dose and attendance",
        "Regulation",
        "Dissociation and present danger",
        "Goals and agreement on the method",
        "Support, life events and needs",
        "Fit of the treatment",
    )
    assert "Regulation: not measured, so worth asking." in found[1].because
    assert not any("fine" in s.because for s in found)


def test_a_question_with_data_and_no_signal_is_still_not_taken_for_asked() -> None:
    because = offered("NOT.P")[0].because

    assert (
        "The work together: there are data, which is not the same as having asked." in because
    )


def test_safety_is_asked_first_where_nobody_has_measured_it() -> None:
    assert codes(offered("NOT.P", measured=frozenset()))[0] == "X11"


def test_what_the_signal_itself_speaks_of_counts_as_measured() -> None:
    found = offered("RUP.R2", measured=frozenset())

    assert {s.not_measured for s in found} == {()}


def test_the_because_gives_usual_and_now_where_the_signal_has_them() -> None:
    found = suggest(
        [signal("RUP.R1", usual=8.333, now=5.0)], measured=USUAL_DATA, phase="process"
    )

    assert found[0].because == (
        "Roughly half of such dips are noise; still, the work together was rated lower than "
        "usual for this person (usual 8.3, now 5). It may suit anyone whose answers fell or "
        "who marked tension, whatever their pattern. Studies suggest this may help."
    )


def test_a_figure_that_is_missing_is_left_out_and_not_guessed() -> None:
    assert (
        "usual 8"
        not in suggest([signal("RUP.R1", usual=8.3)], measured=USUAL_DATA, phase="process")[
            0
        ].because
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        # card   grade and whether anybody has read a source
        ("R3", "Trials suggest this may help."),
        ("C1", "Studies suggest this may help."),
        ("T4", "Some clinicians find this helps."),
        ("P2", "Some clinicians find this helps."),
        ("T8", "Studies suggest this may help. Its sources have not been checked."),
    ],
)
def test_a_card_is_spoken_of_as_firmly_as_its_evidence_allows(code: str, sentence: str) -> None:
    assert evidence_sentence(by_code()[code]) == sentence


@pytest.mark.parametrize(
    ("phase", "cards"),
    [
        # phase       the last three cards nobody has said no to
        ("stabilize", ["X9", "P3", "P4"]),  # memory work waits, and is not withheld
        ("process", ["P3", "P4", "X9"]),
        ("integrate", ["P3", "P4", "X9"]),
    ],
)
def test_while_stabilising_memory_work_comes_after_the_rest(
    phase: str, cards: list[str]
) -> None:
    declined = tuple(s.slug for s in strategies() if s.code not in {"P3", "P4", "X9"})

    assert codes(offered("NOT.P", phase=phase, declined=declined)) == cards


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"measured": frozenset({"S9"})}, "S9: no such node of the support tree"),
        ({"phase": "phase 1"}, "No phase of care is called 'phase 1'"),
        ({"declined": ("hold-hands",)}, "No strategy card is called 'hold-hands'"),
    ],
)
def test_a_name_that_nobody_knows_is_refused(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(UnknownName, match=reason):
        offered("NOT.P", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measures", "nodes"),
    [
        # what there are data on                       nodes they speak to
        ((), set()),
        (("phq-9.total",), {"S0"}),
        (("session-check-in", "arousal"), {"S1", "S3"}),
        (("attendance", "support-map", "gad-7.total"), {"S2", "S6"}),
    ],
)
def test_measures_are_turned_into_the_questions_they_speak_to(
    measures: tuple[str, ...], nodes: set[str]
) -> None:
    assert known_nodes(measures) == nodes == check_nodes(nodes)
