"""Charts drawn on the server as SVG: plain to read, print and listen to."""

from securebase.pages.shared.charts.marks import (
    CutoffLine,
    Expected,
    Marks,
    PhaseMark,
    RuptureMark,
)
from securebase.pages.shared.charts.plane import Course, Seen, plane_chart, seen_words
from securebase.pages.shared.charts.sparkline import sparkline
from securebase.pages.shared.charts.trajectory import trajectory_chart

__all__ = [
    "Course",
    "CutoffLine",
    "Expected",
    "Marks",
    "PhaseMark",
    "RuptureMark",
    "Seen",
    "plane_chart",
    "seen_words",
    "sparkline",
    "trajectory_chart",
]
