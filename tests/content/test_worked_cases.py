"""Worked cases.

They are the library's own proof, so a case that does not hold, or cannot be read, is told.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from securebase.science import examples as module
from securebase.science.errors import ContentError
from securebase.science.examples import disagreements, examples
from securebase.science.library import instrument

HEADER = "case,basis,1,2,3,4,5,6,7,expect.total,expect.total.band,expect.ge9\n"
GAD = instrument("gad-7")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "folder_of", lambda _slug: tmp_path)
    return tmp_path


def test_a_case_that_does_not_hold_is_told_with_both_figures(folder: Path) -> None:
    (folder / "examples.csv").write_text(f"{HEADER}A,rule,1,1,1,1,1,1,1,8,mild,\n")

    assert list(disagreements(GAD)) == [
        "gad-7, case A: total is 7.0, the worked case says 8.0."
    ]


def test_a_case_about_something_that_is_not_scored_is_told(folder: Path) -> None:
    (folder / "examples.csv").write_text(f"{HEADER}A,rule,1,1,1,1,1,1,1,7,mild,true\n")

    assert list(disagreements(GAD)) == [
        "gad-7, case A: ge9 is 'not a score', the worked case says True."
    ]


def test_what_a_case_does_not_state_is_not_compared(folder: Path) -> None:
    (folder / "examples.csv").write_text(f"{HEADER}A,rule,,,,,,,,unknown,,\n")

    assert list(disagreements(GAD)) == []


def test_an_answer_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "examples.csv").write_text(f"{HEADER}A,rule,1,x,1,1,1,1,1,7,mild,\n")

    with pytest.raises(ContentError, match=r"examples\.csv, case A: item 2 is 'x'"):
        examples(GAD)


def test_an_instrument_without_worked_cases_is_refused(folder: Path) -> None:
    with pytest.raises(ContentError, match=r"gad-7/examples\.csv is missing: add at least"):
        examples(GAD)
