"""Documentation that cannot rot.

Decisions are numbered and dated, links lead somewhere, generated pages are up to date.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.plan import ROOT, name
from tests.house.write_docs import generated

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")
PARTS = (
    "## Context",
    "## Options",
    "## Decision",
    "## Consequences",
    "## Would change our mind",
)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.name[:4])
def test_a_decision_says_when_whether_and_what_would_change_it(path: Path) -> None:
    text = path.read_text()

    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", text, re.M)
    assert re.search(
        r"^Status: (proposed|accepted|retired because .+|superseded by \d+)$", text, re.M
    )
    assert re.search(r"^Clinical effect: (yes|no)$", text, re.M)
    assert [part for part in PARTS if part not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    broken = [
        target
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("path", generated(), ids=str)
def test_generated_pages_are_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text() == generated()[path], "run make docs"
