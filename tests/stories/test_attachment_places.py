"""Attachment places.

Anxiety and avoidance become a place on the plane of their instrument; each person asked
about has a course of their own, and whoever treats is only ever "this therapist".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.models import Response, Score, Target
from securebase.clinic.measurement.sheets import PastScore
from securebase.science.library import instrument
from securebase.stories.attachment_places import Plane, attachment_places, drawable
from tests.factories import NOW, a_clinician, a_patient, a_practice

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> User:
    a_practice()
    return a_clinician(name="Dr Jo Marsh")


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=400))


def past(sam: Patient, slug: str, weeks_ago: int, *pair: float, by: User) -> None:
    """Keep a pair of scores from some weeks ago, avoidance last."""
    at = NOW - timedelta(weeks=weeks_ago)
    measures = ("anxiety", "avoidance")
    scores = [PastScore(f"{slug}.{m}", at, v) for m, v in zip(measures, pair, strict=False)]
    keep_past_scores(patient=sam, past=scores, by=by, at=NOW)


def about(sam: Patient, kind: str, name: str, key: str, *, by: User) -> Target:
    """Return somebody the answers of ECR-RS may be about."""
    return Target.objects.create(
        patient=sam, key=key, kind=kind, name=name, named_by=by, named_at=NOW
    )


def answered(sam: Patient, target: Target, *pair: float, by: User) -> None:
    """Keep an answering of ECR-RS about one person."""
    response = Response.objects.create(
        patient=sam,
        target=target,
        key=uuid4(),
        instrument="ecr-rs",
        version="1",
        digest="",
        source=Response.Source.PAPER,
        answered_at=NOW,
        recorded_at=NOW,
        recorded_by=by,
        texts="{}",
    )
    for axis, value in zip(("anxiety", "avoidance"), pair, strict=True):
        Score.objects.create(
            response=response,
            patient=sam,
            measure=f"ecr-rs.{axis}",
            at=NOW,
            value=value,
            state="scored",
            answered=9,
        )


def planes(sam: Patient, by: User) -> tuple[Plane, ...]:
    return attachment_places(user=by, patient=sam, at=NOW)


def test_every_instrument_with_both_axes_can_be_drawn_those_with_norms_first() -> None:
    assert drawable()[0] == "ecr-r"
    assert set(drawable()) >= {"ecr-r", "ecr-rs", "ecr-s", "raas", "saam"}
    assert all(
        len({instrument(s).scale(a).low for a in ("anxiety", "avoidance")}) == 1
        for s in drawable()
    )


def test_without_scores_there_is_no_plane(sam: Patient, clinician: User) -> None:
    assert planes(sam, clinician) == ()


def test_answerings_become_a_course_in_order_of_time(sam: Patient, clinician: User) -> None:
    past(sam, "ecr-r", 4, 4.5, 3.5, by=clinician)
    past(sam, "ecr-r", 30, 5.5, 2.0, by=clinician)

    (plane,) = planes(sam, clinician)

    (one,) = plane.abouts
    assert one.whom == "in general"
    assert [(p.standing.anxiety, p.standing.avoidance) for p in one.places] == [
        (5.5, 2.0),
        (4.5, 3.5),
    ]


def test_one_score_without_the_other_has_no_place(sam: Patient, clinician: User) -> None:
    past(sam, "ecr-r", 4, 4.5, by=clinician)

    assert planes(sam, clinician) == ()


def test_each_instrument_has_a_plane_of_its_own(sam: Patient, clinician: User) -> None:
    past(sam, "ecr-s", 4, 20, 30, by=clinician)
    past(sam, "ecr-r", 4, 4.5, 3.5, by=clinician)

    assert [plane.instrument.slug for plane in planes(sam, clinician)] == ["ecr-r", "ecr-s"]


def test_each_person_asked_about_has_a_course_and_no_clinician_is_named(
    sam: Patient, clinician: User
) -> None:
    answered(sam, about(sam, "friend", "", "k1", by=clinician), 2, 3, by=clinician)
    answered(sam, about(sam, "mother", "Mum", "k2", by=clinician), 5, 6, by=clinician)
    marsh = about(sam, "therapist", "Dr Jo Marsh", "k3", by=clinician)
    answered(sam, marsh, 3, 4, by=clinician)
    past(sam, "ecr-rs", 4, 4.5, 3.5, by=clinician)

    (plane,) = planes(sam, clinician)

    whom = [one.whom for one in plane.abouts]
    assert whom == ["over everybody asked about", "this therapist", "friend", "Mum"]


def test_nobody_else_is_shown_them(sam: Patient) -> None:
    with pytest.raises(PermissionDenied):
        planes(sam, a_clinician())


@pytest.mark.parametrize("times", [1, 8])
def test_a_longer_course_costs_no_more_queries(
    sam: Patient, clinician: User, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(times):
        key = f"k{n}"
        answered(sam, about(sam, "other", "", key, by=clinician), 2, 3, by=clinician)
    planes(sam, clinician)
    with django_assert_num_queries(QUERIES):
        planes(sam, clinician)


QUERIES = 2
"""Who treats, and all scores with whom they are about."""
