"""German: complete, current and plain.

Every text of the pages that patients and visitors read is in the catalog; what waits for
its translation is listed, so that it is known and not forgotten. The compiled catalog is
the one the program reads, and holds the same.
"""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from securebase.science.feelings import vocabulary
from tests.languages.catalog import (
    catalog_of,
    mo_file,
    of_pages,
    owed,
    texts,
    untranslated,
)

GERMAN = "de"
LONGEST = 24
"""Words in a sentence: German takes a few more than the twenty of the English pages."""
PLACE = re.compile(r"%\((\w+)\)s")
AGAIN = "Run python -m tests.languages.write, translate what it lists, and run it again."


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Return the German catalog as it is kept."""
    return catalog_of(GERMAN)


def kept(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the translations by the English text."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            told = message.string
            found[key] = (told,) if isinstance(told, str) else tuple(told or ())
    return found


def test_the_catalog_holds_the_texts_of_today(catalog: Catalog) -> None:
    today = {told if isinstance(told, str) else told[0] for told in texts()}

    assert set(kept(catalog)) == today, AGAIN


def test_every_text_is_translated_or_known_to_wait(catalog: Catalog) -> None:
    assert untranslated(catalog) == owed(GERMAN), AGAIN


def test_the_program_reads_the_same_catalog_as_people(catalog: Catalog) -> None:
    compiled = read_mo(BytesIO(mo_file(GERMAN).read_bytes()))

    said = {key: told for key, told in kept(catalog).items() if all(told)}

    assert kept(compiled) == said, AGAIN


def test_a_translation_names_no_place_that_the_text_does_not_have(catalog: Catalog) -> None:
    wrong = [
        english
        for english, told in kept(catalog).items()
        for one in told
        if not set(PLACE.findall(one)) <= set(PLACE.findall(english))
    ]

    assert wrong == []


def test_a_translation_leaves_out_no_name_day_or_number(catalog: Catalog) -> None:
    lost = [
        english
        for english, told in kept(catalog).items()
        for one in told
        for place in PLACE.findall(english)
        if one and place not in PLACE.findall(one) and not re.search(r"_\d$", place)
    ]

    assert lost == []


def test_sentences_stay_short(catalog: Catalog) -> None:
    long = [
        sentence
        for told in kept(catalog).values()
        for sentence in re.split(r"(?<=[.?:;])\s+", re.sub(r"<[^>]+>", "", told[0]))
        if len(sentence.split()) > LONGEST
    ]

    assert long == []


def test_a_word_for_a_feeling_or_a_place_is_no_word_of_a_page() -> None:
    """One English word has one translation: "Back" cannot be a way and a part of the body."""
    known = vocabulary()
    felt = {*(word.name for word in known.words.values()), *known.places.values()}

    assert felt & {told for told, _ in of_pages()} == set()


def test_nothing_is_shouted(catalog: Catalog) -> None:
    assert [told for told in kept(catalog).values() if "!" in "".join(told)] == []
