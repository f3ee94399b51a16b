"""The frame of a chart: its size, its margins, and where a value lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Size:
    """One of the three drawings of a chart, in its own units (pixels at full size)."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    date_ticks: int
    number_ticks: int


WIDE = Size("wide", 720, 330, 40, 24, 34, 54, 8, 7)
MEDIUM = Size("medium", 520, 300, 36, 20, 34, 54, 6, 6)
COMPACT = Size("compact", 340, 272, 32, 14, 34, 54, 4, 6)
SIZES = (WIDE, MEDIUM, COMPACT)


@dataclass(frozen=True, slots=True)
class Frame:
    """A size together with the time and the scores it spans."""

    size: Size
    start: datetime
    end: datetime
    low: float
    high: float

    @property
    def right(self) -> float:
        """The right edge of the plot."""
        return self.size.width - self.size.right

    @property
    def bottom(self) -> float:
        """The lower edge of the plot."""
        return self.size.height - self.size.bottom

    def x(self, at: datetime) -> float:
        """Return where a moment lies from left to right, held inside the plot."""
        share = (at - self.start) / (self.end - self.start)
        return self.size.left + min(max(share, 0.0), 1.0) * (self.right - self.size.left)

    def y(self, value: float) -> float:
        """Return where a score lies from top to bottom, held inside the plot."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.size.top)


def in_words(at: datetime) -> str:
    """Return the day of a moment for a reader: "Mon 5 Oct 2026"."""
    return date_format(at, gettext("D j M Y"))


def plain(value: float) -> str:
    """Return a score for a reader: to a tenth, whole numbers whole."""
    text = f"{value:.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    text = text.replace(".", str(get_format("DECIMAL_SEPARATOR")))
    return "0" if text == "\N{MINUS SIGN}0" else text
