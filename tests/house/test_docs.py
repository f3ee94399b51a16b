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
TAUGHT = [
    ROOT / "README.md",
    ROOT / "docs" / "explanation" / "asking-less.md",
    ROOT / "docs" / "explanation" / "how-expected-trajectories-work.md",
    *sorted((ROOT / "docs" / "tutorials").glob("*.md")),
]
PYTHON = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")
LINES = (
    r"^Date: \d{4}-\d{2}-\d{2}$",
    r"^Status: (proposed|accepted|retired because .+|superseded by \d+)$",
    r"^Clinical effect: (yes|no)$",
    "^## Context",
    "^## Options",
    "^## Decision",
    "^## Consequences",
    "^## Would change our mind",
)
"""What every decision says, each on a line of its own."""


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_decision_says_when_whether_and_what_would_change_it() -> None:
    lacking = {
        path.name: [line for line in LINES if not re.search(line, path.read_text(), re.M)]
        for path in DECISIONS
    }

    assert {file: lines for file, lines in lacking.items() if lines} == {}


def test_links_lead_somewhere() -> None:
    broken = [
        f"{name(path)}: {target}"
        for path in PAGES
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_generated_pages_are_up_to_date() -> None:
    stale = [path for path, page in generated().items() if (ROOT / path).read_text() != page]

    assert stale == [], "run make docs"


@pytest.mark.parametrize("path", TAUGHT, ids=name)
def test_what_a_tutorial_teaches_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    taught: dict[str, object] = {}
    for block in PYTHON.findall(path.read_text()):
        exec(compile(block, str(path), "exec"), taught)  # noqa: S102


def test_every_setting_is_in_the_reference() -> None:
    base = (ROOT / "src/securebase/config/settings/base.py").read_text()
    read = set(re.findall(r"(?:SECUREBASE_[A-Z_]+|DATABASE_URL|EMAIL_URL)(?=\")", base))
    told = (ROOT / "docs/reference/settings.md").read_text()

    assert [setting for setting in sorted(read) if f"`{setting}`" not in told] == []
