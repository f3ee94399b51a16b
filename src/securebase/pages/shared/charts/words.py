"""What a chart says to those who listen to it or read its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.frame import in_words, plain
from securebase.science.words import Better

if TYPE_CHECKING:
    from securebase.pages.shared.charts.marks import RuptureMark
    from securebase.science.words import Point, Trajectory

DIRECTIONS = {
    Better.LOWER: "Lower is better",
    Better.HIGHER: "Higher is better",
    Better.NEITHER: "Neither higher nor lower is better",
}
LIKELY = 1.96
"""Standard deviations either side that hold 95 of 100 normal values."""


def likely(point: Point) -> str:
    """Return the best estimate and the range it likely lies in: "14.2 ± 3"."""
    return f"{plain(point.filtered_mean)} ± {plain(LIKELY * point.filtered_sd)}"


def expected(point: Point) -> str:
    """Return where the score was expected: "10 to 18"."""
    return f"{plain(point.band_low)} to {plain(point.band_high)}"


def standing(point: Point) -> str:
    """Return where the score lies against its expected band, in a word or two."""
    if point.value is None:
        return "not answered"
    if point.value > point.band_high:
        return "above what was expected"
    if point.value < point.band_low:
        return "below what was expected"
    return "as expected"


def point_words(point: Point) -> str:
    """Return one score as a sentence: the text alternative of its mark."""
    when = in_words(point.at)
    if point.value is None:
        return f"{when}: not answered; expected {expected(point)}"
    return (
        f"{when}: {plain(point.value)}, {standing(point)} ({expected(point)}); "
        f"best estimate {likely(point)}"
    )


def rupture_words(rupture: RuptureMark) -> str:
    """Return a rupture as a phrase, with whether it is repaired."""
    state = "repaired" if rupture.repaired else "open"
    return f"{in_words(rupture.at)}: {rupture.label}, {state}"


def description(trajectory: Trajectory) -> str:
    """Return the whole chart in a few sentences."""
    answered = [point for point in trajectory.points if point.value is not None]
    direction = DIRECTIONS[trajectory.better]
    if not answered:
        return f"No scores yet. {direction}."
    first, latest = answered[0], answered[-1]
    assert first.value is not None and latest.value is not None  # noqa: S101, PT018
    count = "1 score" if len(answered) == 1 else f"{len(answered)} scores"
    return (
        f"{count} from {in_words(first.at)} to {in_words(latest.at)}. "
        f"First {plain(first.value)}, latest {plain(latest.value)}, {standing(latest)} "
        f"({expected(latest)}). Best estimate now {likely(latest)}. {direction}."
    )
