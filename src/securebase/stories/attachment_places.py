"""Where somebody's attachment scores lie: in general, to each person, to this therapist.

Every instrument that measures both anxiety and avoidance gives a plane of its own; the
answerings about one person make one course on it, in order of time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.measurement.models import Score, Target
from securebase.people.accounts.models import User
from securebase.science.library import instrument, instruments
from securebase.science.plane import AXES, Standing, can_be_drawn, standing
from securebase.science.words import Instrument

IN_GENERAL = "in general"
OVER_ALL = "over everybody asked about"
"""The mean that the authors make over the people of one answering."""
THIS_THERAPIST = "this therapist"
"""Whoever is meant: a plane names no member of staff."""


@dataclass(frozen=True, slots=True)
class Place:
    """One answering: when it was, and where it lies."""

    at: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class About:
    """The answerings about one person, in order of time; ``whom`` says who in words."""

    whom: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """One instrument that was answered, with a course for everybody asked about."""

    instrument: Instrument
    abouts: tuple[About, ...]


def attachment_places(*, user: User, patient: Patient, at: datetime) -> tuple[Plane, ...]:
    """Return the planes of one person, for somebody who treats them.

    People in general come first, this therapist next, then the others as they were named.
    """
    check_can_treat(user, patient, at=at)
    pairs: dict[tuple[str, Target | None], list[Place]] = defaultdict(list)
    for slug, target, place in _answerings(patient):
        pairs[slug, target].append(place)
    found: dict[str, list[About]] = defaultdict(list)
    for slug, target in sorted(pairs, key=lambda pair: _turn(pair[1])):
        found[slug].append(About(_whom(slug, target), tuple(pairs[slug, target])))
    return tuple(
        Plane(instrument(slug), tuple(found[slug])) for slug in drawable() if slug in found
    )


@cache
def drawable() -> tuple[str, ...]:
    """Return the instruments that have a place on the plane, those with norms first."""
    can = [one for one in instruments().values() if can_be_drawn(one)]
    return tuple(one.slug for one in sorted(can, key=lambda one: (not one.norms, one.slug)))


def _answerings(patient: Patient) -> list[tuple[str, Target | None, Place]]:
    """Return every answering that scored on both axes, oldest first, in one query."""
    measures = [f"{slug}.{axis}" for slug in drawable() for axis in AXES]
    scores = (
        Score.objects.filter(patient=patient, measure__in=measures, value__isnull=False)
        .select_related("response__target")
        .order_by("at", "pk")
    )
    values: dict[object, dict[str, float]] = defaultdict(dict)
    answerings = []
    for score in scores:
        pair = values[score.response_id]
        pair[score.measure.partition(".")[2]] = score.value or 0.0
        if pair.keys() >= set(AXES):
            response = score.response
            place = Place(score.at, standing(instrument(response.instrument), **pair))
            answerings.append((response.instrument, response.target, place))
    return answerings


def _turn(target: Target | None) -> tuple[int, str, str]:
    if target is None:
        return 0, "", ""
    if target.kind == Target.Kind.THERAPIST:
        return 1, "", target.key
    return 2, target.named_at.isoformat(), target.key


def _whom(slug: str, target: Target | None) -> str:
    if target is None:
        return OVER_ALL if instrument(slug).target else IN_GENERAL
    if target.kind == Target.Kind.THERAPIST:
        return THIS_THERAPIST
    return target.name or target.get_kind_display()
