"""One response, scored.

The arithmetic of a scale, and answers that are refused.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import securebase
from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.library import instrument
from securebase.science.scoring import band_of, score
from securebase.science.words import (
    Answers,
    Combine,
    Instrument,
    Item,
    Licence,
    Scale,
    Shelf,
)


def made(*scales: Scale) -> Instrument:
    """Make an instrument of equal items with the given scales."""
    return Instrument(
        slug="made",
        version="1",
        name="Made",
        measures="nothing",
        recall="now",
        minutes=1,
        validated=False,
        items=tuple(Item(str(n), 1, 5) for n in range(1, 5)),
        scales=scales,
        licence=Licence(Shelf.OWN, "made", "made"),
    )


FOUR = ("1", "2", "3", "4")


def answers(*values: int | None) -> dict[str, int | None]:
    return {str(n): value for n, value in enumerate(values, 1)}


@pytest.mark.parametrize(
    ("scale", "given", "value"),
    [
        (Scale("s", FOUR, Combine.SUM, 4), answers(1, 2, 3, 4), 10),
        (Scale("s", FOUR, Combine.MEAN, 4), answers(1, 2, 3, 4), 2.5),
        (Scale("s", FOUR, Combine.SUM, 4, frozenset("14")), answers(1, 2, 3, 4), 12),
        (Scale("s", FOUR, Combine.SUM, 4, recode=-1), answers(1, 2, 3, 4), 6),
        (Scale("s", FOUR, Combine.COUNT, 4, count_from=3), answers(1, 2, 3, 4), 2),
        (
            Scale("s", FOUR, Combine.WEIGHTED, 4, weights=(2.15, 1.0, 0.5, 0.0)),
            answers(1, 2, 3, 4),
            5.65,
        ),
        (Scale("s", FOUR, Combine.SUM, 3), answers(1, 2, 3, None), 8),
        (Scale("s", FOUR, Combine.MEAN, 3), answers(1, 2, 3, None), 2),
        (
            Scale("s", FOUR, Combine.WEIGHTED, 2, weights=(1.0, 3.0, 1.0, 1.0)),
            answers(None, 5, 1, None),
            24,
        ),
        (Scale("s", FOUR, Combine.SUM, 4), answers(1, 2, 3, None), None),
    ],
)
def test_answers_combine_as_the_scale_says(
    scale: Scale, given: Answers, value: float | None
) -> None:
    assert score(made(scale), given).scores[0].value == pytest.approx(value)


def test_a_scale_of_parts_is_their_sum_or_nothing() -> None:
    parts = (
        Scale("a", ("1", "2"), Combine.SUM, 1),
        Scale("b", ("3", "4"), Combine.SUM, 2),
        Scale("all", FOUR, Combine.SUM, 3, parts=("a", "b")),
    )

    assert score(made(*parts), answers(3, None, 1, 1)).as_dict()["all"] == 8
    assert score(made(*parts), answers(3, 3, 1, None)).as_dict()["all"] is None


@pytest.mark.parametrize("wrong", [-1, 4, 2.5, "2", 99])
def test_an_answer_that_is_not_on_its_scale_is_refused(wrong: Any) -> None:
    with pytest.raises(AnswerOutOfRange, match=r"phq-9, item 3: .* from 0 to 3\. Correct"):
        score(instrument("phq-9"), {"3": wrong})


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(BadInput, match=r"phq-9 has no item '10'\. Its items are 1, 2,"):
        score(instrument("phq-9"), {"10": 1})


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    given = dict(zip("1234567", np.array([1, 1, 1, 1, 1, 1, 1]), strict=True))

    assert score(instrument("gad-7"), given).as_dict()["total"] == 7


def test_the_order_of_the_answers_does_not_matter() -> None:
    given = answers(3, 0, 1, 2, 0, 3, 1, 2, 0)
    turned = dict(reversed(list(given.items())))

    assert score(instrument("phq-9"), given) == score(instrument("phq-9"), turned)


def test_the_sheet_says_which_definition_gave_it() -> None:
    sheet = score(instrument("phq-9"), {})

    assert (sheet.instrument, sheet.version) == ("phq-9", "1")
    assert sheet.digest == instrument("phq-9").digest


def test_a_scale_without_bands_has_no_band() -> None:
    assert band_of(instrument("pcl-5").bands, "total", 40) is None


def test_words_in_a_text_item_are_not_scored() -> None:
    given = {"safe": 5, "understood": 5, "agreed": 5, "said": 5, "matters": None}

    assert score(instrument("session-check-in"), given).as_dict()["alliance"] == 5


def test_science_does_not_load_the_web() -> None:
    code = (
        "import sys, securebase as sb; sb.score(sb.instrument('gad-7'), {});"
        "sb.score_matrix; sb.filter_caseload;"
        "sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_names_are_there_and_no_other() -> None:
    assert set(dir(securebase)) == set(securebase.__all__)
    assert all(hasattr(securebase, name) for name in securebase.__all__)
    with pytest.raises(AttributeError, match="no attribute 'socre'"):
        _ = securebase.socre
