"""What one person's own sessions cannot tell, where the truth is known.

The figures in ``docs/explanation/what-we-refuse-to-compute.md`` are worked out here, from
invented people in whom a better alliance truly is followed by fewer symptoms.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "what-we-refuse-to-compute.md"
SEED, PEOPLE, SETTLING = 4, 3000, 100
CARRY_OVER, TRUE_EFFECT, NOISE, ERROR_SHARE = 0.3, -0.15, 0.9, 0.25
SENSITIVITY, SPECIFICITY = 0.26, 0.75
"""Of early warnings in half a year of daily data, as published (see the page)."""


@cache
def lived(sessions: int) -> Floats:
    """Invent alliance and symptoms of many people; shape (people, sessions, 2)."""
    rng = np.random.default_rng([SEED, sessions])
    step = np.array([[CARRY_OVER, 0.0], [TRUE_EFFECT, CARRY_OVER]])
    now, kept = np.zeros((PEOPLE, 2)), []
    for _ in range(SETTLING + sessions):
        now = now @ step.T + NOISE * rng.normal(size=now.shape)
        kept.append(now)
    true = np.stack(kept[SETTLING:], axis=1)
    error = true.std(axis=(0, 1)) * np.sqrt(ERROR_SHARE / (1 - ERROR_SHARE))
    return np.asarray(true + error * rng.normal(size=true.shape))


@cache
def estimated(sessions: int) -> Floats:
    """Fit each person alone; shape (people, 2): effect of alliance, and carry-over."""
    seen = lived(sessions)
    before, after = seen[:, :-1], seen[:, 1:, 1]
    given = np.concatenate([np.ones((*before.shape[:2], 1)), before], axis=2)
    fitted = np.stack([np.linalg.lstsq(x, y)[0] for x, y in zip(given, after, strict=True)])
    return fitted[:, 1:]


@cache
def figures(sessions: int) -> dict[str, str]:
    """Return what the page says of this many sessions, rounded as it says it."""
    effect, carried = estimated(sessions).T
    return {
        "spread": f"{effect.std():.2f}",
        "right": f"{100 * (effect < 0).mean():.0f} %",
        "carried": f"{carried.mean():.2f}",
    }


@pytest.mark.parametrize("sessions", [8, 16, 25])
def test_the_page_says_what_came_out(sessions: int) -> None:
    row = re.search(rf"^\| {sessions} \|(.+)\|$", PAGE.read_text(), re.M)

    assert row, f"the page has no row for {sessions} sessions"
    assert [cell.strip() for cell in row[1].split("|")] == list(figures(sessions).values())


@pytest.mark.parametrize("sessions", [8, 16, 25])
def test_one_persons_effect_is_lost_in_its_own_spread(sessions: int) -> None:
    effect = estimated(sessions)[:, 0]

    assert effect.std() > abs(TRUE_EFFECT)
    assert (effect < 0).mean() < 0.75


def test_of_many_people_together_the_way_of_the_effect_is_plain() -> None:
    effect = estimated(25)[:, 0]

    assert effect.mean() + 3 * effect.std() / np.sqrt(PEOPLE) < 0


def test_an_early_warning_hardly_changes_the_odds() -> None:
    ratio = SENSITIVITY / (1 - SPECIFICITY)

    assert f"times {ratio:.2f}" in PAGE.read_text()
