"""A very small way to write elements that cannot be written unsafely.

Text and attribute values are always escaped, and a ``style`` is refused: the content
security policy would drop it in silence, and print and dark pages could not change it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | float | bool | None
"""What an attribute may hold; None and False leave it out, True writes it bare."""

VOID = frozenset({"circle", "ellipse", "path", "rect", "line", "use", "polygon", "polyline"})


def number(value: float) -> str:
    """Return a coordinate to a tenth of a unit, without a trailing zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, *children: str, **attributes: Value) -> SafeString:
    """Return one element; ``class_`` and ``aria_label`` become ``class`` and ``aria-label``.

    Raises
    ------
    ValueError
        If a ``style`` or an event handler is asked for.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID and not children:
        return SafeString(f"<{name}{written}/>")
    return SafeString(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> SafeString:
    """Return the children one after another, each escaped unless it is safe already."""
    return SafeString("".join(map(_escaped, children)))


def _escaped(words: str) -> str:
    return words if isinstance(words, SafeString) else escape(words)


def text(words: str, x: float, y: float, kind: str) -> SafeString:
    """Return a label at a place."""
    return element("text", words, class_=kind, x=x, y=y)


def line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> SafeString:
    """Return a straight line from one place to another."""
    return element("line", class_=kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def path_of(places: Iterable[tuple[float, float]]) -> str:
    """Return places as the ``points`` of a polygon or polyline."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name == "style" or name.startswith("on"):
        raise ValueError(
            f"Attribute {name!r} is not allowed in a chart: use a class, "
            "and say in charts.css how it looks."
        )
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    written = escape(value) if isinstance(value, str) else number(value)
    return f' {name}="{written}"'
