"""The support tree.

Eight questions in a fixed order, safety first; each has something to ask and something
to do, and the cards agree with the tree about where they belong.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from securebase.content import content_file
from securebase.science.errors import ContentError
from securebase.science.exercises import exercises
from securebase.science.literature import literature, sources
from securebase.science.signals.rules import load_rules
from securebase.science.strategies import strategies
from securebase.science.support_tree import read_tree, support_tree
from securebase.science.words import Kind

FOUND = tomllib.loads(content_file("guidance.toml").read_text(encoding="utf-8"))


def test_the_questions_are_asked_in_one_order_with_safety_first() -> None:
    assert list(support_tree().nodes) == [f"S{n}" for n in range(8)]
    assert next(iter(support_tree().nodes.values())).name == "Safety"


@pytest.mark.parametrize("node", support_tree().nodes.values(), ids=lambda n: n.key)
def test_every_question_has_something_to_ask_and_something_to_do(node: Any) -> None:
    assert 2 <= len(node.questions) <= 4
    assert all(question.endswith("?") for question in node.questions)
    assert len(node.cards) >= 3
    assert node.measured_by


def test_every_rule_the_tree_words_is_in_the_register_of_signals() -> None:
    worded = {rule for walk in support_tree().walks.values() for rule in walk.rules}

    assert worded <= set(load_rules().by_id)


def test_every_kind_that_asks_for_a_look_walks_from_its_own_question_on() -> None:
    walks = support_tree().walks

    assert set(walks) == {kind for kind in Kind if not kind.only_tells}
    assert all(w.points_to in {"", w.nodes[0]} for w in walks.values())


def test_the_tree_names_sources_that_exist() -> None:
    assert len(sources(FOUND["sources"], name="guidance.toml")) == len(FOUND["sources"])


def broken(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    changed = copy.deepcopy(FOUND)
    change(changed)
    return changed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        # what is wrong                                    refused because
        (lambda t: t.pop("version"), "missing keys: version"),
        (lambda t: t["openings"].pop("D"), "openings has A, B, C; it must have exactly"),
        (
            lambda t: t["kinds"].pop("ENG"),
            "kinds has DET, DISS, NEED, NOT, OPEN, OVER, RUP, SAFE",
        ),
        (lambda t: t["nodes"][0]["actions"].append("Z1"), "no card has the code Z1"),
        (lambda t: t["nodes"][0].pop("name"), "node S0: missing keys: name"),
        (lambda t: t["nodes"][2]["actions"].append("C1"), "ask-about-last-time.md calls"),
        (lambda t: t["nodes"][4]["actions"].remove("R2"), "orient-before-anything.md calls"),
        (lambda t: t["kinds"]["RUP"]["nodes"].append("S9"), "kind RUP: names S1, S9"),
        (lambda t: t["kinds"]["RUP"]["always"].append("S2"), "must be on the walk"),
        (lambda t: t["phases"]["process"]["last"].append("Q1"), "phase process: no card"),
    ],
)
def test_a_tree_that_contradicts_itself_is_refused(
    change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    with pytest.raises(ContentError, match=re.escape(reason)):
        read_tree(broken(change), cards=strategies())


def test_sources_say_who_read_what() -> None:
    for source in literature().values():
        honest = "[" in source.text or not source.verified

        assert honest, source.key


def test_a_source_says_it_was_read_only_if_it_was() -> None:
    unread = re.compile(r"not checked|not read|from memory|no page|duty|rule of this program")

    for source in literature().values():
        assert bool(unread.search(source.text)) != source.verified or (
            "mixed results" in source.text
        ), source.key


def test_every_source_is_used_by_somebody() -> None:
    used = {source.key for card in strategies() for source in card.sources}
    used |= {source.key for one in exercises() for source in one.sources}

    assert set(literature()) - used - set(FOUND["sources"]) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = 1", "a must be a table"),
        ("[a]\ntext = 'x'", "missing keys: verified"),
        ("[a]\ntext = 'x'\nverified = 'yes'", "verified is 'yes'"),
    ],
)
def test_a_source_without_its_mark_is_refused(
    text: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tomllib.loads(text)
    monkeypatch.setattr("securebase.science.literature.content_toml", lambda _: told)
    with pytest.raises(ContentError, match=reason):
        literature.__wrapped__()
