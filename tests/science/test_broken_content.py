"""Content that would exhaust its reader.

A number of thousands of digits or brackets in brackets in brackets are refused in words.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from securebase.science.cards import read_toml
from securebase.science.errors import ContentError
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.prior import load_priors

ENDLESS = ("a = " + "9" * 5000, "a = " + "[" * 5000)


@pytest.mark.parametrize("text", ENDLESS, ids=["digits", "brackets"])
@pytest.mark.parametrize("load", [load_priors, load_rules])
def test_a_register_that_would_exhaust_its_reader_is_refused(
    tmp_path: Path, load: Callable[[Path], object], text: str
) -> None:
    path = tmp_path / "given.toml"
    path.write_text(text)

    with pytest.raises(ContentError):
        load(path)


@pytest.mark.parametrize("text", ENDLESS, ids=["digits", "brackets"])
def test_a_definition_that_would_exhaust_its_reader_is_refused_by_name(text: str) -> None:
    with pytest.raises(ContentError, match=r"given\.toml: not readable as TOML"):
        read_toml(text, name="given.toml")
