"""The picture in a tutorial.

A reader who follows along draws the very picture that the page shows.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.plan import ROOT
from tests.house.test_docs import PYTHON

PAGE = ROOT / "docs" / "tutorials" / "follow-a-caseload.md"
SHOWN = ROOT / "docs" / "images" / "follow-a-caseload.svg"


def test_following_a_caseload_draws_the_picture_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    taught: dict[str, object] = {}

    for block in PYTHON.findall(PAGE.read_text()):
        exec(compile(block, str(PAGE), "exec"), taught)  # noqa: S102

    assert (tmp_path / "caseload.svg").read_text() == SHOWN.read_text()
