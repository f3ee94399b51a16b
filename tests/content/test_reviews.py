"""Review dates.

A clinical rule that nobody has looked at again in time is not kept quietly: these tests
fail on the day after, and name what waits for review.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from securebase.science.exercises import exercises
from securebase.science.strategies import strategies

CONTENT = Path(__file__).resolve().parents[2] / "src" / "securebase" / "content"
DATED = [p for p in CONTENT.glob("*.toml") if "review_again_by" in p.read_text()]
TWO_YEARS = timedelta(days=730)
"""How long a strategy or an exercise may go without a second look."""


def today() -> date:
    return datetime.now(UTC).date()


def test_the_register_of_signals_says_when_it_is_looked_at_again() -> None:
    assert "signals.toml" in {path.name for path in DATED}


@pytest.mark.parametrize("path", DATED, ids=lambda path: path.name)
def test_no_file_of_figures_is_past_its_review(path: Path) -> None:
    told = tomllib.loads(path.read_text())

    assert told["reviewed_on"] <= today() <= told["review_again_by"]


def test_no_card_is_past_its_review() -> None:
    cards = [(card.slug, card.reviewed_on) for card in strategies()]
    cards += [(one.slug, one.reviewed_on) for one in exercises()]

    assert [slug for slug, on in cards if today() - on > TWO_YEARS] == []
