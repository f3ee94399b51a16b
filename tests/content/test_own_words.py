"""Words for feelings, beginnings of sentences, parts of a plan: what patients read of it.

They are short and easy, name nothing twice, and a number in a plan is one to dial.
"""

from __future__ import annotations

from typing import Any

import pytest

from securebase.content import content_text
from securebase.science.cards import read_toml
from securebase.science.errors import ContentError
from securebase.science.feelings import FILE, read_vocabulary, vocabulary
from securebase.science.progress import progress_words
from securebase.science.prompts import prompts
from securebase.science.safety_plan import number_in, plan_form, read_plan_form
from securebase.science.trajectory.prior import load_priors
from tests.reading import grade, sentences


def parsed(name: str = FILE) -> dict[str, Any]:
    """Return a file of content as parsed, fresh for each test."""
    return read_toml(content_text(name), name=name)


def test_there_are_about_sixty_words_in_three_levels() -> None:
    levels = [word.level for word in vocabulary().words.values()]

    assert set(levels) == {1, 2, 3}
    assert 55 <= len(levels) <= 75


def test_every_word_leads_from_its_family_and_says_what_it_may_ask_for() -> None:
    known = vocabulary()

    assert {known.path(slug)[0].level for slug in known.words} == {1}
    assert all(word.needs for word in known.words.values())
    assert list(known.needs) == ["seen", "safe", "soothed", "supported", "close", "free"]


@pytest.mark.parametrize(
    ("pleasant", "energy", "first"),
    [(-1, 1, "afraid"), (1, 1, "glad"), (1, -1, "calm"), (-1, -1, "numb"), (None, -1, "numb")],
)
def test_somebody_without_a_word_is_offered_those_nearest(
    pleasant: int | None, energy: int | None, first: str
) -> None:
    near = vocabulary().families_near(pleasant=pleasant, energy=energy)

    assert near[0].slug == first
    assert len(near) == len(vocabulary().nearer())


def test_a_word_that_stands_there_twice_is_refused() -> None:
    twice = parsed()
    twice["families"].append(twice["families"][0])

    with pytest.raises(ContentError, match="twice"):
        read_vocabulary(twice)


@pytest.mark.parametrize(("key", "value"), [("pleasant", 3), ("needs", ["gold"])])
def test_a_family_out_of_place_is_refused(key: str, value: object) -> None:
    strange = parsed()
    strange["families"][0][key] = value

    with pytest.raises(ContentError, match="glad"):
        read_vocabulary(strange)


def test_what_patients_read_is_easy() -> None:
    form = plan_form()
    texts = [form.about, *progress_words().expected.values()]
    texts += [s for way in progress_words().since_start.values() for s in way.values()]
    texts += [part.asks for part in form.parts]
    texts += [f"{one.name}. {one.invites}" for one in prompts().values()]

    assert grade(" ".join(texts)) <= 6
    assert [s for text in texts for s in sentences(text) if len(s) > 20] == []


def test_a_plan_has_six_parts_and_what_one_wants_to_stay_for() -> None:
    slugs = [part.slug for part in plan_form().parts]

    assert slugs == ["signs", "myself", "elsewhere", "people", "services", "safer", "reasons"]


def test_a_part_that_stands_there_twice_is_refused() -> None:
    twice = parsed("safety_plan.toml")
    twice["parts"].append(twice["parts"][0])

    with pytest.raises(ContentError, match="twice"):
        read_plan_form(twice)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Mara 020 7946 0123", "02079460123"),
        ("+44 20 7946 0123 (evenings)", "+442079460123"),
        ("Samaritans 116 123", "116123"),
        ("999", "999"),
        ("Text SHOUT to 85258", "85258"),
        ("Call after 18:00", ""),
        ("2 tablets of 500 mg stay with Noor", ""),
        ("Since 2026-11-23", ""),
        ("Room 12, bus 73", ""),
    ],
)
def test_a_number_in_a_line_is_one_to_dial(line: str, number: str) -> None:
    assert number_in(line) == number


def test_every_measure_with_a_plain_name_is_one_that_is_followed() -> None:
    assert set(progress_words().measures) <= set(load_priors().by_measure)
