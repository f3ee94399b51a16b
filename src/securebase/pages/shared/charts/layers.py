"""The layers of a trajectory itself, from the back to the front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, line, number, path_of
from securebase.pages.shared.charts.words import LIKELY, rupture_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.frame import Frame
    from securebase.pages.shared.charts.marks import Expected, Marks
    from securebase.science.words import Point

    Edges = Sequence[tuple[datetime, float, float]]
    """Moments with a lower and an upper value."""

REACH = 13.0
"""Radius that a finger or a pointer needs to find a point."""


def band(frame: Frame, points: Sequence[Point], future: Sequence[Expected]) -> SafeString:
    """Draw where scores were expected and, from the latest on, where they are."""
    seen = [(p.at, p.band_low, p.band_high) for p in points]
    ahead = [*seen[-1:], *((e.at, e.low, e.high) for e in future)]
    parts = [_ribbon(frame, seen, "band"), _edges(frame, seen)]
    if future:
        parts += [_ribbon(frame, ahead, "band band-ahead"), _edges(frame, ahead)]
    return joined(parts)


def estimate(frame: Frame, points: Sequence[Point]) -> SafeString:
    """Draw the best estimate of each moment with the range it likely lies in."""
    around = [(p.at, p.filtered_mean, LIKELY * p.filtered_sd) for p in points]
    likely = [(at, mean - give, mean + give) for at, mean, give in around]
    level = path_of((frame.x(at), frame.y(mean)) for at, mean, _ in around)
    return joined(
        [
            _ribbon(frame, likely, "likely"),
            element("polyline", class_="level", points=level),
        ]
    )


def ruptures(frame: Frame, marks: Marks) -> SafeString:
    """Draw each rupture as a diamond on the upper edge: open, or filled once repaired."""
    parts: list[str] = []
    y = frame.size.top + 10
    for rupture in marks.ruptures:
        x = frame.x(rupture.at)
        diamond = path_of([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)])
        mark = element(
            "g",
            element("title", rupture_words(rupture)),
            line("rupture-line", (x, y + 7), (x, frame.bottom)),
            element("polygon", points=diamond),
            class_="rupture rupture-repaired" if rupture.repaired else "rupture",
            role="img",
        )
        parts.append(mark)
    return joined(parts)


def scores(frame: Frame, points: Sequence[Point], words: Sequence[str]) -> SafeString:
    """Draw every score; the latest is reached by Tab, the others by the arrow keys."""
    told = zip(points, words, strict=True)
    return joined([_score(frame, p, said, latest=p is points[-1]) for p, said in told])


def _score(frame: Frame, point: Point, words: str, *, latest: bool) -> SafeString:
    x = frame.x(point.at)
    if point.value is None:
        y, kind = frame.bottom - 16, "point point-missing"
        shape = element("path", d=f"M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8")
    else:
        y, outside = frame.y(point.value), not point.band_low <= point.value <= point.band_high
        kind = "point point-outside" if outside else "point"
        shape = element("circle", cx=x, cy=y, r=6 if outside else 4.5)
    return element(
        "g",
        element("title", words),
        element("circle", class_="reach", cx=x, cy=y, r=REACH),
        shape,
        class_=kind,
        role="img",
        tabindex="0" if latest else "-1",
    )


def _ribbon(frame: Frame, edges: Edges, kind: str) -> SafeString:
    lower, upper = _sides(frame, edges)
    return element("polygon", class_=kind, points=path_of([*upper, *reversed(lower)]))


def _edges(frame: Frame, edges: Edges) -> SafeString:
    sides = [path_of(side) for side in _sides(frame, edges)]
    return joined([element("polyline", class_="band-edge", points=side) for side in sides])


def _sides(
    frame: Frame, edges: Edges
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    lower = [(frame.x(at), frame.y(low)) for at, low, _ in edges]
    upper = [(frame.x(at), frame.y(high)) for at, _, high in edges]
    return lower, upper
