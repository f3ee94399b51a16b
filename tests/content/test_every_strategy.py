"""Strategy cards.

Every card is short enough to use before a session, says whom it may suit and when not to
use it, and is honest about what anybody knows.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from securebase.science.cards import read_card
from securebase.science.errors import ContentError, UnknownName
from securebase.science.guidance import evidence_sentence
from securebase.science.signals.rules import load_rules
from securebase.science.strategies import (
    AREAS,
    HEADINGS,
    by_code,
    read_strategy,
    strategies,
    strategy,
)
from securebase.science.support_tree import support_tree
from securebase.science.words import Kind, Strategy

CARDS = strategies()
OPENINGS = {
    "A": "Trials suggest",
    "B": "Studies suggest",
    "C": "Some clinicians find",
    "D": "Some clinicians find",
}
FILLER = re.compile(
    r"\b(delve|journey|holistic|empower\w*|leverage|tapestry|navigate|crucial|foster\w*"
    r"|utili[sz]e|game.changer|deep dive)\b|[!\u2014]",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(behavior\w*|color\w*|center|\w+izing|recogniz\w*|organiz\w*|practicing|apologiz\w*)\b",
    re.IGNORECASE,
)


def every_text(card: Strategy) -> str:
    return "\n".join(
        (
            *(card.title, card.summary, card.caution, card.evidence_text),
            *(card.steps + card.words + card.suits),
        )
    )


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?:])\s+", text) if s]


def test_all_fifty_ways_of_the_register_and_two_for_safety_are_there() -> None:
    wanted = {f"{letter}{n}" for letter in "TRPCX" for n in range(1, 11)} | {"X11", "X12"}

    assert set(by_code()) == wanted


every_card = pytest.mark.parametrize("card", CARDS, ids=lambda c: c.slug)


@every_card
def test_is_found_by_its_name(card: Strategy) -> None:
    assert strategy(card.slug) is card


@every_card
def test_can_be_read_in_the_minutes_before_a_session(card: Strategy) -> None:
    words = len(every_text(card).split())

    assert 150 <= words <= 420


@every_card
def test_says_in_short_what_it_is(card: Strategy) -> None:
    assert 15 <= len(card.summary.split()) <= 60


@every_card
def test_has_steps_that_are_whole_sentences(card: Strategy) -> None:
    assert all(step[0].isupper() and step[-1] in ".?" for step in card.steps)


@every_card
def test_offers_two_to_four_things_to_say(card: Strategy) -> None:
    assert 2 <= len(card.words) <= 4
    assert all(line[0] in "'ABCDEFGHIJKLMNOPQRSTUVWXYZ" for line in card.words)


@every_card
def test_fits_a_pattern_only_perhaps(card: Strategy) -> None:
    assert all(line.startswith("May suit ") for line in card.suits)


@every_card
def test_says_when_not_to_use_it(card: Strategy) -> None:
    assert re.search(r"\b([Nn]ot?|[Nn]ever|[Nn]othing|[Nn]obody|[Ss]top|Leave)\b", card.caution)


@every_card
def test_speaks_of_its_evidence_in_the_words_of_its_grade(card: Strategy) -> None:
    assert card.evidence_text.startswith(OPENINGS[card.evidence])


@every_card
def test_names_what_its_grade_rests_on(card: Strategy) -> None:
    assert card.sources


@every_card
def test_admits_when_nobody_has_read_the_sources_of_a_high_grade(card: Strategy) -> None:
    unread = card.evidence in "AB" and not any(s.verified for s in card.sources)

    assert not unread or re.search(r"check|from memory|not the result", card.evidence_text)
    assert unread == (card.evidence in "AB" and "not been" in evidence_sentence(card))


@every_card
def test_is_called_by_signals_that_exist(card: Strategy) -> None:
    known = {*Kind, *support_tree().nodes, *load_rules().by_id}

    assert set(card.calls) <= known


@every_card
def test_belongs_to_a_node_of_the_support_tree(card: Strategy) -> None:
    assert set(card.calls) & set(support_tree().nodes)


@every_card
def test_was_reviewed_within_two_years_and_not_in_the_future(card: Strategy) -> None:
    assert date(2026, 1, 1) <= card.reviewed_on <= datetime.now(UTC).date()


@every_card
def test_is_in_british_spelling_and_without_filler(card: Strategy) -> None:
    text = every_text(card)

    assert AMERICAN.findall(text) == []
    assert FILLER.findall(text) == []


@every_card
def test_speaks_of_patients(card: Strategy) -> None:
    assert re.findall(r"\b(client|user|provider)s?\b", every_text(card)) == []


@every_card
def test_never_scores_risk(card: Strategy) -> None:
    assert not re.search(
        r"\b(low|medium|high) risk\b(?! of bias)|risk (score|level) of", every_text(card)
    )


@every_card
def test_keeps_its_sentences_short(card: Strategy) -> None:
    longest = max(len(s.split()) for s in sentences(every_text(card)))

    assert longest <= 45


def test_no_two_cards_say_the_same() -> None:
    def shingles(card: Strategy) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", every_text(card).lower())
        return {tuple(words[i : i + 9]) for i in range(len(words) - 8)}

    seen = {card.slug: shingles(card) for card in CARDS}
    same = {
        (a, b): " ".join(min(shared))
        for a, b in combinations(seen, 2)
        if len(shared := seen[a] & seen[b]) > 3
    }

    assert same == {}


def test_cards_for_safety_ask_for_a_conversation_today_and_for_the_plan() -> None:
    first, second = (by_code()[code] for code in ("X11", "X12"))

    assert "same day" in first.summary
    assert "no number" in first.summary
    assert "plan" in second.summary
    assert {"SAFE", "S0"} <= set(first.calls) & set(second.calls)


def test_cards_come_by_area_and_number() -> None:
    letters = [card.code[0] for card in CARDS]

    assert "".join(dict.fromkeys(letters)) == "".join(AREAS.values())
    assert [card.code for card in CARDS][:3] == ["T1", "T2", "T3"]


def test_a_card_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="No strategy card is called 'hold-hands'"):
        strategy("hold-hands")


GOOD = """+++
code = "C1"
title = "Ask"
area = "connection-and-repair"
evidence = "B"
calls = ["RUP", "S1"]
sources = ["chen-2018"]
minutes = 5
reviewed_on = 2026-11-23
version = "1"
+++

