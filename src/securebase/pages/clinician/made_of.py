"""What a best estimate is made of, in a small table anybody can add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from securebase.pages.clinician.wording import day
from securebase.pages.shared.charts.frame import plain
from securebase.science.trajectory.quality import Edges, edges_of, likely_range
from securebase.science.words import Makeup, Point
from securebase.stories.open_record import Course

LIKELY = 1.96
"""Standard deviations either side that hold 95 of 100 normal values."""
TIMES = ("no times", "once", "twice", "three times", "four times", "five times", "six times")


@dataclass(frozen=True, slots=True)
class MadeOf:
    """One estimate taken apart: rows of words and points, their sum, and what to know."""

    name: str
    at: str
    rows: tuple[tuple[str, str], ...]
    total: str
    likely: str
    notes: tuple[str, ...]


def made_of(course: Course) -> MadeOf | None:
    """Take the newest estimate of a course apart; None if it was kept without its parts."""
    point = course.trajectory.points[-1] if course.trajectory.points else None
    if point is None or point.makeup is None:
        return None
    low, high = likely_range(point.filtered_mean, point.filtered_sd, course.prior, width=LIKELY)
    curve, past, last = _shown(point.makeup, point.filtered_mean)
    words = _words(course, point)
    return MadeOf(
        name=course.prior.name,
        at=day(point.at),
        rows=tuple(zip(words, (plain(curve), _signed(past), _signed(last)), strict=True)),
        total=plain(point.filtered_mean),
        likely=f"{plain(low)} to {plain(high)}",
        notes=tuple(_notes(course)),
    )


def _words(course: Course, point: Point) -> tuple[str, str, str]:
    known = bool(course.trajectory.known)
    expected = "Expected, given what was known at intake" if known else "Expected of anybody"
    weight = 100 * (point.makeup.weight if point.makeup else 0.0)
    last = "The last score is missing"
    if point.value is not None:
        last = f"The last score, {plain(point.value)}, counted with {weight:.0f} %"
    return expected, "This person's earlier scores", last


def _shown(makeup: Makeup, total: float) -> tuple[float, float, float]:
    """Round to a tenth so that what is shown adds up; the largest part gives way."""
    parts = [makeup.curve, makeup.past, makeup.last]
    shown = [round(part, 1) for part in parts]
    largest = max(range(len(parts)), key=lambda place: abs(parts[place]))
    shown[largest] += round(total, 1) - sum(shown)
    return shown[0], shown[1], shown[2]


def _signed(points: float) -> str:
    told = plain(points)
    return f"+{told}" if points > 0 and told != "0" else told


def _notes(course: Course) -> Iterator[str]:
    if course.alike:
        times = TIMES[course.alike] if course.alike < len(TIMES) else f"{course.alike} times"
        yield f"Not assessed: answers have been identical {times}. No signal is raised on them."
    known, unknown = _titles(course, known=True), _titles(course, known=False)
    if known:
        yield f"Known at intake: {known}. It moved what was expected."
    if unknown:
        yield f"Not known at intake: {unknown}. The expected band is wider for it."
    clipped = sum(point.clipped for point in course.trajectory.points)
    if clipped:
        scores = "1 score" if clipped == 1 else f"{clipped} scores"
        yield (
            f"{scores} lay more than {course.prior.clip:g} standard deviations from what was "
            "expected and counted only up to there. Worth checking for a slip."
        )
    yield from _at_the_ends(edges_of(course.trajectory.values, course.prior))


def _titles(course: Course, *, known: bool) -> str:
    """Name the covariates that were known, with how far from the mean, or were not."""
    told = course.trajectory.known
    if known:
        names = [
            f"{one.title} ({_signed(told[one.name])} standard deviations from the mean)"
            for one in course.prior.covariates
            if one.name in told
        ]
    else:
        names = [one.title for one in course.prior.covariates if one.name not in told]
    return ", ".join(names)


def _at_the_ends(edges: Edges) -> Iterator[str]:
    for share, end, way in (
        (edges.floor, "lowest", "lower"),
        (edges.ceiling, "highest", "higher"),
    ):
        if share > 0:
            count = round(share * edges.rated)
            yield (
                f"{count} of {edges.rated} ratings are the {end} possible; "
                f"anything {way} cannot show."
            )
