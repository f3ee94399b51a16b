"""The attachment plane: where scores of anxiety and avoidance lie, with their error.

One kind of mark for each person or relationship that was asked about; a thin line joins
the answerings of one, and only the newest has its ellipse. The corners say directions,
not types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, line, number, path_of, text
from securebase.pages.shared.charts.frame import in_words, plain
from securebase.pages.shared.charts.ticks import number_ticks
from securebase.science.plane import coverage, region_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from securebase.science.plane import Standing

COLUMNS = ("Day", "About", "Anxiety", "Avoidance", "Against the norm group")
SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M0-6.5l6.5 6.5-6.5 6.5-6.5-6.5z",
    "M-5-5h10v10h-10z",
    "M0-6.5l6 11h-12z",
    "M-6.5-2h4.5v-4.5h4v4.5h4.5v4h-4.5v4.5h-4v-4.5h-4.5z",
)
"""Circle, diamond, square, triangle, cross; a sixth person starts again at the circle."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answering about one person: when, and where it lies."""

    at: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class Course:
    """The answerings about one person, in order of time; ``about`` names who."""

    about: str
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class _Square:
    """A square drawing of the plane: its name, its side and its scale."""

    name: str
    side: float
    low: float
    high: float

    @property
    def left(self) -> float:
        return 40.0

    @property
    def bottom(self) -> float:
        return self.side - 48.0

    def along(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * (self.side - self.left - 14)

    def up(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - 34)


def plane_chart(
    courses: Sequence[Course], *, title: str, key: str, span: tuple[float, float]
) -> SafeString:
    """Draw the plane as a figure with caption, drawing, key and table.

    Parameters
    ----------
    courses : sequence of Course
        One for each person or relationship asked about; at least one answering each.
    title : str
        What was asked, in words.
    key : str
        Makes the ids of this chart unique on its page.
    span : tuple of float
        Lowest and highest possible score, the same on both axes.

    Returns
    -------
    SafeString
        A ``<figure>`` with a large and a compact drawing, of which one is shown.
    """
    squares = [_Square("medium", 460, *span), _Square("compact", 330, *span)]
    scale = f"Lower is more secure · scale {plain(span[0])} to {plain(span[1])}"
    return element(
        "figure",
        element(
            "figcaption",
            element("span", title, class_="chart-title"),
            element("span", scale, class_="chart-scale"),
        ),
        joined(_drawing(square, courses, title, key) for square in squares),
        _key(courses),
        element("p", class_="chart-tip", hidden=True),
        _table(courses, title),
        class_="chart plane",
    )


def seen_words(course: Course, seen: Seen) -> str:
    """Return one answering as a sentence: the text alternative of its mark."""
    place = seen.standing
    words = (
        f"{in_words(seen.at)}, {course.about}: anxiety {plain(place.anxiety)}, "
        f"avoidance {plain(place.avoidance)}"
    )
    return f"{words}; {_against(place)}"


def _against(place: Standing) -> str:
    """Return the standing against the norm group, naming it; honest where there is none."""
    if place.percentiles is None:
        return "no published norms"
    anxiety, avoidance = (round(percentile) for percentile in place.percentiles)
    counts = f"anxiety above about {anxiety} of 100, avoidance above about {avoidance} of 100"
    if place.regions is None:
        return f"{counts} ({place.group})"
    return f"{region_words(place.label)}; {counts} ({place.group})"


def _drawing(square: _Square, courses: Sequence[Course], title: str, key: str) -> SafeString:
    name = f"chart-{key}-{square.name}"
    said = " ".join(f"{seen_words(course, course.seen[-1])}." for course in courses)
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", said, id=f"{name}-desc"),
        _ground(square, courses),
        joined(_course(square, n, course) for n, course in enumerate(courses)),
        class_=f"chart-drawing plane-drawing plane-{square.name}",
        viewBox=f"0 0 {number(square.side)} {number(square.side)}",
        role="group",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _ground(square: _Square, courses: Sequence[Course]) -> SafeString:
    right, top = square.along(square.high), square.up(square.high)
    parts: list[str] = []
    for tick in number_ticks(square.low, square.high, at_most=7):
        x, y = square.along(tick), square.up(tick)
        parts.append(line("grid", (x, top), (x, square.bottom)))
        parts.append(line("grid", (square.left, y), (right, y)))
        parts.append(text(plain(tick), x, square.bottom + 18, "middle"))
        parts.append(text(plain(tick), square.left - 8, y + 4.5, "tick-number"))
    parts += _centers(square, courses)
    parts.append(text("Anxiety", right, square.bottom + 40, "end"))
    parts.append(text("Avoidance", 4, top - 16, "start"))
    return element("g", joined(parts), aria_hidden="true")


def _centers(square: _Square, courses: Iterable[Course]) -> list[str]:
    """Draw the means of the norm group as two lines, once, where all share one group."""
    centers = {seen.standing.center for course in courses for seen in course.seen}
    if len(centers) != 1 or (center := centers.pop()) is None:
        return []
    x, y = square.along(center[0]), square.up(center[1])
    return [
        line("cutoff", (x, square.up(square.high)), (x, square.bottom)),
        line("cutoff", (square.left, y), (square.along(square.high), y)),
    ]


def _course(square: _Square, n: int, course: Course) -> SafeString:
    places = [
        (square.along(seen.standing.anxiety), square.up(seen.standing.avoidance))
        for seen in course.seen
    ]
    parts = [_ellipse(square, course.seen[-1].standing, places[-1])]
    if len(places) > 1:
        parts.append(element("polyline", class_="plane-path", points=path_of(places)))
    last = len(places) - 1
    parts += [
        _mark(n, place, seen_words(course, seen), newest=order == last)
        for order, (place, seen) in enumerate(zip(places, course.seen, strict=True))
    ]
    return element("g", joined(parts))


def _ellipse(square: _Square, place: Standing, at: tuple[float, float]) -> SafeString:
    if place.half_widths is None:
        return joined([])
    across = square.along(square.low + place.half_widths[0]) - square.left
    up = square.bottom - square.up(square.low + place.half_widths[1])
    return element("ellipse", class_="likely", cx=at[0], cy=at[1], rx=across, ry=up)


def _mark(n: int, at: tuple[float, float], words: str, *, newest: bool) -> SafeString:
    return element(
        "g",
        element("title", words),
        element("circle", class_="reach", cx=0, cy=0, r=14),
        element("path", class_="plane-mark", d=SHAPES[n % len(SHAPES)]),
        class_="point" if newest else "point plane-before",
        transform=f"translate({number(at[0])} {number(at[1])})",
        role="img",
        tabindex="0" if newest else "-1",
    )


def _key(courses: Sequence[Course]) -> SafeString:
    entries = [
        element("li", _sample(SHAPES[n % len(SHAPES)]), course.about)
        for n, course in enumerate(courses)
    ]
    places = [seen.standing for course in courses for seen in course.seen]
    if any(place.half_widths for place in places):
        share = round(coverage() * 100)
        entries.append(element("li", f"Ellipse: where the newest lies in {share} of 100 cases"))
    groups = {place.group for place in places}
    if len(groups) == 1 and (group := groups.pop()):
        entries.append(element("li", f"Broken lines: middle of the norm group ({group})"))
    return element("ul", joined(entries), class_="chart-key")


def _sample(shape: str) -> SafeString:
    mark = element("path", class_="plane-mark", d=shape, transform="translate(13 8)")
    return element("svg", mark, class_="key-sample", viewBox="0 0 26 16", aria_hidden="true")


def _table(courses: Sequence[Course], title: str) -> SafeString:
    heads = [element("th", column, scope="col") for column in COLUMNS]
    rows = [_row(course, seen) for course in courses for seen in course.seen]
    table = element(
        "table",
        element("caption", title, class_="unseen"),
        element("thead", element("tr", joined(heads))),
        element("tbody", joined(rows)),
        class_="table figures",
    )
    wrap = element(
        "div", table, class_="table-wrap", role="region", aria_label=title, tabindex="0"
    )
    return element(
        "details", element("summary", "Show as a table"), wrap, class_="disclosure chart-table"
    )


def _row(course: Course, seen: Seen) -> SafeString:
    place = seen.standing
    cells = [course.about, plain(place.anxiety), plain(place.avoidance), _against(place)]
    return element(
        "tr",
        element("th", in_words(seen.at), scope="row"),
        joined([element("td", cell) for cell in cells]),
    )
