"""Attachment on the person page: the plane with its error, in drawings and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from securebase.pages.clinician.courses import charts
from securebase.pages.shared.charts import Course, Seen, plane_chart, seen_words
from securebase.science.plane import AXES, Region, region_words
from securebase.stories.attachment_places import About, Plane
from securebase.stories.open_record import Record

FELT = "felt-security."
"""Measures of security as felt now, whose course stands beside the plane."""
MOST_SAID = 6
"""Newest answerings that are said in sentences; the table has all of them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One instrument's plane, and what it says in words."""

    chart: SafeString
    says: tuple[str, ...]
    odds: tuple[tuple[str, tuple[str, ...]], ...]
    """For each person asked about, how likely each direction is."""
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of somebody's attachment: places on planes, and security felt."""

    planes: tuple[Drawn, ...]
    felt: tuple[SafeString, ...]


def attachment(planes: tuple[Plane, ...], record: Record) -> Attachment:
    """Draw what was measured of attachment; both parts are empty where nothing was."""
    felt = [course for course in record.courses if course.prior.measure.startswith(FELT)]
    return Attachment(
        planes=tuple(_drawn(plane) for plane in planes), felt=tuple(charts(record, felt))
    )


def other_charts(record: Record) -> list[SafeString]:
    """Return the charts of every measure that has no place beside the plane."""
    others = [one for one in record.courses if not one.prior.measure.startswith(FELT)]
    return charts(record, others)


def _drawn(plane: Plane) -> Drawn:
    one = plane.instrument
    scale = one.scale(AXES[0])
    courses = [_course(about) for about in plane.abouts]
    chart = plane_chart(
        courses,
        title=f"Anxiety and avoidance ({one.name})",
        key=f"plane-{one.slug}",
        span=(scale.low, scale.high),
    )
    newest = courses[:MOST_SAID]
    return Drawn(
        chart=chart,
        says=tuple(f"{seen_words(course, course.seen[-1])}." for course in newest),
        odds=tuple(_odds(plane.abouts)),
        cautions=tuple(_cautions(plane)),
    )


def _course(about: About) -> Course:
    return Course(about.whom, tuple(Seen(one.at, one.standing) for one in about.places))


def _odds(abouts: tuple[About, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for about in abouts:
        regions = about.places[-1].standing.regions
        if regions:
            yield about.whom, tuple(_chance(region, regions[region]) for region in Region)


def _chance(region: Region, probability: float) -> str:
    return f"{_of_a_hundred(probability)}: {region_words(region)}"


def _of_a_hundred(probability: float) -> str:
    """Return a chance in words that never say impossible or certain."""
    count = round(100 * probability)
    if count < 1:
        return "under 1 in 100"
    return "over 99 in 100" if count > 99 else f"about {count} in 100"  # noqa: PLR2004


def _cautions(plane: Plane) -> Iterator[str]:
    """Yield what is not known about the figures of an instrument."""
    places = [place.standing for about in plane.abouts for place in about.places]
    if all(place.percentiles is None for place in places):
        yield "No norms of this form are in the library, so it is not said what is usual."
    if all(place.half_widths is None for place in places):
        yield "No reliability of this form is in the library, so no ellipse can be drawn."
    if any(not source.verified for source in plane.instrument.sources):
        yield "Some of its figures are not checked by us: see the library."
