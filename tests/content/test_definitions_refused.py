"""Definitions refused.

A slip in a definition would change scores in silence, so each one is refused, with the
file and the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from securebase.science.errors import ContentError, UnknownName
from securebase.science.library import instrument, read_instrument

SOUND = """
slug = "tiny"
version = "1"
name = "Tiny"
measures = "nothing"
recall = "now"
minutes = 1
validated = true

[licence]
shelf = "A"
statement = "free"
evidence = "the authors"

[[items]]
id = "1"
low = 0
high = 3
scale = "often"

[[items]]
id = "2"
low = 0
high = 3
scale = "often"

[[scales]]
slug = "total"
items = ["1", "2"]
combine = "sum"
min_answered = 2
low = 0
high = 6

[[outcomes]]
key = "high"
cases = [{ when = "sum(total) >= 4", gives = true }]

[[bands]]
scale = "total"
key = "low"
minimum = 0
source = "paper"

[[bands]]
scale = "total"
key = "high_band"
minimum = 4
source = "paper"

[[reliabilities]]
scale = "total"
kind = "alpha"
value = 0.9
sd = 1.5
source = "paper"

[[sources]]
key = "paper"
text = "A paper."
"""

WORDING = """
language = "en"
title = "Tiny"
instruction = "Answer."

[items]
1 = "One?"
2 = "Two?"

[answers.often]
0 = "no"
1 = "a bit"
2 = "more"
3 = "yes"
"""


RISING = [[raw, raw] for raw in range(7)]
FALLING = [[raw, 6 - raw] for raw in range(7)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "tiny"
    home.mkdir()
    (home / "instrument.toml").write_text(SOUND)
    (home / "en.toml").write_text(WORDING)
    return home


def refused(folder: Path, file: str, old: str, new: str) -> str:
    """Swap one passage of a sound file and return the reason it is refused with."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(ContentError) as refusal:
        read_instrument(folder)
    assert str(refusal.value).startswith(f"tiny/{file}")
    return str(refusal.value)


def test_a_sound_one_is_read(folder: Path) -> None:
    tiny = read_instrument(folder)

    assert (tiny.slug, tiny.scale("total").high) == ("tiny", 6)
    assert tiny.wordings["en"].items == {"1": "One?", "2": "Two?"}


