"""Responses made up at random, for one instrument, the same for the same seed."""

from __future__ import annotations

import random

from securebase.science.words import Instrument, Item

MISSING = 0.12
"""Share of answers left out in the responses that are not whole."""


def responses(asked: Instrument, *, count: int, seed: int) -> list[dict[str, int]]:
    """Return made-up answers: the least, the most, then whole and patchy by turns.

    No item is answered that a form would not show: one whose gate stands at its floor,
    or was not answered.
    """
    chance = random.Random(f"{seed} {asked.slug}")  # noqa: S311
    ends = [{i.id: i.low for i in _numbered(asked)}, {i.id: i.high for i in _numbered(asked)}]
    drawn = [_drawn(asked, chance, MISSING * (n % 2)) for n in range(count - len(ends))]
    return [_shown(asked, answers) for answers in (ends + drawn)[:count]]


def _numbered(asked: Instrument) -> list[Item]:
    return [item for item in asked.items if item.kind != "text"]


def _drawn(asked: Instrument, chance: random.Random, missing: float) -> dict[str, int]:
    return {
        item.id: chance.choice(item.codes or range(item.low, item.high + 1))
        for item in _numbered(asked)
        if chance.random() >= missing
    }


def _shown(asked: Instrument, answers: dict[str, int]) -> dict[str, int]:
    shown: dict[str, int] = {}
    for item in _numbered(asked):
        gate = item.asked_if
        hidden = gate and shown.get(gate, asked.item(gate).low) == asked.item(gate).low
        if item.id in answers and not hidden:
            shown[item.id] = answers[item.id]
    return shown
