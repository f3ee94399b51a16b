"""Packs that come with the program.

Other people's words, word for word, under their own licence; off until a practice switches
them on. A letter that changes is another instrument, so the letters are counted here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from securebase.content import content_file
from securebase.science.library import instrument
from securebase.science.packs import Pack, packs_here
from securebase.science.scoring import score
from securebase.science.words import Shelf

NOWHERE = Path("nowhere")
SHIPPED = packs_here(NOWHERE).usable
every = pytest.mark.parametrize("pack", SHIPPED, ids=lambda pack: pack.name)

LETTERS = {("core-10", "en"): "bc52c3237850c6e8"}
"""A digest of each wording, made when it was compared."""


def core_10() -> Pack:
    """Return the pack of CORE-10."""
    (pack,) = packs_here(NOWHERE).of("core-10")
    return pack


def letters(pack: Pack, language: str) -> str:
    """Return a digest of the instruction, every item and every answer, in order."""
    wording = pack.wordings[language]
    labels = [label for scale in wording.answers.values() for label in scale.values()]
    text = "\n".join([wording.instruction, *wording.items.values(), *labels])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_all_that_are_there_can_be_used() -> None:
    assert packs_here(NOWHERE).problems == ()
    assert SHIPPED


@every
def test_only_what_its_owner_lets_go_as_a_pack_is_one(pack: Pack) -> None:
    asked = instrument(pack.instrument)

    assert asked.licence.shelf is Shelf.PACK
    assert asked.wordings == {}
    assert pack.credit == asked.licence.notice


@every
def test_it_carries_its_whole_licence_and_its_copyright_line(pack: Pack) -> None:
    assert pack.licence.split(":")[0] in pack.licence_text
    assert len(pack.licence_text) > 10_000
    assert pack.credit.removeprefix("© ") in pack.licence_text


@every
def test_no_letter_of_it_has_changed(pack: Pack) -> None:
    found = {(pack.name, language): letters(pack, language) for language in pack.wordings}

    assert found == {key: value for key, value in LETTERS.items() if key[0] == pack.name}


@every
def test_where_its_words_were_compared_is_said(pack: Pack) -> None:
    about = content_file("packs", pack.name, "pack.toml").read_text(encoding="utf-8")

    assert "Compared on " in about
    assert "compared in " in pack.source


def test_core_10_has_ten_items_in_the_order_of_the_form() -> None:
    items = core_10().wordings["en"].items

    assert list(items) == [str(n) for n in range(1, 11)]
    assert [text.split()[-1] for text in items.values()] == [
        "nervous", "needed", "wrong", "me", "terror",
        "life", "asleep", "hopeless", "unhappy", "me",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ("Not at all", 8.0),
        ("Sometimes", 20.0),
        ("Most or all the time", 32.0),
    ],
)
def test_the_same_words_to_every_item_of_core_10_score_as_published(
    said: str, total: float
) -> None:
    wording = core_10().wordings["en"]
    value = {label: value for value, label in wording.answers["often"].items()}[said]

    sheet = score(instrument("core-10"), dict.fromkeys(wording.items, value))

    assert sheet.scores[0].value == total


def test_a_pack_of_the_practice_takes_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "core-10"
    folder.mkdir()
    for name in ("pack.toml", "LICENCE.txt", "en.toml"):
        text = content_file("packs", "core-10", name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("CORE-10, in English", "Theirs"))

    (pack,) = packs_here(tmp_path).of("core-10")

    assert pack.title == "Theirs"