def test_a_definition_without_wording_is_read(folder: Path) -> None:
    (folder / "en.toml").unlink()

    assert not read_instrument(folder).wordings


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "2"', 'id = "1"', "item id '1' is given twice"),
        ('id = "2"', 'id = "b-2"', "must be letters, digits and underscores"),
        ("high = 3", "high = 0", "low 0 must be below high 0"),
        ("high = 3", 'high = 3\nkind = "dial"', "kind is 'dial'"),
        ("high = 3", 'high = 3\nasked_if = "2"', "no earlier item"),
        ("high = 3", "high = 3\nscored = false", "scored is false but it is in a scale"),
        ("high = 3", "high = 3.5", "high is 3.5; it must be a whole number"),
        ("high = 3", "high = true", "high is True; it must be a whole number"),
        ("high = 3", "hihg = 3", "unknown key 'hihg'"),
        ("high = 3", 'high = 3\ngroup = "a"', "item 1: a box of a group is a choice from 0"),
        ("high = 3", 'high = 1\ngroup = "2"', "group 2: an item has that id"),
        ("high = 3\n", "", "high missing"),
        ("high = 6", "high = 7", "its items give 0 to 6, not 0 to 7"),
        ('["1", "2"]', '["1", "9"]', "unknown item '9'"),
        ('["1", "2"]', '["1", "2", "2"]', "is in it twice"),
        ('["1", "2"]', '"1"', "it must be a list of texts"),
        ('combine = "sum"', 'combine = "average"', "sum, mean, count or weighted"),
        ('combine = "sum"', 'combine = "weighted"', "weights go with combine"),
        ('combine = "sum"', 'combine = "weighted"\nweights = [1.0]', "1 weights for 2 items"),
        ('combine = "sum"', 'combine = "weighted"\nweights = [true]', "a list of numbers"),
        (
            "min_answered = 2",
            'min_answered = 2\nreversed_items = ["1", "1"]',
            "different texts",
        ),
        ("min_answered = 2", "min_answered = 3", "allowed are 1 to 2"),
        ("min_answered = 2", 'min_answered = 2\nreversed_items = ["3"]', "reverses item '3'"),
        ("min_answered = 2", 'min_answered = 2\nparts = ["x"]', "no earlier scale"),
        ("high = 3", "high = 3\ncodes = [0, 2]", "codes are [0, 2]; they must rise from low 0"),
        ("high = 3", "high = 3\ncodes = [0, 3, 2]", "they must rise"),
        ("high = 3", "high = 3\ncodes = [0, 1.5, 3]", "a list of whole numbers"),
        ("high = 6", "high = 6\nfactor = 2", "its items give 0 to 12, not 0 to 6"),
        ("high = 6", "high = 6\noffset = 1", "its items give 1 to 7, not 0 to 6"),
        ("high = 6", "high = 6\nfactor = 0", "factor is 0; it must be above 0"),
        ("high = 6", "high = 6\nlookup = [[0, 1], [1, 2]]", "one row for each raw score"),
        ("high = 6", "high = 6\nlookup = [[0], [1, 2]]", "rows must all be [raw, reported]"),
        ("high = 6", "high = 6\nlookup = [3]", "lookup is [3]; it must be"),
        ("high = 6", f"high = 6\nlookup = {FALLING}", "must rise with the raw score"),
        ("high = 6", f"high = 7\nlookup = {RISING}", "give 0 to 6, not 0 to 7"),
        (
            "min_answered = 2",
            f"min_answered = 1\nlookup = {RISING}",
            "a table holds only for whole responses",
        ),
        (
            'combine = "sum"\nmin_answered = 2',
            'combine = "weighted"\nweights = [1, -1]\nmin_answered = 1',
            "its weights add up to 0",
        ),
        ('combine = "sum"', 'combine = "sum"\ntally = ["high"]', "tally goes with combine"),
        ('combine = "sum"', 'combine = "count"\ntally = ["hihg"]', "tallies 'hihg'"),
        (
            'combine = "sum"',
            'combine = "count"\ntally = ["high"]\nfactor = 6',
            "names 'total'",
        ),
        ("validated = true", 'validated = true\norder = "any"', "order is 'any'"),
        ("validated = true", 'validated = true\nover_targets = "mean"', "goes with target"),
        (
            "validated = true",
            'validated = true\ntarget = "person"\nover_targets = "sum"',
            "over_targets is 'sum'",
        ),
        ('slug = "total"', 'slug = "q1"', "named like an item but is not that item alone"),
        ("sum(total)", "sum(toatl)", "names 'toatl'"),
        ("sum(total)", "total", "names 'total'"),
        ("sum(total) >=", "sum(total) >>", "uses"),
        ("gives = true", "gives = 1", "gives true, false or a text"),
        ("gives = true", "gift = true", "cases must be a list"),
        ('key = "high"', 'key = "total"', "'total' is given twice"),
        ("minimum = 0", "minimum = 1", "bands of total begin at [1.0, 4.0]"),
        ("minimum = 4", "minimum = 9", "above its highest score"),
        ('scale = "total"', 'scale = "part"', "no scale of this instrument"),
        ('source = "paper"', 'source = "rumour"', "names no source ('rumour')"),
        ("value = 0.9", "value = 1.0", "must be in [0, 1)"),
        ("[[sources]]", "[[source]]", "unknown key 'source'"),
        ("[licence]", "norms = 3\n[licence]", "norms must be a list of tables"),
        ("validated = true", "validated = false", "must not carry bands"),
        ('shelf = "A"', 'shelf = "D"', "shelf D is not shipped"),
        ('shelf = "A"', 'shelf = "own"', "validated must be false"),
        ('evidence = "the authors"', 'evidence = ""', "must say what is allowed"),
        ("[licence]", "[license]", "a [licence] table"),
        ('slug = "tiny"', 'slug = "huge"', "the folder is 'tiny'"),
        ('slug = "tiny"', "slug = ", "not readable as TOML"),
        ("[[items]]", "[items]", "not readable as TOML"),
    ],
)
def test_refused_with_its_reason(folder: Path, old: str, new: str, reason: str) -> None:
    assert reason in refused(folder, "instrument.toml", old, new)


