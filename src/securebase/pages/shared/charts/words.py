"""What a chart says to those who listen to it or read its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop, ngettext

from securebase.pages.shared.charts.frame import in_words, plain
from securebase.science.words import Better

if TYPE_CHECKING:
    from securebase.pages.shared.charts.marks import RuptureMark
    from securebase.science.words import Point, Trajectory

DIRECTIONS = {
    Better.LOWER: gettext_noop("Lower is better"),
    Better.HIGHER: gettext_noop("Higher is better"),
    Better.NEITHER: gettext_noop("Neither higher nor lower is better"),
}
LIKELY = 1.96
"""Standard deviations either side that hold 95 of 100 normal values."""


def likely(point: Point) -> str:
    """Return the best estimate and the range it likely lies in: "14.2 ± 3"."""
    return f"{plain(point.filtered_mean)} ± {plain(LIKELY * point.filtered_sd)}"


def expected(point: Point) -> str:
    """Return where the score was expected: "10 to 18"."""
    return in_range(point.band_low, point.band_high)


def in_range(low: float, high: float) -> str:
    """Return two numbers as from one to the other: "0 to 27"."""
    return gettext("%(low)s to %(high)s") % {"low": plain(low), "high": plain(high)}


def standing(point: Point) -> str:
    """Return where the score lies against its expected band, in a word or two."""
    if point.value is None:
        return gettext("not answered")
    if point.value > point.band_high:
        return gettext("above what was expected")
    if point.value < point.band_low:
        return gettext("below what was expected")
    return gettext("as expected")


def point_words(point: Point) -> str:
    """Return one score as a sentence: the text alternative of its mark."""
    told = {"day": in_words(point.at), "expected": expected(point)}
    if point.value is None:
        return gettext("%(day)s: not answered; expected %(expected)s") % told
    told |= _numbers(point)
    said = gettext("%(day)s: %(value)s, %(standing)s (%(expected)s); best estimate %(likely)s")
    return said % told


def rupture_words(rupture: RuptureMark) -> str:
    """Return a rupture as a phrase, with whether it is repaired."""
    state = "repaired" if rupture.repaired else "open"
    return f"{in_words(rupture.at)}: {rupture.label}, {state}"


def description(trajectory: Trajectory) -> str:
    """Return the whole chart in a few sentences."""
    answered = [point for point in trajectory.points if point.value is not None]
    direction = gettext(DIRECTIONS[trajectory.better])
    if not answered:
        return gettext("No scores yet. %(direction)s.") % {"direction": direction}
    first, latest = answered[0], answered[-1]
    assert first.value is not None and latest.value is not None  # noqa: S101, PT018
    many = ngettext("%(n)s score", "%(n)s scores", len(answered)) % {"n": len(answered)}
    said = gettext(
        "%(many)s from %(from)s to %(to)s. First %(first)s, latest %(value)s, %(standing)s "
        "(%(expected)s). Best estimate now %(likely)s. %(direction)s."
    )
    return said % {
        "many": many,
        "from": in_words(first.at),
        "to": in_words(latest.at),
        "first": plain(first.value),
        "expected": expected(latest),
        "direction": direction,
        **_numbers(latest),
    }


def _numbers(point: Point) -> dict[str, str]:
    """Return what an answered point says of itself, by the places it fills in a sentence."""
    value = "" if point.value is None else plain(point.value)
    return {"value": value, "standing": standing(point), "likely": likely(point)}
