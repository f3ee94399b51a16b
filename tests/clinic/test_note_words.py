"""The words of a note: its shapes, and putting two versions together.

Shapes are content; a practice may bring its own. Two texts that began as one are joined
line by line, and no line of either is left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from securebase.clinic.notes.body import Body, join
from securebase.clinic.notes.merging import merge
from securebase.clinic.notes.shapes import FILE, read_shapes, the_shapes

OWN = """
[limits]
most_characters = 500
[open_notes]
usual_days = 1
longest_days = 2
[[shape]]
slug = "ours"
name = "Ours"
  [[shape.part]]
  slug = "all"
  label = "All of it"
"""
TWICE = 'name = "Ours"\n[[shape.part]]\nslug = "all"\nlabel = "All"'
LINES = st.lists(st.sampled_from("abcdef"), max_size=8)


def test_the_shipped_shapes_are_read_whole() -> None:
    slugs = [shape.slug for shape in the_shapes().shapes]

    assert slugs == ["seen-thought-next", "free", "processing", "missed"]


def test_a_practice_brings_shapes_of_its_own(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / FILE).write_text(OWN)

    assert [shape.slug for shape in the_shapes().shapes] == ["ours"]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        # written              instead              what is said
        ("usual_days = 1",     "",                  "'usual_days' is missing"),
        ("usual_days = 1",     "usual_days = ",     "readable as TOML: Invalid value"),
        ('slug = "all"',       'slug = ["all"',     "readable as TOML: Unclosed array"),
        ('name = "Ours"',      "name = 5",          "name = 5 is missing or not what"),
        ("usual_days = 1",     "usual_days = 1e99", "not what it should be"),
        ('name = "Ours"',      TWICE,               "each with its own slug"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_of_shapes_is_said(
    written: str, instead: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        read_shapes(OWN.replace(written, instead, 1))


def test_a_shape_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match=r"no shape 'soap'.*seen-thought-next, free"):
        the_shapes().named("soap")


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "meets"),
    [
        # base      mine        theirs      together       meets
        ("a\nb",    "a\nb\nc",  "x\nb",     "x\nb\nc",     False),  # apart: both stand
        ("a\nb\nc", "a\nc",     "a\nb\nC",  "a\nb\nC\nc", True),  # both stand
        ("a\nb\nc\nd", "b\nc\nd", "a\nb\nc\nD", "b\nc\nD",  False),  # I took one out
        ("a",       "b",        "c",        "c\nb",        True),   # the same line
        ("a",       "b",        "b",        "b",           False),  # the same change
        ("a",       "a",        "b",        "b",           False),  # only they changed
        ("a",       "b",        "a",        "b",           False),  # only I changed
        ("",        "mine",     "theirs",   "theirs\nmine", True),  # both began
    ],
)  # fmt: skip
def test_two_texts_are_joined(
    base: str, mine: str, theirs: str, text: str, meets: bool
) -> None:
    merged = merge(base=base, mine=mine, theirs=theirs)

    assert (merged.text, merged.meets) == (text, meets)


@given(base=LINES, mine=LINES, theirs=LINES)
def test_no_new_line_of_either_is_left_out(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    mine, theirs = [f"m{line}" for line in mine], [f"t{line}" for line in theirs]

    merged = merge(
        base="\n".join(base), mine="\n".join(base + mine), theirs="\n".join(theirs + base)
    ).text.split("\n")

    assert [line for line in merged if line[:1] == "m"] == mine
    assert [line for line in merged if line[:1] == "t"] == theirs


def test_parts_are_joined_each_for_itself() -> None:
    base = Body.empty(the_shapes().named("seen-thought-next"))
    mine, theirs = base.saying({"seen": "mine", "next": "n"}), base.saying({"seen": "theirs"})

    joined = join(base=base, mine=mine, theirs=theirs)

    assert joined.body.texts == {"seen": "theirs\nmine", "thought": "", "next": "n"}
    assert joined.meeting == ("seen",)


def test_a_note_is_read_as_it_was_kept_with_the_headings_of_its_time() -> None:
    body = Body.empty(the_shapes().named("free")).saying({"note": "a\r\nb", "other": "x"})

    read = Body.read(body.kept())

    assert read == body
    assert [(part.label, part.text) for part in read.written] == [("Note", "a\nb")]
