"""Answers from elsewhere.

They are looked at first. Kept, they are scored and followed like a form on paper, and a
total that came with them stands beside ours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.episodes.models import Signal, TrajectoryPoint
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.targets import name_target
from securebase.people.audit.models import AuditEvent
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.stories.import_response import (
    Arrived,
    Foreseen,
    import_response,
    import_responses,
    preview_response,
)
from tests.factories import NOW, a_clinician, a_patient, the_account

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.clinic.measurement.models import Target
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

LOW = {str(n): 1 for n in range(1, 9)} | {"9": 0}
ARRIVED = Arrived(
    asked=instrument("phq-9"),
    answers=LOW,
    answered_at=NOW - timedelta(days=2),
    given_totals={"total": 9.0},
)


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=30))


def test_it_is_kept_with_the_total_that_came_with_it(sam: Patient, clinician: User) -> None:
    response = import_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)

    response.refresh_from_db()
    assert response.source == Response.Source.IMPORT
    assert response.given_totals == {"total": 9.0}
    assert response.recorded_by == clinician
    assert Score.objects.get(measure="phq-9.total").value == 8.0
    assert TrajectoryPoint.objects.filter(at=ARRIVED.answered_at).exists()
    assert AuditEvent.objects.filter(
        verb="measurement.response.record", actor=clinician.pk, patient=sam.pk
    ).exists()


def test_a_marked_safety_question_is_shown(sam: Patient, clinician: User) -> None:
    marked = replace(ARRIVED, answers=LOW | {"9": 2})

    import_response(arrived=marked, patient=sam, by=clinician, at=NOW)

    assert [signal.tier for signal in Signal.objects.all()] == ["now"]


def test_the_same_answers_are_kept_once(sam: Patient, clinician: User) -> None:
    first = import_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)

    again = import_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)

    assert again == first
    assert Response.objects.count() == 1


def test_looking_keeps_nothing_and_says_what_is_there(sam: Patient, clinician: User) -> None:
    before = preview_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)
    import_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)
    after = preview_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)
    near = replace(ARRIVED, answered_at=ARRIVED.answered_at + timedelta(hours=1))

    beside = preview_response(arrived=near, patient=sam, by=clinician, at=NOW)

    assert (before, after.known) == (Foreseen(known=False, twin=False), True)
    assert beside == Foreseen(known=False, twin=True)
    assert Response.objects.count() == 1


def test_other_answers_of_the_same_moment_are_refused(sam: Patient, clinician: User) -> None:
    import_response(arrived=ARRIVED, patient=sam, by=clinician, at=NOW)
    other = replace(ARRIVED, answers=LOW | {"1": 3})

    with pytest.raises(PermissionDenied, match="Other answers were kept"):
        import_response(arrived=other, patient=sam, by=clinician, at=NOW)


@pytest.mark.parametrize("act", [preview_response, import_response])
def test_only_who_treats_the_person_may(act: object, sam: Patient) -> None:
    for other in (a_clinician("other@example.org"), the_account(sam)):
        with pytest.raises(PermissionDenied):
            act(arrived=ARRIVED, patient=sam, by=other, at=NOW)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"answered_at": NOW + timedelta(minutes=1)}, "to now is possible"),
        ({"answered_at": datetime(1980, 1, 1, tzinfo=UTC)}, "01 Jan 1990 to now"),
        ({"answers": {}}, "There is nothing to keep"),
        ({"asked": instrument("ecr-rs"), "given_totals": {}}, "Say whom the answers are about"),
        ({"asked": instrument("sud"), "given_totals": {}}, "no file can say of which"),
        ({"given_totals": {"sum": 3.0}}, "has no score 'sum'"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    wrong: dict[str, object], said: str, sam: Patient, clinician: User
) -> None:
    arrived = replace(ARRIVED, **wrong)  # type: ignore[arg-type]

    with pytest.raises(BadInput, match=said):
        import_response(arrived=arrived, patient=sam, by=clinician, at=NOW)

    assert not Response.objects.exists()


def about(target: Target, answers: int) -> Arrived:
    """Return answers to the ECR-RS about one person, all alike."""
    asked = instrument("ecr-rs")
    given = {item.id: answers for item in asked.items}
    return Arrived(asked=asked, answers=given, answered_at=ARRIVED.answered_at, target=target)


def named(patient: Patient, clinician: User, *kinds: str) -> list[Target]:
    """Name people of a patient's life."""
    return [
        name_target(patient=patient, kind=kind, name="", by=clinician, at=NOW) for kind in kinds
    ]


def test_answers_about_two_people_stay_apart_and_make_one_mean(
    sam: Patient, clinician: User
) -> None:
    mother, father = named(sam, clinician, "mother", "father")
    arrived = [about(mother, 2), about(father, 4)]

    kept = import_responses(arrived=arrived, patient=sam, by=clinician, at=NOW)

    assert [one.target for one in kept] == [mother, father]
    anxiety = Score.objects.filter(measure="ecr-rs.anxiety")
    assert [one.value for one in anxiety.filter(response__target=father)] == [4.0]
    assert [one.value for one in anxiety.filter(response__target=None)] == [3.0]


def test_about_another_person_they_are_other_answers(sam: Patient, clinician: User) -> None:
    mother, father = named(sam, clinician, "mother", "father")
    import_response(arrived=about(mother, 2), patient=sam, by=clinician, at=NOW)

    import_response(arrived=about(father, 2), patient=sam, by=clinician, at=NOW)
    import_response(arrived=about(mother, 2), patient=sam, by=clinician, at=NOW)

    assert Response.objects.exclude(target=None).count() == 2


def test_what_is_about_no_one_names_nobody(sam: Patient, clinician: User) -> None:
    (mother,) = named(sam, clinician, "mother")

    with pytest.raises(BadInput, match="is not about one person"):
        import_response(
            arrived=replace(ARRIVED, target=mother), patient=sam, by=clinician, at=NOW
        )


def test_a_person_of_another_record_is_refused(sam: Patient, clinician: User) -> None:
    other = a_patient(name="Noor", of=clinician, at=NOW - timedelta(days=30))
    (theirs,) = named(other, clinician, "mother")

    with pytest.raises(BadInput, match="a person of another record"):
        import_response(arrived=about(theirs, 2), patient=sam, by=clinician, at=NOW)


def test_one_moment_told_in_two_ways_is_refused(sam: Patient, clinician: User) -> None:
    arrived = [ARRIVED, replace(ARRIVED, answers=LOW | {"1": 3})]

    with pytest.raises(BadInput, match="comes twice, with other answers"):
        import_responses(arrived=arrived, patient=sam, by=clinician, at=NOW)

    assert not Response.objects.exists()
