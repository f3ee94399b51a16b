"""The window of tolerance as three bands, in the words of the person whose window it is.

A picture to think with: nothing is measured by it and nothing is worked out from it.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from securebase.pages.shared.charts.element import element, joined, number, text

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

WIDTH, EDGE, LINE = 360.0, 14.0, 24.0
LETTERS, MOST_LINES = 36, 6
BANDS = (
    ("above", "Too much"),
    ("within", "Just right"),
    ("below", "Too little"),
)


def window_chart(*, above: str, within: str, below: str, key: str) -> SafeString:
    """Draw the three bands from too much to too little.

    ``key`` must be unique on the page. A band holds the first few lines of what was
    written; whoever calls shows the whole text beside it.
    """
    written = {"above": above, "within": within, "below": below}
    children: list[str] = [
        element("title", "The window of tolerance", id=f"{key}-title"),
        element("desc", _described(written), id=f"{key}-words"),
    ]
    top = 0.0
    for band, name in BANDS:
        lines = _lines(written[band])
        height = LINE * (1.4 + max(len(lines), 1)) + EDGE
        children.append(
            element(
                "rect", class_=f"window-{band}", x=0, y=top, width=WIDTH, height=height, rx=6
            )
        )
        children.append(text(name, EDGE, top + LINE * 1.2, "window-name"))
        for place, line in enumerate(lines, start=1):
            children.append(text(line, EDGE, top + LINE * (1.2 + place), "window-words"))
        top += height + EDGE / 4
    return element(
        "svg",
        joined(children),
        class_="window",
        viewBox=f"0 0 {number(WIDTH)} {number(top)}",
        role="img",
        aria_labelledby=f"{key}-title {key}-words",
    )


def _lines(words: str) -> list[str]:
    lines = textwrap.wrap(words, LETTERS)
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: LETTERS - 1]}…"]


def _described(written: dict[str, str]) -> str:
    return " ".join(
        f"{name}: {written[band].strip() or 'nothing written yet'}." for band, name in BANDS
    )
