"""What a trajectory is drawn on: axes, phases, sessions and thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, line, text
from securebase.pages.shared.charts.frame import plain
from securebase.pages.shared.charts.ticks import date_ticks, number_ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.frame import Frame
    from securebase.pages.shared.charts.marks import Marks
    from securebase.science.words import Point

LETTER = 7.5
"""Rough width of one letter of a label, to see whether it fits; a little generous."""

HALF_DATE = 26.0
"""Room that half a date label takes to either side of its tick."""


def axes(frame: Frame) -> SafeString:
    """Draw the grid and the numbers: quiet, horizontal, never boxed in."""
    size, parts = frame.size, []
    for tick in number_ticks(frame.low, frame.high, at_most=size.number_ticks):
        y = frame.y(tick)
        kind = "axis" if y == frame.bottom else "grid"
        parts.append(line(kind, (size.left, y), (frame.right, y)))
        parts.append(text(plain(tick), size.left - 8, y + 4.5, "tick-number"))
    parts.append(line("axis", (size.left, frame.bottom), (frame.right, frame.bottom)))
    for moment in date_ticks(frame.start, frame.end, at_most=size.date_ticks):
        x = frame.x(moment.at)
        anchor = _anchor(frame, x)
        parts.append(line("axis", (x, frame.bottom), (x, frame.bottom + 6)))
        parts.append(text(moment.label, x, frame.bottom + 23, anchor))
        if moment.year:
            parts.append(text(moment.year, x, frame.bottom + 41, f"tick-year {anchor}"))
    return element("g", joined(parts), aria_hidden="true")


def phases(frame: Frame, marks: Marks) -> SafeString:
    """Draw where each phase of care begins, and shade processing windows."""
    parts: list[str] = []
    top = frame.size.top
    ends = [*(phase.at for phase in marks.phases[1:]), frame.end]
    for phase, end in zip(marks.phases, ends, strict=False):
        left, right = frame.x(phase.at), frame.x(end)
        if phase.shaded:
            box = {"x": left, "y": top, "width": right - left, "height": frame.bottom - top}
            parts.append(element("rect", class_="phase-shade", **box))
        parts.append(line("phase-line", (left, top - 20), (left, frame.bottom)))
        if len(phase.label) * LETTER <= right - left:
            parts.append(text(phase.label, left + 7, top - 10, "phase-label"))
    return element("g", joined(parts), aria_hidden="true")


def sessions(frame: Frame, moments: Iterable[datetime]) -> SafeString:
    """Draw a small foot on the axis for every therapy session."""
    places = [frame.x(moment) for moment in moments]
    feet = [line("session", (x, frame.bottom - 7), (x, frame.bottom)) for x in places]
    return element("g", joined(feet), aria_hidden="true")


def cutoffs(frame: Frame, marks: Marks, points: Sequence[Point]) -> SafeString:
    """Draw published thresholds, each named at the end where fewer scores are near."""
    parts: list[str] = []
    for cutoff in marks.cutoffs:
        y = frame.y(cutoff.value)
        label = f"{cutoff.label} ({plain(cutoff.value)})"
        parts.append(line("cutoff", (frame.size.left, y), (frame.right, y)))
        if _room(frame, points, y, at_start=True) > _room(frame, points, y, at_start=False):
            parts.append(text(label, frame.size.left + 8, y - 7, "cutoff-label start"))
        else:
            parts.append(text(label, frame.right - 4, y - 7, "cutoff-label end"))
    return element("g", joined(parts), aria_hidden="true")


def _room(frame: Frame, points: Sequence[Point], y: float, *, at_start: bool) -> float:
    """Return how far the nearest score of one half of the plot is from a height."""
    middle = (frame.size.left + frame.right) / 2
    near = [point for point in points if (frame.x(point.at) < middle) == at_start]
    heights = [frame.y(point.filtered_mean) for point in near]
    heights += [frame.y(point.value) for point in near if point.value is not None]
    return min((abs(height - y) for height in heights), default=frame.bottom)


def _anchor(frame: Frame, x: float) -> str:
    """Keep the first and the last date inside the drawing."""
    if x + HALF_DATE > frame.size.width:
        return "end"
    return "start" if x < HALF_DATE else "middle"
