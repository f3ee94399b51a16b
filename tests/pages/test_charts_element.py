"""Writing elements.

Whatever is written into a chart comes out as text: names, labels and scores cannot
become markup, and nothing can carry a style or a handler past the content policy.
"""

import pytest

from securebase.pages.shared.charts.element import element, number

SCRIPT = '<script>alert("x")</script>'


def test_text_is_escaped() -> None:
    assert "&lt;script&gt;" in element("text", SCRIPT)
    assert "<script>" not in element("text", SCRIPT)


def test_attribute_values_are_escaped() -> None:
    written = element("g", aria_label='" onload="alert(1)')

    assert written == '<g aria-label="&quot; onload=&quot;alert(1)"></g>'


def test_elements_inside_elements_are_not_escaped_twice() -> None:
    assert element("g", element("title", "a & b")) == "<g><title>a &amp; b</title></g>"


@pytest.mark.parametrize("name", ["style", "onclick", "onload"])
def test_styles_and_handlers_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="use a class"):
        element("rect", **{name: "x"})


def test_absent_attributes_are_left_out_and_bare_ones_written_bare() -> None:
    written = element("circle", cx=1.04, cy=-0.01, id=None, hidden=True, focusable=False)

    assert written == '<circle cx="1" cy="0" hidden/>'


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (2.25, "2.2"), (-3.16, "-3.2")])
def test_coordinates_are_kept_to_a_tenth(value: float, text: str) -> None:
    assert number(value) == text
