"""Our own wording.

What we write ourselves for patients must be easy to read, and never push.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument, instruments
from securebase.science.words import Shelf
from tests.reading import grade

OWN = [slug for slug, one in instruments().items() if one.licence.shelf is Shelf.OWN]


def sentences(slug: str) -> tuple[list[str], list[str]]:
    wording = instrument(slug).wordings["en"]
    ends = [label for labels in wording.answers.values() for label in labels.values()]
    return [wording.instruction, wording.about, *wording.items.values()], ends


@pytest.mark.parametrize("slug", OWN)
def test_reads_at_grade_six_or_below(slug: str) -> None:
    spoken, _ = sentences(slug)

    assert grade(" ".join(spoken)) <= 6


@pytest.mark.parametrize("slug", OWN)
def test_has_no_exclamation_and_says_that_it_can_be_skipped(slug: str) -> None:
    spoken, ends = sentences(slug)

    assert not any("!" in text for text in spoken + ends)
    assert "skip" in instrument(slug).wordings["en"].instruction
