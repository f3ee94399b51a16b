"""Safety items.

Some answers must reach a person at once. They are taken as they stand: never averaged,
never made up, and missing means unknown, not no.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument
from securebase.science.scoring import score

PHQ = instrument("phq-9")


@pytest.mark.parametrize(
    ("answer", "flag", "safety"),
    [
        (0, False, ()),
        (1, True, ("9",)),
        (2, True, ("9",)),
        (3, True, ("9",)),
        (None, None, ()),
    ],
)
def test_item_9_of_the_phq_9_speaks_from_its_lowest_yes(
    answer: int | None, flag: bool | None, safety: tuple[str, ...]
) -> None:
    sheet = score(PHQ, {"9": answer})

    assert (flag, safety) == (sheet.outcomes["item9"], sheet.safety)


def test_it_speaks_even_if_nothing_else_was_answered() -> None:
    sheet = score(PHQ, {"9": 1})

    assert sheet.as_dict()["total.state"] == "incomplete"
    assert sheet.safety == ("9",)


def test_a_high_score_elsewhere_never_stands_in_for_it() -> None:
    severe = {str(n): 3 for n in range(1, 9)}

    sheet = score(PHQ, severe)

    assert (sheet.outcomes["item9"], sheet.safety) == (None, ())
