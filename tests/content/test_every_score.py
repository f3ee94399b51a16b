"""Every score.

A second battery over the whole library, on answers drawn at random with gaps: a reversed
item counts the other way round, and the order in which items were put changes nothing.
That one response and a whole table agree is said in ``tests/science/test_scoring_matrix.py``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from securebase.science.library import instrument, instruments
from securebase.science.reporting import allowed
from securebase.science.scoring import score
from securebase.science.words import Combine, Instrument, Item, Scale

SLUGS = list(instruments())
every = pytest.mark.parametrize("slug", SLUGS)
DRAWN = 60
"""Responses drawn for each instrument."""
MISSING = 0.12
"""The share of answers left out."""


def codes(item: Item) -> list[int]:
    """Return every answer an item takes."""
    return [n for n in range(item.low, item.high + 1) if allowed(item, n)]


def drawn(one: Instrument, *, gaps: float = MISSING) -> list[dict[str, int | None]]:
    """Return responses drawn at random, always the same ones for an instrument."""
    chance = random.Random(one.slug)  # noqa: S311
    items = [item for item in one.items if item.kind != "text"]
    return [
        {
            item.id: None if chance.random() < gaps else chance.choice(codes(item))
            for item in items
        }
        for _ in range(DRAWN)
    ]


def values(one: Instrument, given: Mapping[str, int | None]) -> dict[str, float | None]:
    """Return the scores of one response by scale."""
    return {s.measure.partition(".")[2]: s.value for s in score(one, given).scores}


@every
def test_the_order_in_which_items_were_put_changes_nothing(slug: str) -> None:
    one = instrument(slug)
    chance = random.Random(slug)  # noqa: S311
    for given in drawn(one)[:10]:
        order = list(given)
        chance.shuffle(order)

        assert score(one, {item: given[item] for item in order}) == score(one, given)


@every
def test_a_reversed_item_counts_the_other_way_round_and_once(slug: str) -> None:
    one = instrument(slug)
    for scale in turned(one):
        straight = replace(scale, reversed_items=frozenset())
        plain = replace(one, scales=(straight,), outcomes=(), bands=())
        whole = replace(one, scales=(scale,), outcomes=(), bands=())
        for given in drawn(one, gaps=0)[:10]:
            mirrored = {
                item.id: item.low + item.high - answer
                if item.id in scale.reversed_items and answer is not None
                else answer
                for item, answer in ((one.item(i), answer) for i, answer in given.items())
            }

            assert values(whole, given) == pytest.approx(values(plain, mirrored))


def turned(one: Instrument) -> list[Scale]:
    """Return the scales with reversed items that are made of answers alone."""
    made = [s for s in one.scales if s.reversed_items and not (s.parts or s.tally)]
    return [scale for scale in made if scale.combine is not Combine.COUNT]


def test_some_instruments_do_turn_items_and_some_are_drawn_in_order() -> None:
    library = instruments().values()

    assert sum(bool(turned(one)) for one in library) >= 8
    assert [one.slug for one in library if one.order == "random"] == ["ecr-r"]
