"""A line the size of a word: the last scores, and where they were expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, number, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from securebase.science.words import Point, Trajectory

WIDTH, HEIGHT, EDGE = 160.0, 44.0, 5.0
LAST = 12


def sparkline(trajectory: Trajectory, *, label: str, last: int = LAST) -> SafeString:
    """Draw the ``last`` scores of a trajectory over their expected band.

    Scores stand at equal distances, because at this size order is all that can be
    read. ``label`` is the whole text alternative, so it should say the change in words.
    """
    points = trajectory.points[-last:]
    places = _places(points)
    drawn = [place for place in places if place[1] is not None]
    children: list[str] = []
    if points:
        children.append(_band(points))
    if drawn:
        path = path_of((x, y) for x, y in drawn if y is not None)
        children.append(element("polyline", class_="spark-line", points=path))
        children.append(
            element("circle", class_="spark-now", cx=drawn[-1][0], cy=drawn[-1][1], r=3.5)
        )
    return element(
        "svg",
        joined(children),
        class_="spark",
        viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        role="img",
        aria_label=label,
    )


def _places(points: Sequence[Point]) -> list[tuple[float, float | None]]:
    return [
        (_x(n, len(points)), None if point.value is None else _y(point.value, points))
        for n, point in enumerate(points)
    ]


def _band(points: Sequence[Point]) -> SafeString:
    upper = [(_x(n, len(points)), _y(p.band_high, points)) for n, p in enumerate(points)]
    lower = [(_x(n, len(points)), _y(p.band_low, points)) for n, p in enumerate(points)]
    return element("polygon", class_="spark-band", points=path_of([*upper, *reversed(lower)]))


def _x(place: int, count: int) -> float:
    return WIDTH / 2 if count == 1 else EDGE + place / (count - 1) * (WIDTH - 2 * EDGE)


def _y(value: float, points: Sequence[Point]) -> float:
    seen = [p.value for p in points if p.value is not None]
    low = min([*seen, *(p.band_low for p in points)])
    high = max([*seen, *(p.band_high for p in points)])
    if high == low:
        return HEIGHT / 2
    return HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)
