"""From an inner level to answers, question by question, as a person would give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from securebase.science.library import instrument
from securebase.science.simulate.recipe import Asking
from securebase.science.words import Answers, Instrument, Item


@dataclass(frozen=True, slots=True)
class Style:
    """How one person answers: a lean per question, and how often they skip one."""

    lean: Mapping[tuple[str, str], float]
    skips: float


def draw_style(asking: tuple[Asking, ...], rng: np.random.Generator) -> Style:
    """Draw a person's way of answering every question that will be asked."""
    lean = {
        (ask.slug, item.id): float(rng.normal(0, ask.spread / 2))
        for ask in asking
        for item in instrument(ask.slug).items
    }
    return Style(lean=lean, skips=float(rng.choice([0.0, 0.004, 0.03], p=[0.5, 0.35, 0.15])))


def answer(
    ask: Asking, levels: Mapping[str, float], style: Style, rng: np.random.Generator
) -> Answers:
    """Answer one instrument.

    Parameters
    ----------
    ask : Asking
        The instrument and the levels that its scales and items follow.
    levels : mapping of str to float
        True inner levels now, in [0, 1].
    style : Style
        The person's way of answering.
    rng : numpy.random.Generator
        The person's own source of chance.

    Returns
    -------
    mapping of item id to int or None
        One entry per question that follows a level; None where it was skipped.
        Questions answered in words are left out.
    """
    form = instrument(ask.slug)
    given: dict[str, int | None] = {}
    for item in form.items:
        level = levels.get(_followed(form, ask, item))
        if level is None:
            continue
        lean = style.lean[ask.slug, item.id] + ask.offset.get(item.id, 0.0)
        felt = level + lean + rng.normal(0, ask.spread)
        skipped = rng.random() < style.skips
        given[item.id] = None if skipped else _nearest(item, felt)
    return given


def _followed(form: Instrument, ask: Asking, item: Item) -> str:
    """Name the level that a question follows; empty if none."""
    if item.id in ask.item:
        return ask.item[item.id]
    for scale in form.scales:
        if scale.slug in ask.scale and item.id in scale.items:
            return ask.scale[scale.slug]
    return ""


def _nearest(item: Item, felt: float) -> int:
    return int(np.clip(round(item.low + (item.high - item.low) * felt), item.low, item.high))
