"""Trajectory charts.

A chart shows what was answered, the best estimate with its uncertainty, and what was
expected. Everything drawn is also said: each point by a sentence, all of it by a table.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from securebase.pages.shared import samples
from securebase.pages.shared.charts import (
    CutoffLine,
    Marks,
    PhaseMark,
    RuptureMark,
    sparkline,
    trajectory_chart,
)
from securebase.science.words import Better, Point, Trajectory

SCRIPT = "<script>alert(1)</script>"
AT = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)


def chart(trajectory: Trajectory | None = None, **changes: Any) -> tuple[str, ET.Element]:
    """Return the sample chart as text and as a tree (well-formed XML, or the test fails)."""
    asked: dict[str, Any] = {
        "title": "Symptoms",
        "key": "s",
        "span": (0, 80),
        "marks": samples.symptom_marks(),
    }
    html = trajectory_chart(trajectory or samples.symptom_trajectory(), **asked | changes)
    return html, ET.fromstring(html.replace(" hidden>", ' hidden="">'))  # noqa: S314


def one_point(**changes: Any) -> Trajectory:
    point = Point(AT, 14.0, 15.0, 2.0, 16.0, 4.0, None, 10.0, 20.0)
    return Trajectory("m.total", Better.LOWER, (replace(point, **changes),), "test")


def with_class(tree: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in tree.iter() if name in node.get("class", "").split()]


def test_every_point_has_a_text_alternative_in_every_drawing() -> None:
    _, tree = chart()

    points = [node for node in with_class(tree, "point") if node.tag == "g"]
    assert len(points) == 3 * len(samples.SCORES)
    assert all(node.get("role") == "img" and node.findtext("title") for node in points)


def test_a_point_says_day_score_standing_and_estimate() -> None:
    html, _ = chart(one_point())

    assert "Mon 5 Oct 2026: 14, as expected (10 to 20); best estimate 15 ± 3.9" in html


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (21.0, "21, above what was expected"),
        (9.5, "9.5, below what was expected"),
        (20.0, "20, as expected"),
        (None, "not answered; expected 10 to 20"),
    ],
)
def test_a_score_is_told_against_its_expectation(value: float | None, words: str) -> None:
    assert words in chart(one_point(value=value))[0]


def test_what_lies_outside_differs_by_shape_not_by_hue_alone() -> None:
    _, tree = chart(one_point(value=30.0))

    radii = {
        node.get("r")
        for group in with_class(tree, "point-outside")
        for node in group.findall("circle")
    }
    assert "6" in radii


def test_one_point_of_each_drawing_is_reached_by_tab() -> None:
    _, tree = chart()

    reached = [node for node in with_class(tree, "point") if node.get("tabindex") == "0"]
    assert len(reached) == 3


def test_the_table_holds_every_score() -> None:
    _, tree = chart()

    rows = tree.findall(".//tbody/tr")
    scores = [row.findtext("td") for row in rows]
    assert scores == ["not answered" if s is None else str(s) for s in samples.SCORES]


def test_what_is_marked_is_also_said() -> None:
    html, _ = chart()

    said = html[html.index("<details") :]
    assert "Process begins" in said
    assert "withdrawal, repaired" in said
    assert "confrontation, open" in said
    assert "Sample threshold: 33" in said
    assert "14 sessions: 8 Jul 2026, 15 Jul 2026" in said


@pytest.mark.parametrize(
    ("better", "words"),
    [
        (Better.LOWER, "Lower is better"),
        (Better.HIGHER, "Higher is better"),
        (Better.NEITHER, "Neither higher nor lower is better"),
    ],
)
def test_the_direction_is_always_said(better: Better, words: str) -> None:
    html, _ = chart(replace(samples.symptom_trajectory(), better=better))

    assert f"{words} · scale 0 to 80" in html


def test_each_drawing_has_a_title_and_a_description_of_its_own() -> None:
    _, tree = chart()

    names = [node.get("aria-labelledby", "") for node in with_class(tree, "chart-drawing")]
    ids = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    assert sorted(" ".join(names).split()) == sorted(ids)
    assert len(set(ids)) == 6


def test_nothing_carries_a_style_or_a_handler() -> None:
    html, tree = chart(future=samples.symptom_future())

    assert "style" not in html
    assert not [name for node in tree.iter() for name in node.attrib if name.startswith("on")]


def test_words_from_people_stay_text() -> None:
    marks = Marks(
        phases=(PhaseMark(AT, SCRIPT),),
        ruptures=(RuptureMark(AT, SCRIPT),),
        cutoffs=(CutoffLine(20, SCRIPT),),
    )

    html, _ = chart(one_point(), title=SCRIPT, marks=marks)

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_everything_lies_inside_the_drawing() -> None:
    wild = one_point(value=500.0, filtered_sd=900.0, band_low=-300.0, band_high=700.0)

    _, tree = chart(wild)

    for drawing in with_class(tree, "chart-drawing"):
        _, _, width, height = map(float, drawing.attrib["viewBox"].split())
        corners = [
            tuple(map(float, pair.split(",")))
            for node in drawing.iter()
            for pair in node.get("points", "").split()
        ]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in corners)


def test_before_the_first_score_the_chart_says_so() -> None:
    html, tree = chart(samples.empty_trajectory())

    assert "No scores yet" in html
    assert not with_class(tree, "chart-drawing")


def test_a_trajectory_of_missing_answers_still_draws() -> None:
    html, _ = chart(one_point(value=None))

    assert "No scores yet. Lower is better." in html
    assert "not answered" in html


def test_the_key_explains_only_what_is_drawn() -> None:
    plain, _ = chart(one_point(), marks=Marks())
    full, _ = chart(future=samples.symptom_future())

    assert "Rupture, open" not in plain
    assert "Expected from here on" not in plain
    assert "Rupture, open" in full
    assert "Expected from here on" in full


def test_phase_labels_are_drawn_only_where_they_fit() -> None:
    close = tuple(PhaseMark(AT + timedelta(days=n), "Stabilise") for n in range(2))

    _, tree = chart(one_point(), marks=Marks(phases=close))

    labels = with_class(tree, "phase-label")
    assert len(labels) == 3


def test_a_sparkline_is_one_image_with_words() -> None:
    tree = ET.fromstring(sparkline(samples.symptom_trajectory(), label="From 58 to 31"))  # noqa: S314

    assert (tree.get("role"), tree.get("aria-label")) == ("img", "From 58 to 31")
    assert with_class(tree, "spark-band")


def test_a_sparkline_shows_the_last_scores_and_passes_over_missing_ones() -> None:
    tree = ET.fromstring(sparkline(samples.symptom_trajectory(), label="x", last=9))  # noqa: S314

    (line,) = with_class(tree, "spark-line")
    assert len(line.attrib["points"].split()) == 8


@pytest.mark.parametrize(
    "trajectory",
    [
        samples.empty_trajectory(),
        one_point(),
        one_point(value=None),
        one_point(value=10.0, band_low=10.0, band_high=10.0),
    ],
    ids=["empty", "one", "missing", "flat"],
)  # fmt: skip
def test_a_sparkline_of_hardly_anything_still_draws(trajectory: Trajectory) -> None:
    assert sparkline(trajectory, label="x").startswith("<svg")


def test_days_are_those_of_the_readers_clock() -> None:
    late = one_point(at=datetime(2026, 7, 6, 23, 30, tzinfo=UTC))

    with timezone.override("Europe/London"):
        html, _ = chart(late)

    assert "Tue 7 Jul 2026: 14" in html
    assert "Mon 6 Jul" not in html.replace("Mon 6 Jul 2026: Stabilise begins", "")
