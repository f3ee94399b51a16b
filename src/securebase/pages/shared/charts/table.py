"""The same chart as words: its key, and a table of every number drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined
from securebase.pages.shared.charts.frame import in_words, plain
from securebase.pages.shared.charts.words import expected, likely, rupture_words, standing

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.marks import Marks
    from securebase.science.words import Point, Trajectory

COLUMNS = ("Day", "Score", "Best estimate", "Expected", "Standing")


def table_of(trajectory: Trajectory, *, title: str, marks: Marks) -> SafeString:
    """Return every number of the chart as a table, behind a line to open it."""
    heads = [element("th", column, scope="col") for column in COLUMNS]
    rows = [_row(point) for point in trajectory.points]
    table = element(
        "table",
        element("caption", title, class_="unseen"),
        element("thead", element("tr", joined(heads))),
        element("tbody", joined(rows)),
        class_="table figures",
    )
    return element(
        "details",
        element("summary", "Show as a table"),
        element(
            "div", table, class_="table-wrap", role="region", aria_label=title, tabindex="0"
        ),
        _marked(marks),
        class_="disclosure chart-table",
    )


def key_to(trajectory: Trajectory, marks: Marks, *, ahead: bool) -> SafeString:
    """Return what each line and mark means, only for those that are drawn."""
    outside = any(standing(point).endswith("was expected") for point in trajectory.points)
    missing = any(point.value is None for point in trajectory.points)
    entries = [
        ("score", "Score", True),
        ("outside", "Outside what was expected", outside),
        ("missing", "Not answered", missing),
        ("level", "Best estimate and its likely range (95 %)", True),
        ("band", "Expected", True),
        ("ahead", "Expected from here on", ahead),
        ("session", "Session", bool(marks.sessions)),
        ("open", "Rupture, open", any(not mark.repaired for mark in marks.ruptures)),
        ("repaired", "Rupture, repaired", any(mark.repaired for mark in marks.ruptures)),
    ]
    items = [element("li", _sample(kind), words) for kind, words, drawn in entries if drawn]
    return element("ul", joined(items), class_="chart-key")


def _row(point: Point) -> SafeString:
    score = "not answered" if point.value is None else plain(point.value)
    cells = [score, likely(point), expected(point), standing(point)]
    return element(
        "tr",
        element("th", in_words(point.at), scope="row"),
        joined([element("td", cell) for cell in cells]),
    )


def _marked(marks: Marks) -> SafeString:
    said = [f"{in_words(phase.at)}: {phase.label} begins" for phase in marks.phases]
    said += [rupture_words(rupture) for rupture in marks.ruptures]
    said += [f"{cutoff.label}: {plain(cutoff.value)}" for cutoff in marks.cutoffs]
    if marks.sessions:
        days = ", ".join(f"{session.day} {session:%b %Y}" for session in marks.sessions)
        said.append(f"{len(marks.sessions)} sessions: {days}")
    if not said:
        return joined([])
    return element("ul", joined([element("li", words) for words in said]), class_="small")


SAMPLES: dict[str, tuple[tuple[str, dict[str, str | float]], ...]] = {
    "score": (("circle", {"class_": "point", "cx": 13, "cy": 8, "r": 4.5}),),
    "outside": (("circle", {"class_": "point-outside", "cx": 13, "cy": 8, "r": 6}),),
    "missing": (("path", {"class_": "point-missing", "d": "M9 4l8 8m0-8l-8 8"}),),
    "level": (
        ("rect", {"class_": "likely", "x": 0, "y": 2, "width": 26, "height": 12}),
        ("line", {"class_": "level", "x1": 0, "x2": 26, "y1": 8, "y2": 8}),
    ),
    "band": (
        ("rect", {"class_": "band", "x": 0, "y": 2, "width": 26, "height": 12}),
        ("path", {"class_": "band-edge", "d": "M0 2h26M0 14h26"}),
    ),
    "ahead": (
        ("rect", {"class_": "band band-ahead", "x": 0, "y": 2, "width": 26, "height": 12}),
        ("path", {"class_": "band-edge", "d": "M0 2h26M0 14h26"}),
    ),
    "session": (("line", {"class_": "session", "x1": 13, "x2": 13, "y1": 4, "y2": 12}),),
    "open": (("path", {"class_": "rupture", "d": "M13 1l7 7-7 7-7-7z"}),),
    "repaired": (("path", {"class_": "rupture rupture-repaired", "d": "M13 1l7 7-7 7-7-7z"}),),
}


def _sample(kind: str) -> SafeString:
    shapes = [element(name, **attributes) for name, attributes in SAMPLES[kind]]
    return element(
        "svg", joined(shapes), class_="key-sample", viewBox="0 0 26 16", aria_hidden="true"
    )
