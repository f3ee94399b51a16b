"""The same chart as words: its key, and a table of every number drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop

from securebase.pages.shared.charts.element import element, joined
from securebase.pages.shared.charts.frame import in_words, plain
from securebase.pages.shared.charts.words import expected, likely, rupture_words, standing

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.marks import Marks
    from securebase.science.words import Point, Trajectory

COLUMNS = (
    gettext_noop("Day"),
    gettext_noop("Score"),
    gettext_noop("Best estimate"),
    gettext_noop("Expected"),
    gettext_noop("Standing"),
)
KEY = {
    "score": gettext_noop("Score"),
    "outside": gettext_noop("Outside what was expected"),
    "missing": gettext_noop("Not answered"),
    "level": gettext_noop("Best estimate and its likely range (95 %)"),
    "band": gettext_noop("Expected"),
    "ahead": gettext_noop("Expected from here on"),
    "session": gettext_noop("Session"),
    "open": gettext_noop("Rupture, open"),
    "repaired": gettext_noop("Rupture, repaired"),
}
"""What each line and mark means."""


def table_of(trajectory: Trajectory, *, title: str, marks: Marks) -> SafeString:
    """Return every number of the chart as a table, behind a line to open it."""
    heads = [element("th", gettext(column), scope="col") for column in COLUMNS]
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
        element("summary", gettext("Show as a table")),
        element(
            "div", table, class_="table-wrap", role="region", aria_label=title, tabindex="0"
        ),
        _marked(marks),
        class_="disclosure chart-table",
    )


def key_to(trajectory: Trajectory, marks: Marks, *, ahead: bool) -> SafeString:
    """Return what each line and mark means, only for those that are drawn."""
    outside = any(
        p.value is not None and not p.band_low <= p.value <= p.band_high
        for p in trajectory.points
    )
    missing = any(point.value is None for point in trajectory.points)
    drawn = {
        "outside": outside,
        "missing": missing,
        "ahead": ahead,
        "session": bool(marks.sessions),
        "open": any(not mark.repaired for mark in marks.ruptures),
        "repaired": any(mark.repaired for mark in marks.ruptures),
    }
    items = [
        element("li", _sample(kind), gettext(words))
        for kind, words in KEY.items()
        if drawn.get(kind, True)
    ]
    return element("ul", joined(items), class_="chart-key")


def _row(point: Point) -> SafeString:
    score = gettext("not answered") if point.value is None else plain(point.value)
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
