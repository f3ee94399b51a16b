"""How a form was answered, in words: facts about the data, never a verdict on anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from securebase.clinic.measurement.models import Response
from securebase.pages.clinician.wording import figure
from securebase.science.library import instrument

LEAST_TIMED = 3
"""Below so many timed answers, how long they took says nothing."""
A_SECOND = 1000
SAME = 0.005
"""Two totals closer than this are the same, written with other rounding."""


def how_answered(response: Response) -> list[str]:
    """Return what is worth knowing about how the answers of one response came about."""
    told = (_recall, _order, _pace, _line, _adaptive, _totals)
    return [line for tell in told for line in tell(response)]


def disagreements(response: Response) -> list[str]:
    """Return each total that came with the answers and is not what we make of them."""
    ours = {score.measure.partition(".")[2]: score.value for score in response.scores.all()}
    return [
        f"The {scale.replace('_', ' ')} that came with it is {figure(given)}; these answers "
        f"give {_ours(ours.get(scale))}. Both are kept; ours is used."
        for scale, given in response.given_totals.items()
        if not _agree(given, ours.get(scale))
    ]


def _recall(response: Response) -> Iterator[str]:
    if response.recall:
        yield f"Asked about: {response.recall}. Version {response.version}."


def _order(response: Response) -> Iterator[str]:
    if response.item_order:
        yield "The questions came in a new order, as their authors ask."


def _pace(response: Response) -> Iterator[str]:
    took = [ms for ms in response.took_ms.values() if ms > 0]
    if len(took) >= LEAST_TIMED:
        middle = median(took) / A_SECOND
        yield f"Half of the answers took less than {figure(middle)} seconds each."


def _line(response: Response) -> Iterator[str]:
    if response.straight_lined:
        yield (
            "Every answer is the same, though some questions are worded the other way. "
            "Worth asking how it was to answer."
        )


def _adaptive(response: Response) -> Iterator[str]:
    told: Mapping[str, Any] | None = response.adaptive
    if told:
        yield (
            f"An adaptive form: {len(told['asked'])} questions of "
            f"{len(instrument(response.instrument).items)} were asked. "
            f"T {told['t']:.1f}, standard error {told['se']:.1f}."
        )


def _totals(response: Response) -> Iterator[str]:
    if response.given_totals:
        yield from disagreements(response) or ["The totals that came with it agree with ours."]


def _agree(given: float, ours: float | None) -> bool:
    return ours is not None and abs(given - ours) <= SAME


def _ours(value: float | None) -> str:
    return "no score" if value is None else figure(value)