## In short

One question.

## Steps

1. Ask.
2. Wait
   for the answer.

3. Thank.

## Words to try

> How was it?
> And then?

## May suit

- May suit anyone.

## Take care

Do not press.

## How sure anyone is

Studies suggest so.
"""


def read(text: str) -> Strategy:
    return read_strategy(read_card(text, name="strategies/ask.md", headings=HEADINGS))


def test_a_card_of_the_right_form_is_understood() -> None:
    card = read(GOOD)

    assert card.slug == "ask"
    assert card.steps == ("Ask.", "Wait for the answer.", "Thank.")
    assert card.words == ("How was it?", "And then?")


@pytest.mark.parametrize(
    ("was", "is_now", "reason"),
    [
        # was                    is now                       refused because
        ("+++\ncode", "code", "between two lines"),
        ('code = "C1"', "code = ", "not readable as TOML"),
        ('code = "C1"', 'code = "T1"', "must be C1 to 99"),
        ('code = "C1"\n', "", "missing keys: code"),
        ('version = "1"', 'version = "1"\nmood = 3', "unknown keys: mood"),
        ("minutes = 5", 'minutes = "5"', "minutes is '5'; it must be a int"),
        ("minutes = 5", "minutes = 0", "from 1 to 60"),
        ('area = "connection-and-repair"', 'area = "love"', "area is 'love'"),
        ('evidence = "B"', 'evidence = "E"', "evidence is 'E'"),
        ('["RUP", "S1"]', '["RUPTURE"]', "calls is"),
        ('["RUP", "S1"]', "[]", "calls is"),
        ('["RUP", "S1"]', '["S1", "S1"]', "names something twice"),
        ('["chen-2018"]', "[5]", "must be a list of words"),
        ('["chen-2018"]', '["freud"]', "no source called freud"),
        ("## Take care", "## Caution", "headings are"),
        ("Do not press.", "", "nothing under Take care"),
        ("3. Thank.\n", "", "2 entries under Steps; there must be 3 to 6"),
        ("3. Thank.", "Thank.", "not part of a list"),
        ("- May suit anyone.", "- Suits anyone.", "must begin with 'May suit'"),
    ],
)
def test_a_card_of_another_form_is_refused_with_file_and_reason(
    was: str, is_now: str, reason: str
) -> None:
    with pytest.raises(ContentError, match=re.escape(reason)) as refused:
        read(GOOD.replace(was, is_now, 1))

    assert "strategies/ask.md" in str(refused.value)


def test_two_cards_of_one_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = tuple(
        read_card(GOOD, name=f"strategies/{name}.md", headings=HEADINGS) for name in ("a", "b")
    )
    monkeypatch.setattr("securebase.science.strategies.read_folder", lambda *_, **__: twins)

    with pytest.raises(ContentError, match="C1 is the code of more than one card"):
        strategies.__globals__["_by_slug"].__wrapped__()
