"""A person's scores over time: what was answered, the best estimate, what was expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop

from securebase.pages.shared.charts import ground, layers
from securebase.pages.shared.charts.element import element, joined, number
from securebase.pages.shared.charts.frame import SIZES, Frame, Size
from securebase.pages.shared.charts.marks import (
    Marks,
    marks_on_the_readers_clock,
    on_the_readers_clock,
)
from securebase.pages.shared.charts.table import key_to, table_of
from securebase.pages.shared.charts.words import DIRECTIONS, description, in_range, point_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from securebase.pages.shared.charts.marks import Expected
    from securebase.science.words import Point, Trajectory

NOTHING_MARKED = Marks()
NOTHING_YET = gettext_noop("No scores yet. The first one will appear here.")
SHORTEST = timedelta(days=14)
"""A first score alone still gets an axis that shows time passing."""


def trajectory_chart(
    trajectory: Trajectory,
    *,
    title: str,
    key: str,
    span: tuple[float, float],
    marks: Marks = NOTHING_MARKED,
    future: tuple[Expected, ...] = (),
) -> SafeString:
    """Draw one trajectory as a figure with caption, drawing, key and table.

    Parameters
    ----------
    trajectory : Trajectory
        Scores in order of time, in raw points.
    title : str
        What is measured, in words; the caption and the name for those who listen.
    key : str
        Makes the ids of this chart unique on its page, for instance ``pcl-5``.
    span : tuple of float
        Lowest and highest possible score: the whole scale is always shown, so that
        two people's charts can be compared and no small change looks large.
    marks : Marks
        Phases, sessions, ruptures and thresholds.
    future : tuple of Expected
        Where coming scores are expected, in order of time.

    Returns
    -------
    SafeString
        A ``<figure>``; it holds a wide, a medium and a compact drawing, of which the
        one that fits is shown; so letters keep their size.
    """
    trajectory = replace(trajectory, points=on_the_readers_clock(trajectory.points))
    marks, future = marks_on_the_readers_clock(marks), on_the_readers_clock(future)
    caption = _caption(trajectory, title, span)
    if not trajectory.points:
        nothing = element("p", gettext(NOTHING_YET), class_="soft")
        return element("figure", caption, nothing, class_="chart")
    words = [point_words(point) for point in trajectory.points]
    frames = [_frame(size, trajectory, span, marks, future) for size in SIZES]
    said = (title, description(trajectory))
    return element(
        "figure",
        caption,
        joined(
            _drawing(frame, key, said, _layers(frame, trajectory.points, words, marks, future))
            for frame in frames
        ),
        key_to(trajectory, marks, ahead=bool(future)),
        element("p", class_="chart-tip", hidden=True),
        table_of(trajectory, title=title, marks=marks),
        class_="chart",
    )


def _caption(trajectory: Trajectory, title: str, span: tuple[float, float]) -> SafeString:
    scale = gettext("%(direction)s · scale %(range)s") % {
        "direction": gettext(DIRECTIONS[trajectory.better]),
        "range": in_range(*span),
    }
    return element(
        "figcaption",
        element("span", title, class_="chart-title"),
        element("span", scale, class_="chart-scale"),
    )


def _frame(
    size: Size,
    trajectory: Trajectory,
    span: tuple[float, float],
    marks: Marks,
    future: tuple[Expected, ...],
) -> Frame:
    moments: list[datetime] = [point.at for point in trajectory.points]
    moments += [expected.at for expected in future]
    moments += list(marks.sessions) + [mark.at for mark in marks.ruptures]
    start, end = min(moments), max(moments)
    return Frame(size, start, max(end, start + SHORTEST), *span)


def _layers(
    frame: Frame,
    points: tuple[Point, ...],
    words: list[str],
    marks: Marks,
    future: tuple[Expected, ...],
) -> SafeString:
    return joined(
        [
            ground.phases(frame, marks),
            layers.band(frame, points, future),
            ground.axes(frame),
            ground.cutoffs(frame, marks, points),
            layers.estimate(frame, points),
            ground.sessions(frame, marks.sessions),
            layers.ruptures(frame, marks),
            layers.scores(frame, points, words),
        ]
    )


def _drawing(frame: Frame, key: str, said: tuple[str, str], drawn: SafeString) -> SafeString:
    name = f"chart-{key}-{frame.size.name}"
    return element(
        "svg",
        element("title", said[0], id=f"{name}-title"),
        element("desc", said[1], id=f"{name}-desc"),
        drawn,
        class_=f"chart-drawing chart-{frame.size.name}",
        viewBox=f"0 0 {number(frame.size.width)} {number(frame.size.height)}",
        role="group",
        aria_labelledby=f"{name}-title {name}-desc",
    )