BOXES = """
[[items]]
id = "{1}"
low = 0
high = 1
group = "{0}"
scored = false
scale = "often"
"""


def boxes(*names: str) -> str:
    """Return tick boxes, named by the group they belong to, before the scales."""
    told = [BOXES.format(group, f"{group}{place}") for place, group in enumerate(names)]
    return "".join([*told, "\n[[scales]]"])


def test_boxes_of_one_question_stand_together(folder: Path) -> None:
    reason = refused(folder, "instrument.toml", "[[scales]]", boxes("a", "b", "a"))

    assert "group a: its boxes must follow one another" in reason


def test_boxes_of_one_question_have_words_over_them(folder: Path) -> None:
    file = folder / "instrument.toml"
    file.write_text(file.read_text().replace("[[scales]]", boxes("a", "a"), 1))
    named = '2 = "Two?"\na0 = "One box"\na1 = "Another"'

    assert "no text for group a" in refused(folder, "en.toml", '2 = "Two?"', named)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('2 = "Two?"', "", "no text for item 2"),
        ('2 = "Two?"', '2 = "Two?"\n3 = "Three?"', "text for unknown item 3"),
        ('3 = "yes"', "", "no answer label for [3]"),
        ("0 =", "none =", "must map whole numbers to labels"),
        ('"One?"', "1", "must map item ids to their text"),
        ("[answers.often]", '[groups]\na = "Over"\n\n[answers.often]', "unknown group a"),
        ("[answers.often]", "[groups]\na = 1\n\n[answers.often]", "must map group ids"),
        ('language = "en"', 'language = "de"', "name the file de.toml"),
        ("title", "heading", "unknown key 'heading'"),
    ],
)
def test_wording_refused_with_its_reason(folder: Path, old: str, new: str, reason: str) -> None:
    assert reason in refused(folder, "en.toml", old, new)


def test_an_instrument_without_a_score_or_a_source_is_refused(folder: Path) -> None:
    bare = SOUND[: SOUND.index("[[items]]")]
    (folder / "instrument.toml").write_text(bare)
    with pytest.raises(ContentError, match="no scale: an instrument gives at least one"):
        read_instrument(folder)

    scale = SOUND[SOUND.index("[[items]]") : SOUND.index("[[outcomes]]")]
    (folder / "instrument.toml").write_text(bare + scale)
    with pytest.raises(ContentError, match="no source: say where the items"):
        read_instrument(folder)


@pytest.mark.parametrize("shelf", ["B", "C"])
def test_a_shelf_that_ships_no_text_refuses_wording(folder: Path, shelf: str) -> None:
    text = (folder / "instrument.toml").read_text().replace('"A"', f'"{shelf}"')
    (folder / "instrument.toml").write_text(text)

    reason = f"tiny/en.toml: shelf {shelf} ships no text"
    with pytest.raises(ContentError, match=re.escape(reason)):
        read_instrument(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "en.toml").write_bytes(WORDING.replace("One", "Öne").encode("latin-1"))

    with pytest.raises(ContentError, match="not UTF-8 at byte"):
        read_instrument(folder)


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"'phq9'\. Did you mean phq-9\?"):
        instrument("phq9")
