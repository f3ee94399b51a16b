"""Which ways of working may suit which attachment pattern; never more than "may".

Read from ``content/patterns.toml``. A pattern is where the last scores lay on the plane,
and only where that is clear; a person is not typed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from securebase.content import content_toml
from securebase.science.errors import ContentError
from securebase.science.plane import Region, region_words
from securebase.science.strategies import strategies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from securebase.science.words import Strategy

FILE = "patterns.toml"


def may_suit(card: Strategy, region: Region | None) -> str:
    """Say that a card may suit a region of the plane; empty if nothing is known of that.

    Parameters
    ----------
    card : Strategy
        Any card.
    region : Region or None
        Where the last scores lay; None if they were too close to the middle to tell.

    Returns
    -------
    str
        A sentence that names the region and how little is known, or an empty one.
    """
    found = _settings()
    if region is None or region.value not in found["cards"].get(card.code, ()):
        return ""
    sentence: str = found["words"].format(region=region_words(region))
    return sentence


@cache
def _settings() -> Mapping[str, Any]:
    found = content_toml(FILE)
    regions, codes = {region.value for region in Region}, {card.code for card in strategies()}
    for code, patterns in found["cards"].items():
        if code not in codes or not set(patterns) <= regions:
            raise ContentError(
                f"{FILE}: {code} = {patterns}. Name a card there is, and regions among "
                f"{', '.join(sorted(regions))}."
            )
    return found
