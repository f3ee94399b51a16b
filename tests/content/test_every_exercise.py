"""Exercises.

What a patient can do alone at two in the morning: easy words, eyes open, a way to stop,
and something else to try when it makes things worse.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from securebase.science.cards import read_card
from securebase.science.errors import ContentError, UnknownName
from securebase.science.exercises import (
    HEADINGS,
    NEEDS,
    Exercise,
    Pace,
    exercise,
    exercises,
    read_exercise,
)
from tests.reading import grade, sentences

ALL = exercises()
OPENINGS = {"A": "Trials suggest", "B": "Studies suggest"}

every_exercise = pytest.mark.parametrize("one", ALL, ids=lambda e: e.slug)


def words_for_the_patient(one: Exercise) -> str:
    parts = (one.title + ".", one.summary, *one.steps, *one.stop_if, one.caution)
    return " ".join((*parts, one.evidence_text))


@every_exercise
def test_is_found_by_its_name(one: Exercise) -> None:
    assert exercise(one.slug) is one


@every_exercise
def test_reads_at_grade_five_or_below(one: Exercise) -> None:
    assert grade(words_for_the_patient(one)) <= 5


@every_exercise
def test_has_no_sentence_over_twenty_words(one: Exercise) -> None:
    long = [s for s in sentences(words_for_the_patient(one)) if len(s) > 20]

    assert long == []


@every_exercise
def test_is_calm_and_asks_for_nothing(one: Exercise) -> None:
    loud = re.compile(r"!|\b(must|should|well done|great|just|simply|fail\w*)\b", re.I)

    assert loud.findall(words_for_the_patient(one)) == []


@every_exercise
def test_keeps_the_eyes_open_and_holds_no_breath(one: Exercise) -> None:
    assert not re.search(r"close your eyes|hold your breath for|body scan", " ".join(one.steps))


@every_exercise
def test_says_when_to_stop_and_what_to_try_instead(one: Exercise) -> None:
    assert one.stop_if
    assert exercise(one.instead) is not one


@every_exercise
def test_is_short(one: Exercise) -> None:
    assert 1 <= one.minutes <= 10
    assert 3 <= len(one.steps) <= 8


@every_exercise
def test_is_honest_about_what_is_known(one: Exercise) -> None:
    assert one.sources
    assert re.search(r"[Ss]ome people find|Trials suggest", one.evidence_text)
    assert one.evidence_text.startswith(OPENINGS.get(one.evidence, ""))


@every_exercise
def test_was_reviewed(one: Exercise) -> None:
    assert date(2026, 1, 1) <= one.reviewed_on <= datetime.now(UTC).date()


@pytest.mark.parametrize("need", NEEDS)
def test_there_is_more_than_one_exercise_for_every_need(need: str) -> None:
    assert len(exercises(need)) >= 2
    assert all(need in one.needs for one in exercises(need))


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("too-much", {"five-senses", "something-to-hold"}),
        ("too-far-away", {"look-around", "push-and-walk"}),
        ("cannot-sleep", {"slow-breathing"}),
        ("alone", {"one-kind-line"}),
    ],
)
def test_the_best_fit_comes_first(need: str, first: set[str]) -> None:
    assert {one.slug for one in exercises(need)[: len(first)]} == first


def test_slow_breathing_is_six_breaths_a_minute_and_longer_out_than_in() -> None:
    begin, *others = exercise("slow-breathing").paces

    assert begin == Pace(inhale=4, exhale=6)
    assert begin.per_minute == 6
    assert others == [Pace(3, 5), Pace(4, 4), Pace(5, 5)]


def test_numbness_is_met_with_movement_and_not_with_breathing() -> None:
    assert "slow-breathing" not in {one.slug for one in exercises("too-far-away")}


@pytest.mark.parametrize(
    ("ask", "name", "reason"),
    [
        (exercise, "cold-shower", "No exercise is called 'cold-shower'"),
        (exercises, "bored", "No need is called 'bored'"),
    ],
)
def test_an_unknown_name_is_refused(
    ask: Callable[[str], object], name: str, reason: str
) -> None:
    with pytest.raises(UnknownName, match=reason):
        ask(name)


GOOD = """+++
title = "Breathe"
needs = ["too-much"]
evidence = "A"
sources = ["fincham-2023"]
instead = "look-around"
minutes = 5
reviewed_on = 2026-11-23
version = "1"

[[paces]]
inhale = 4
exhale = 6
+++

## In short

Breathe.

## Steps

1. In.
2. Out.
3. Rest.

## Stop if

- You feel dizzy.

## Take care

Not with a cold.

## How sure anyone is

Trials suggest so.
"""


@pytest.mark.parametrize(
    ("was", "is_now", "reason"),
    [
        # was                   is now                     refused because
        ('["too-much"]', '["bored"]', "needs is ['bored']"),
        ('["too-much"]', "[]", "needs is []"),
        ("minutes = 5", "minutes = 11", "from 1 to 10"),
        ("exhale = 6", "exhale = 3", "4 s in and 3 s out is not allowed"),
        ("exhale = 6", "exhale = 20", "4 s in and 20 s out is not allowed"),
        ("exhale = 6", "hold = 6", "missing keys: exhale; unknown keys: hold"),
        ("- You feel dizzy.", "", "nothing under Stop if"),
        ('title = "Breathe"\n', "", "missing keys: title"),
    ],
)
def test_an_exercise_of_another_form_is_refused_with_file_and_reason(
    was: str, is_now: str, reason: str
) -> None:
    text = GOOD.replace(was, is_now, 1)

    with pytest.raises(ContentError, match=re.escape(reason)) as refused:
        read_exercise(read_card(text, name="exercises/breathe.md", headings=HEADINGS))

    assert "exercises/breathe.md" in str(refused.value)


@pytest.mark.parametrize("instead", ["breathe", "nowhere"])
def test_what_to_try_instead_must_be_another_exercise(
    instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = read_card(
        GOOD.replace('"look-around"', f'"{instead}"'),
        name="exercises/breathe.md",
        headings=HEADINGS,
    )
    monkeypatch.setattr("securebase.science.exercises.read_folder", lambda *_, **__: (card,))

    with pytest.raises(ContentError, match="it must be another exercise"):
        exercises.__globals__["_by_slug"].__wrapped__()
