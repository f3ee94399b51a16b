"""The layers of a trajectory chart, from the back to the front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, number
from securebase.pages.shared.charts.frame import local, plain
from securebase.pages.shared.charts.ticks import date_ticks, number_ticks
from securebase.pages.shared.charts.words import point_words, rupture_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.frame import Frame
    from securebase.pages.shared.charts.marks import Expected, Marks
    from securebase.science.words import Point

LIKELY = 1.96
"""Standard deviations either side that hold 95 of 100 normal values."""

LETTER = 7.0
"""Rough width of one letter of a label, to see whether it fits; a little generous."""


def axes(frame: Frame) -> SafeString:
    """Draw the grid and the numbers: quiet, horizontal, never boxed in."""
    size = frame.size
    parts: list[str] = []
    for tick in number_ticks(frame.low, frame.high, at_most=size.number_ticks):
        y = frame.y(tick)
        parts.append(element("line", class_="grid", x1=size.left, x2=frame.right, y1=y, y2=y))
        parts.append(_text(plain(tick), size.left - 8, y + 4.5, "tick tick-number"))
    parts.append(
        element(
            "line",
            class_="axis",
            x1=size.left,
            x2=frame.right,
            y1=frame.bottom,
            y2=frame.bottom,
        )
    )
    for moment, label in date_ticks(frame.start, frame.end, at_most=size.date_ticks):
        x = frame.x(moment)
        parts.append(
            element("line", class_="axis", x1=x, x2=x, y1=frame.bottom, y2=frame.bottom + 5)
        )
        parts.append(_text(label, x, frame.bottom + 24, f"tick tick-date {_anchor(frame, x)}"))
    return element("g", joined(parts), aria_hidden="true")


def phases(frame: Frame, marks: Marks) -> SafeString:
    """Draw where each phase of care begins, and shade processing windows."""
    parts: list[str] = []
    ends = [*(phase.at for phase in marks.phases[1:]), frame.end]
    for phase, end in zip(marks.phases, ends, strict=False):
        left, right = frame.x(local(phase.at)), frame.x(local(end))
        height = frame.bottom - frame.size.top
        if phase.shaded:
            parts.append(
                element(
                    "rect",
                    class_="phase-shade",
                    x=left,
                    y=frame.size.top,
                    width=right - left,
                    height=height,
                )
            )
        parts.append(
            element(
                "line",
                class_="phase-line",
                x1=left,
                x2=left,
                y1=frame.size.top - 20,
                y2=frame.bottom,
            )
        )
        if len(phase.label) * LETTER <= right - left:
            parts.append(_text(phase.label, left + 6, frame.size.top - 10, "phase-label"))
    return element("g", joined(parts), aria_hidden="true")


def band(frame: Frame, points: Sequence[Point], future: Sequence[Expected]) -> SafeString:
    """Draw where scores were expected and, from the latest on, where they are."""
    seen = [(local(p.at), p.band_low, p.band_high) for p in points]
    ahead = [*seen[-1:], *((local(e.at), e.low, e.high) for e in future)]
    parts = [_ribbon(frame, seen, "band")]
    if future:
        parts.append(_ribbon(frame, ahead, "band band-ahead"))
    return joined(parts)


def estimate(frame: Frame, points: Sequence[Point]) -> SafeString:
    """Draw the best estimate of each moment with the range it likely lies in."""
    ribbon = [
        (
            local(p.at),
            p.filtered_mean - LIKELY * p.filtered_sd,
            p.filtered_mean + LIKELY * p.filtered_sd,
        )
        for p in points
    ]
    line = _points((frame.x(local(p.at)), frame.y(p.filtered_mean)) for p in points)
    return joined(
        [
            _ribbon(frame, ribbon, "likely"),
            element("polyline", class_="level", points=line),
        ]
    )


def cutoffs(frame: Frame, marks: Marks) -> SafeString:
    """Draw published thresholds, each with what it separates."""
    parts: list[str] = []
    for cutoff in marks.cutoffs:
        y = frame.y(cutoff.value)
        label = f"{cutoff.label} ({plain(cutoff.value)})"
        parts.append(
            element("line", class_="cutoff", x1=frame.size.left, x2=frame.right, y1=y, y2=y)
        )
        parts.append(_text(label, frame.right - 4, y - 6, "cutoff-label end"))
    return element("g", joined(parts), aria_hidden="true")


def sessions(frame: Frame, moments: Iterable[datetime]) -> SafeString:
    """Draw a small foot on the axis for every therapy session."""
    feet = [
        element("line", class_="session", x1=x, x2=x, y1=frame.bottom - 7, y2=frame.bottom)
        for x in (frame.x(local(moment)) for moment in moments)
    ]
    return element("g", joined(feet), aria_hidden="true")


def ruptures(frame: Frame, marks: Marks) -> SafeString:
    """Draw each rupture as a diamond on the upper edge: open, or filled once repaired."""
    parts: list[str] = []
    y = frame.size.top + 10
    for rupture in marks.ruptures:
        x = frame.x(local(rupture.at))
        words = rupture_words(rupture)
        shape = _points([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)])
        kind = "rupture rupture-repaired" if rupture.repaired else "rupture"
        parts.append(
            element(
                "g",
                element("title", words),
                element("line", class_="rupture-line", x1=x, x2=x, y1=y + 7, y2=frame.bottom),
                element("polygon", points=shape),
                class_=kind,
                role="img",
                aria_label=words,
            )
        )
    return joined(parts)


def scores(frame: Frame, points: Sequence[Point]) -> SafeString:
    """Draw every score; one is reached by Tab, the others from it by the arrow keys."""
    parts = [_score(frame, point, latest=point is points[-1]) for point in points]
    return joined(parts)


def _score(frame: Frame, point: Point, *, latest: bool) -> SafeString:
    x, words = frame.x(local(point.at)), point_words(point)
    if point.value is None:
        y, kind = frame.bottom - 14, "point point-missing"
        shape = element("path", d=f"M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8")
    else:
        y, outside = frame.y(point.value), not point.band_low <= point.value <= point.band_high
        kind = "point point-outside" if outside else "point"
        shape = element("circle", cx=x, cy=y, r=6 if outside else 4.5)
    return element(
        "g",
        element("title", words),
        element("circle", class_="reach", cx=x, cy=y, r=13),
        shape,
        class_=kind,
        role="img",
        tabindex="0" if latest else "-1",
        aria_label=words,
    )


def _ribbon(
    frame: Frame, edges: Sequence[tuple[datetime, float, float]], kind: str
) -> SafeString:
    upper = [(frame.x(at), frame.y(high)) for at, _, high in edges]
    lower = [(frame.x(at), frame.y(low)) for at, low, _ in edges]
    return element("polygon", class_=kind, points=_points([*upper, *reversed(lower)]))


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _text(words: str, x: float, y: float, kind: str) -> SafeString:
    return element("text", words, class_=kind, x=x, y=y)


def _anchor(frame: Frame, x: float) -> str:
    """Keep the first and the last date inside the drawing."""
    if x > frame.right - 24:
        return "end"
    return "start" if x < frame.size.left + 12 else "middle"
