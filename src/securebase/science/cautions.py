"""What to be careful about in the psychometrics of one's own data.

Each caution is a reason to look, with its figures; thresholds and their sources are in
``content/psychometrics.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isnan
from typing import Any

from securebase.content import content_toml
from securebase.science.psychometrics import Psychometrics, ScaleFigures
from securebase.science.words import Instrument, Scale

FILE = "psychometrics.toml"


class CautionKind(StrEnum):
    """Kinds of caution."""

    FEW = "few"
    """Too few people for figures to be relied on."""
    RANGE = "range"
    """An end of the answer scale that nobody used: perhaps another form."""
    REVERSED = "reversed"
    """An item that runs against the others: perhaps entered the wrong way round."""
    SAME = "same"
    """An item to which everybody gave the same answer."""
    EDGE = "edge"
    """Many people at the lowest or the highest possible score."""
    CONSISTENCY = "consistency"
    """Items that hardly go together, or that ask the same thing again."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One caution: its kind, the score or item it is about, and what to do in words."""

    kind: CautionKind
    about: str
    text: str


@cache
def thresholds() -> Mapping[str, Any]:
    """Return how few, how many and how far is worth a caution, each with its source."""
    return content_toml(FILE)


def cautions(instrument: Instrument, told: Psychometrics) -> tuple[Caution, ...]:
    """Say what to be careful about.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    told : Psychometrics
        Its figures.

    Returns
    -------
    tuple of Caution
        Scale by scale, the gravest kinds first.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> from securebase.science.psychometrics import psychometrics
    >>> gad = instrument("gad-7")
    >>> [one.kind.value for one in cautions(gad, psychometrics(gad, [[0] * 7, [1] * 7]))]
    ['few', 'edge', 'few', 'edge']
    """
    found = [*_ranges(instrument, told)]
    for scale, figures in zip(instrument.scales, told.scales, strict=True):
        if figures.rest:
            found += [*_items(scale, figures), *_few(scale, figures)]
            found += _consistency(figures)
        found += _edges(scale, figures)
    return tuple(found)


def _ranges(instrument: Instrument, told: Psychometrics) -> Iterator[Caution]:
    """Look at all items with the same answers together: one form is printed one way."""
    forms: dict[tuple[int, int], list[str]] = {}
    for item in instrument.items:
        if item.scored and item.kind != "text" and not item.codes:
            forms.setdefault((item.low, item.high), []).append(item.id)
    figures = {one.id: one for one in told.items}
    for (low, high), names in forms.items():
        of_form = [figures[name] for name in names if figures[name].answered]
        answers = sum(one.answered for one in of_form)
        if answers < thresholds()["range"]["answers"]:
            continue
        lowest, highest = min(one.low for one in of_form), max(one.high for one in of_form)
        if (lowest, highest) != (low, high):
            yield Caution(
                CautionKind.RANGE,
                ", ".join(names),
                f"The answers run from {lowest:g} to {highest:g}, but the items go from {low} "
                f"to {high} ({answers} answers). If your form had fewer points, norms, "
                "cut-offs and published change do not hold for its scores.",
            )


def _few(scale: Scale, figures: ScaleFigures) -> Iterator[Caution]:
    rule = thresholds()["people"]
    least = max(rule["least"], rule["for_each_item"] * len(scale.items))
    people = figures.alpha.people if figures.alpha else 0
    if people < least:
        yield Caution(
            CautionKind.FEW,
            scale.slug,
            f"{people} people answered every item; {least} or more are wanted. Look at the "
            "interval of alpha, and keep to published figures.",
        )


def _items(scale: Scale, figures: ScaleFigures) -> Iterator[Caution]:
    for item, rest in figures.rest.items():
        if rest < 0:
            turned = item in scale.reversed_items
            yield Caution(
                CautionKind.REVERSED,
                f"{scale.slug}, item {item}",
                f"It runs against the others ({rest:.2f}). The program "
                f"{'turns it round' if turned else 'takes it as it is'}; see whether the file "
                "has it the other way.",
            )
        elif isnan(rest) and figures.alpha:
            yield Caution(
                CautionKind.SAME,
                f"{scale.slug}, item {item}",
                "All who answered every item gave it the same answer, so it tells nobody "
                "apart. See whether the column is right.",
            )


def _consistency(figures: ScaleFigures) -> Iterator[Caution]:
    rule = thresholds()["alpha"]
    if figures.alpha is None or rule["low"] <= figures.alpha.value <= rule["high"]:
        return
    low = figures.alpha.value < rule["low"]
    why = (
        "the items hardly go together here, so one score may not stand for them"
        if low
        else "the items ask much the same, so fewer might do"
    )
    limit = f"below {rule['low']:.2f}" if low else f"above {rule['high']:.2f}"
    text = f"Alpha is {figures.alpha.value:.2f}, {limit}: {why}."
    yield Caution(CautionKind.CONSISTENCY, figures.slug, text)


def _edges(scale: Scale, figures: ScaleFigures) -> Iterator[Caution]:
    limit = thresholds()["edge"]["share"]
    ends = (("lowest", figures.floor, scale.low), ("highest", figures.ceiling, scale.high))
    for name, share, at in ends:
        if share > limit:
            yield Caution(
                CautionKind.EDGE,
                scale.slug,
                f"{share:.0%} have the {name} possible score, {at:g}, more than {limit:.0%}: "
                "change beyond it cannot be seen.",
            )
