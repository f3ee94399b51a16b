"""Invented figures and words for the style page; nobody's, and nobody like anyone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django import forms

from securebase.pages.shared.charts import (
    Course,
    CutoffLine,
    Expected,
    Marks,
    PhaseMark,
    RuptureMark,
    Seen,
    sparkline,
)
from securebase.pages.shared.shapes import Link, SignalRow, SuggestionCard, TimelineEntry
from securebase.science.plane import Region, Standing
from securebase.science.words import Better, Point, Trajectory

START = datetime(2026, 7, 6, 19, 30, tzinfo=UTC)
SCORES = (58, 61, 55, 57, 49, None, 52, 47, 50, 41, 30, 38, 35, 31)
FELT = (7.5, 8.0, 7.8, 8.2, 7.9, 8.1, 7.7, 5.2)


def symptom_trajectory() -> Trajectory:
    """Return fourteen invented scores, irregular, one missing, one unexpectedly low."""
    level, points = 58.0, []
    for place, value in enumerate(SCORES):
        before = level - 1.6
        level = before if value is None else before + 0.4 * (value - before)
        points.append(
            _point(START + timedelta(days=7 * place + place % 3), value, before, level)
        )
    return Trajectory("pcl-5.total", Better.LOWER, tuple(points), "sample", planned_sessions=20)


def alliance_trajectory() -> Trajectory:
    """Return eight invented scores with a fall at the end."""
    points = tuple(
        Point(START + timedelta(weeks=n), value, value, 0.5, 7.9, 0.9, None, 6.4, 9.3)
        for n, value in enumerate(FELT)
    )
    return Trajectory("session-check-in.total", Better.HIGHER, points, "sample")


def empty_trajectory() -> Trajectory:
    """Return a trajectory before its first score."""
    return Trajectory("pcl-5.total", Better.LOWER, (), "sample")


def _point(at: datetime, value: float | None, before: float, level: float) -> Point:
    return Point(at, value, level, 3.4, before, 6.0, None, before - 9.5, before + 9.5)


def symptom_marks() -> Marks:
    """Return phases, sessions, two ruptures and a threshold for the sample chart."""
    return Marks(
        phases=(
            PhaseMark(START, "Stabilise"),
            PhaseMark(START + timedelta(days=52), "Process", shaded=True),
        ),
        sessions=tuple(START + timedelta(days=2 + 7 * n) for n in range(14)),
        ruptures=(
            RuptureMark(START + timedelta(days=37), "withdrawal", repaired=True),
            RuptureMark(START + timedelta(days=79), "confrontation"),
        ),
        cutoffs=(CutoffLine(33, "Sample threshold"),),
    )


def symptom_future() -> tuple[Expected, ...]:
    """Return where the next four invented scores would be expected."""
    end = START + timedelta(days=92)
    return tuple(Expected(end + timedelta(weeks=n), 22 - n, 42 + n * 0.5) for n in range(1, 5))


def attachment_courses() -> tuple[Course, ...]:
    """Return four invented answerings in general and two about one person."""
    general = ((5.4, 3.9, None), (5.1, 3.4, None), (4.6, 3.1, None), (4.2, 2.2, Region.ANXIOUS))
    about_one = ((3.4, 4.6, None), (2.7, 3.2, None))
    return (
        Course("in general", _places(general)),
        Course("this therapist", _places(about_one)),
    )


def _places(places: tuple[tuple[float, float, Region | None], ...]) -> tuple[Seen, ...]:
    return tuple(
        Seen(
            START + timedelta(days=84 * n),
            Standing(
                anxiety,
                avoidance,
                half_widths=(0.6, 0.55),
                regions={region: 0.8} if region else {},
                label=region,
                percentiles=(60.0, 40.0),
                center=(3.6, 2.9),
                group="invented group",
            ),
        )
        for n, (anxiety, avoidance, region) in enumerate(places)
    )


class SampleForm(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label="What may we call you?", help_text="Any name you like.")
    email = forms.EmailField(label="Email", required=False)
    note = forms.CharField(label="What matters today?", widget=forms.Textarea, required=False)
    rhythm = forms.ChoiceField(
        label="How often",
        choices=[("week", "Every week"), ("fortnight", "Every two weeks")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="Remind me by email", required=False)
    answer = forms.ChoiceField(
        label="In the last two weeks, how often did you have little pleasure in things?",
        choices=[("0", "Not at all"), ("1", "Several days"), ("2", "More than half the days")],
        widget=forms.RadioSelect,
    )
    safe = forms.IntegerField(
        label="How safe did you feel with me today?", min_value=0, max_value=10
    )


def signal_rows() -> tuple[SignalRow, ...]:
    """Return one row of "Look first" per state."""
    spark = sparkline(
        alliance_trajectory(), label="Alliance over the last 8 sessions: from 7.5 to 5.2"
    )
    return (
        SignalRow(
            "now", "A.M.", "Marked a safety question in Sunday's check-in.", "#a", "#why",
            when="Read within: today · session at 14:00",
        ),
        SignalRow(
            "look", "J.R.", "Alliance lower than usual for him (usual 7.9, now 5.2).", "#j",
            "#why", "#later", "an open question about the last session", "Sample figures",
            spark,
        ),
        SignalRow("settled", "L.T.", "As expected for eight weeks.", "#l"),
    )  # fmt: skip


def suggestion_cards() -> tuple[SuggestionCard, ...]:
    """Return an open suggestion and one that was decided on."""
    open_card = SuggestionCard(
        title="Ask about the last session, openly",
        summary="Name what you noticed, own your part, and ask how it was for them.",
        because="Alliance fell by 2.7 points against this person's own usual.",
        evidence="B",
        evidence_text="A sample text; the real one comes with each card.",
        minutes=10,
        decide_url="#decide",
        steps=("Say what you noticed.", "Wait.", "Thank them for saying it."),
        words=("I wondered whether something I said last week sat badly.",),
        caution="Not as a test of loyalty; once is enough.",
        not_measured=("what happened between the sessions",),
        sources=("Sample source, not a real one.",),
        reviewed_on=date(2026, 11, 1),
    )
    decided = SuggestionCard(
        title="Slow down and steady first",
        summary="Begin with five minutes of grounding.",
        because="Arousal was high in two check-ins.",
        evidence="C",
        evidence_text="A sample text.",
        minutes=5,
        decided="Accepted on 16 November",
    )
    return open_card, decided


def timeline() -> tuple[TimelineEntry, ...]:
    """Return three things that happened."""
    return (
        TimelineEntry(START, "First check-in", "Twelve questions answered.", "checkin"),
        TimelineEntry(
            START + timedelta(days=37), "Withdrawal noticed", icon="rupture", url="#r"
        ),
        TimelineEntry(START + timedelta(days=44), "Repaired", "She said so.", "repair"),
    )


def trail() -> list[Link]:
    """Return a way from Today to a person."""
    return [Link("Today", "#today"), Link("J.R.", "#person")]
