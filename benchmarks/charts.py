"""Lines on two logarithmic axes, as SVG that follows light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import floor, log10

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 600, 80, 350
DASHES = ("none", "7 4", "2 4")

STYLE = """
svg { color-scheme: light dark; font: 13px system-ui, sans-serif; }
text { fill: light-dark(#26302b, #e6ebe7); }
.grid { stroke: light-dark(#d7dcd6, #3a443e); }
.line { fill: none; stroke-width: 2; stroke: light-dark(#2f5d50, #9fd0bf); }
.dot { fill: light-dark(#2f5d50, #9fd0bf); }
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A name and points (size, figure), both above 0."""

    name: str
    points: tuple[tuple[float, float], ...]


def log_log(lines: list[Line], *, title: str, unit: str) -> str:
    """Draw figures against size."""
    sizes = [x for line in lines for x, _ in line.points]
    figures = [y for line in lines for _, y in line.points]
    across = floor(log10(min(sizes))), floor(log10(max(sizes)) - 1e-9) + 1
    up = floor(log10(min(figures))), floor(log10(max(figures)) - 1e-9) + 1

    def at(x: float, y: float) -> tuple[float, float]:
        along = (log10(x) - across[0]) / (across[1] - across[0])
        high = (log10(y) - up[0]) / (up[1] - up[0])
        return LEFT + along * (RIGHT - LEFT), BOTTOM - high * (BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(_described(lines, unit))}</desc>",
        f"<style>{STYLE}</style>",
    ]
    for power in range(across[0], across[1] + 1):
        x, y = at(10.0**power, 10.0 ** up[0])
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">')
        parts.append(f"{10**power:,}</text>")
    for power in range(up[0], up[1] + 1):
        x, y = at(10.0 ** across[0], 10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">')
        parts.append(f"{10.0**power:g} {unit}</text>")
    for nth, (line, dashes) in enumerate(zip(lines, DASHES, strict=False)):
        parts += _drawn(dashes, [at(*point) for point in line.points])
        parts += _named(line.name, dashes, 20 + 20 * nth)
    middle = (LEFT + RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">people</text>')
    return "\n".join([*parts, "</svg>", ""])


def _drawn(dashes: str, places: list[tuple[float, float]]) -> list[str]:
    along = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places]
    return [f'<polyline class="line" stroke-dasharray="{dashes}" points="{along}"/>', *dots]


def _named(name: str, dashes: str, y: int) -> list[str]:
    ends = f"{LEFT},{y} {LEFT + 40},{y}"
    return [
        f'<polyline class="line" stroke-dasharray="{dashes}" points="{ends}"/>',
        f'<text x="{LEFT + 50}" y="{y + 4}">{escape(name)}</text>',
    ]


def _described(lines: list[Line], unit: str) -> str:
    return " ".join(
        f"{line.name}: "
        + ", ".join(f"{x:,.0f} people {y:.3g} {unit}" for x, y in line.points)
        + "."
        for line in lines
    )
