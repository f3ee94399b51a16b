"""The living style page: every component in every state, light beside dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from securebase.pages.shared import samples
from securebase.pages.shared.charts import plane_chart, sparkline, trajectory_chart

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COLORS = (
    "paper", "surface", "sunken", "ink", "ink-soft", "line", "line-strong", "accent",
    "accent-tint", "settled", "settled-tint", "look", "look-tint", "now", "now-tint",
)  # fmt: skip
ICONS = (
    "mark", "settled", "look", "now", "info", "check", "open", "arrow", "back", "leave", "lock",
    "help", "today", "people", "person", "calendar", "supervision", "learn", "library", "home",
    "leaf", "breath", "speak", "checkin", "plan", "search", "clock", "repair", "rupture", "dot",
)  # fmt: skip


def style(request: HttpRequest) -> HttpResponse:
    """Show what pages are made of, with invented content."""
    return render(request, "shared/style.html", {"halves": halves()})


def halves() -> list[dict[str, Any]]:
    """Return the samples twice: for the light and for the dark side of the page."""
    return [_half("light"), _half("dark")]


def _half(theme: str) -> dict[str, Any]:
    """Return the samples for one theme; ids are made of its name, so that none repeats."""
    refused = {"name": "", "rhythm": "", "answer": "1", "safe": "14"}
    return {
        "theme": theme,
        "colors": COLORS,
        "icons": ICONS,
        "steps": ["Agree", "Plan", "Invite"],
        "pairs": [
            ("Next session", "Thursday 14:00"),
            ("Messages are read", "Tuesdays, Fridays"),
        ],
        "caption": f"Scores, {theme}",
        "trail": samples.trail(),
        "home": samples.trail()[0],
        "rows": samples.signal_rows(),
        "suggestions": samples.suggestion_cards(),
        "timeline": samples.timeline(),
        "form": samples.SampleForm(prefix=theme),
        "refused": samples.SampleForm(
            {f"{theme}-wrong-{name}": value for name, value in refused.items()},
            prefix=f"{theme}-wrong",
        ),
        "charts": _charts(theme),
        "spark": sparkline(samples.symptom_trajectory(), label="Symptoms: from 58 to 31"),
    }


def _charts(theme: str) -> list[str]:
    return [
        trajectory_chart(
            samples.symptom_trajectory(),
            title="Symptoms (sample)",
            key=f"{theme}-symptoms",
            span=(0, 80),
            marks=samples.symptom_marks(),
            future=samples.symptom_future(),
        ),
        trajectory_chart(
            samples.alliance_trajectory(),
            title="Alliance (sample)",
            key=f"{theme}-alliance",
            span=(0, 10),
        ),
        trajectory_chart(
            samples.empty_trajectory(),
            title="Before the first score",
            key=f"{theme}-empty",
            span=(0, 80),
        ),
        plane_chart(
            samples.attachment_courses(),
            title="Attachment (sample)",
            key=f"{theme}-plane",
            span=(1, 7),
        ),
    ]
