"""Pictures of the figures, as plain SVG for the manual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from securebase.science.calibrate.figures import Figures
from securebase.science.calibrate.worlds import load_worlds

INK, SOFT, PAPER, GRID = "#24313a", "#5c6b73", "#ffffff", "#dfe5e8"
COLORS = (
    *("#1f5f5b", "#b4552d", "#6a4c93", "#2f6fab", "#9a7d0a"),
    *("#7a1f3d", "#4f772d", "#0f8b8d", "#8d6e63"),
)
DASHES = ("", "6 3", "2 3", "8 3 2 3", "", "6 3", "2 3", "8 3 2 3", "4 4")
WIDE, HIGH = 760, 420
LEFT, TOP, RIGHT, BOTTOM = 64, 64, 250, 56


@dataclass(slots=True)
class Picture:
    """A picture with one pair of axes and a legend to the right."""

    title: str
    x: tuple[float, float]
    y: tuple[float, float]
    right: float = RIGHT
    high: float = HIGH
    marks: list[str] = field(default_factory=list)
    named: int = 0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the figures lies on the paper."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        inner = self.high - TOP - BOTTOM
        return LEFT + across * (WIDE - LEFT - self.right), self.high - BOTTOM - up * inner

    def text(self, x: float, y: float, said: str, *, anchor: str = "start") -> None:
        """Write a few words on the paper."""
        self.marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'
        )

    def line(self, points: Iterable[tuple[float, float]], color: str, dash: str = "") -> None:
        """Draw a line through points of the figures."""
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in (self.at(*one) for one in points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dashed}/>'
        )

    def axes(self, xs: Mapping[float, str], ys: Mapping[float, str], x: str, y: str) -> None:
        """Draw the grid, its figures and what they are of."""
        for value, said in ys.items():
            self.line([(self.x[0], value), (self.x[1], value)], GRID)
            a, b = self.at(self.x[0], value)
            self.text(a - 8, b + 4, said, anchor="end")
        for value, said in xs.items():
            a, b = self.at(value, self.y[0])
            self.text(a, b + 18, said, anchor="middle")
        middle = (LEFT + WIDE - self.right) / 2
        self.text(middle, self.high - 14, x, anchor="middle")
        self.text(LEFT - 44, TOP - 12, y)

    def name(self, said: str, color: str, dash: str = "") -> None:
        """Add a line to the legend."""
        x, y = WIDE - self.right + 18, TOP + 10 + 22 * self.named
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(
            f'<line x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}" stroke="{color}" '
            f'stroke-width="3"{dashed}/>'
        )
        self.text(x + 34, y + 4, said)
        self.named += 1

    def drawn(self) -> str:
        """Return the picture."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {self.high:g}" '
            f'role="img" aria-label="{escape(self.title)}" font-family="system-ui, sans-serif" '
            f'font-size="13" fill="{INK}">\n<title>{escape(self.title)}</title>\n'
            f'<rect width="{WIDE}" height="{self.high:g}" fill="{PAPER}"/>\n'
            f'<text x="20" y="22" font-size="15">{escape(self.title)}</text>\n'
            + "\n".join(self.marks)
            + "\n</svg>\n"
        )


def charts(found: Figures) -> dict[str, str]:
    """Return every picture by the name of its file."""
    return {
        "signals-calibration.svg": calibrated(found),
        "signals-coverage.svg": covered(found),
        "signals-false.svg": false_prompts(found),
    }


def calibrated(found: Figures) -> str:
    """Draw stated against observed chances of improvement at session 6 of 16."""
    picture = Picture(
        "Chance of improvement at session 6 of 16: as stated, as it came", (0, 1), (0, 1)
    )
    steps = {n / 5: f"{20 * n} %" for n in range(6)}
    picture.axes(steps, steps, "stated", "came true")
    picture.line([(0, 0), (1, 1)], SOFT, "2 4")
    for nth, one in enumerate(f for f in found.forecasts if (f.seen, f.planned) == (6, 16)):
        picture.line([(a, b) for a, b, n in one.bins if n >= 30], COLORS[nth], DASHES[nth])
        picture.name(load_worlds()[one.world].name, COLORS[nth], DASHES[nth])
    picture.name("perfect", SOFT, "2 4")
    return picture.drawn()


def covered(found: Figures) -> str:
    """Draw how many ends of 25 sessions lie within the 80 % interval, by sessions seen."""
    picture = Picture("Ends within the 80 % interval, of 25 sessions", (2, 17), (0.5, 1))
    asked = sorted({f.seen for f in found.forecasts if f.planned == 25})
    picture.axes(
        {n: f"{n}" for n in asked},
        {n / 10: f"{10 * n} %" for n in range(5, 11)},
        "sessions seen",
        "within the interval",
    )
    picture.line([(2, 0.8), (17, 0.8)], SOFT, "2 4")
    for nth, world in enumerate(dict.fromkeys(f.world for f in found.forecasts)):
        picture.line(
            [
                (f.seen, f.end_covered.value)
                for f in found.forecasts
                if f.world == world and f.planned == 25
            ],
            COLORS[nth],
            DASHES[nth],
        )
        picture.name(load_worlds()[world].name, COLORS[nth], DASHES[nth])
    picture.name("as stated", SOFT, "2 4")
    return picture.drawn()


def false_prompts(found: Figures) -> str:
    """Draw in how many therapies of 16 sessions a rule speaks with nothing behind it."""
    known = load_worlds()
    rows = [r for r in found.rates if r.sessions == 16 and r.rule in known.asked]
    rules = list(dict.fromkeys(r.rule for r in rows))
    picture = Picture(
        "Therapies of 16 sessions with a false prompt: a dot for each world",
        (0, 1),
        (0, len(rules)),
        right=24,
        high=TOP + BOTTOM + 34 * len(rules),
    )
    for n in range(6):
        picture.line([(n / 5, 0), (n / 5, len(rules))], GRID)
        a, b = picture.at(n / 5, 0)
        picture.text(a, b + 18, f"{20 * n} %", anchor="middle")
    for nth, rule in enumerate(rules):
        height = len(rules) - nth - 0.75
        a, b = picture.at(0, height + 0.45)
        picture.text(a + 2, b + 2, known.asked[rule].name)
        for one in reversed([r for r in rows if r.rule == rule]):
            own = one.world == "true"
            x, y = picture.at(one.false_therapy.value, height)
            look = f'fill="{COLORS[0]}"' if own else f'fill="none" stroke="{COLORS[1]}"'
            said = escape(known[one.world].name)
            picture.marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" stroke-width="2" {look}>'
                f"<title>{said}</title></circle>"
            )
    picture.text(
        LEFT, picture.high - 12, "filled: the model's own world; open: the harder ones"
    )
    return picture.drawn()
