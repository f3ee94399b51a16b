"""Colours.

Every pair of text and ground that the components use holds 7:1, in light and in dark;
edges of controls hold 3:1; and no hue is red.
"""

import colorsys
import re
from pathlib import Path

import pytest

from securebase.pages import shared

CSS = Path(shared.__file__).parent / "static" / "shared" / "css"
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in GROUNDS),
    *((ink, "accent-tint") for ink in ("ink", "ink-soft", "accent", "accent-deep")),
    *((state, f"{state}-tint") for state in ("settled", "look", "now")),
    *((state, ground) for state in ("settled", "look", "now") for ground in GROUNDS),
    *(("ink", f"{state}-tint") for state in ("settled", "look", "now")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("paper", "ink"),
    ("paper", "accent-deep"),
]


def colors(theme: str) -> dict[str, str]:
    found = TOKEN.findall((CSS / "tokens.css").read_text())
    return {name: (light, dark)[THEMES.index(theme)] for name, light, dark in found}


def channels(color: str) -> list[float]:
    return [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]


def luminance(color: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(color)
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_holds_seven_to_one(theme: str, text: str, ground: str) -> None:
    palette = colors(theme)

    assert contrast(palette[text], palette[ground]) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_controls_hold_three_to_one(theme: str, ground: str) -> None:
    palette = colors(theme)

    assert contrast(palette["line-strong"], palette[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_no_color_is_red(theme: str) -> None:
    for name, color in colors(theme).items():
        hue, _, saturation = colorsys.rgb_to_hls(*channels(color))

        assert not (saturation > 0.6 and (hue * 360 >= 345 or hue * 360 <= 15)), name


def test_colors_are_named_in_the_tokens_alone() -> None:
    elsewhere = [
        f"{path.name}: {found}"
        for path in CSS.glob("*.css")
        if path.name not in ("tokens.css", "print.css")
        for found in re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", path.read_text())
    ]

    assert elsewhere == []
