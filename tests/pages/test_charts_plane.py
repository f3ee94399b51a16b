"""The attachment plane, drawn.

Each person asked about has a mark of their own, the newest answering its ellipse, and
all that is drawn is also said in words and in a table.
"""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from securebase.pages.shared import samples
from securebase.pages.shared.charts import Course, Seen, plane_chart
from securebase.science.library import instrument
from securebase.science.plane import Standing, standing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ECR_R = instrument("ecr-r")


def plane(*courses: Course) -> tuple[str, ET.Element]:
    """Return a plane as text and as a tree (well-formed XML, or the test fails)."""
    asked = courses or samples.attachment_courses()
    html = plane_chart(asked, title="Attachment", key="a", span=(1, 7))
    return html, ET.fromstring(html.replace(" hidden>", ' hidden="">'))  # noqa: S314


def with_class(tree: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in tree.iter() if name in node.get("class", "").split()]


def one(place: Standing, about: str = "in general") -> Course:
    return Course(about, (Seen(AT, place),))


def test_every_answering_has_a_text_alternative_in_both_drawings() -> None:
    _, tree = plane()

    points = with_class(tree, "point")
    assert len(points) == 2 * 6
    assert all(node.get("role") == "img" and node.findtext("title") for node in points)


def test_only_the_newest_answering_about_a_person_has_an_ellipse_and_a_tab_stop() -> None:
    _, tree = plane()

    ellipses = [node for node in tree.iter() if node.tag == "ellipse"]
    stops = [node for node in with_class(tree, "point") if node.get("tabindex") == "0"]
    assert len(ellipses) == len(stops) == 2 * 2


def test_people_differ_by_shape_and_not_by_color_alone() -> None:
    _, tree = plane()

    medium = with_class(tree, "plane-medium")[0]
    assert len({mark.get("d") for mark in with_class(medium, "plane-mark")}) == 2


def test_an_answering_is_said_with_its_norm_group() -> None:
    html, _ = plane(one(standing(ECR_R, anxiety=5.5, avoidance=2.0)))

    assert "Mon 23 Nov 2026, in general: anxiety 5.5, avoidance 2" in html
    assert "higher anxiety, lower avoidance than most of the norm group" in html
    assert "anxiety above about 96 of 100" in html
    assert "online sample of the author" in html


def test_a_doubtful_place_gets_no_name() -> None:
    html, _ = plane(one(standing(ECR_R, anxiety=3.6, avoidance=2.9)))

    assert "too close to the middle to tell" in html


def test_without_norms_the_page_says_so_and_draws_no_middle() -> None:
    html, tree = plane(one(standing(instrument("ecr-rs"), anxiety=5, avoidance=2), "my mother"))

    assert "no published norms" in html
    assert with_class(tree, "cutoff") == []
    assert [node for node in tree.iter() if node.tag == "ellipse"] == []


def test_the_table_has_a_row_for_each_answering() -> None:
    _, tree = plane()

    bodies = [node for node in tree.iter() if node.tag == "tbody"]
    assert [len(body) for body in bodies] == [6]


def test_a_name_is_shown_as_text_whatever_it_holds() -> None:
    html, _ = plane(one(Standing(3, 3), "<script>alert(1)</script>"))

    assert "<script>" not in html


def test_a_score_beyond_the_scale_is_drawn_at_its_edge() -> None:
    _, tree = plane(one(Standing(9, 0)))

    compact = with_class(tree, "plane-compact")[0]
    assert with_class(compact, "point")[0].get("transform") == "translate(316 282)"
