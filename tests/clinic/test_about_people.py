"""Answers about one person.

Some questions mean nothing until one knows whom they are about: a mother, a partner, this
therapist. The people are named together, asked about apart, and never mixed; where the
authors make one score over all of them, it is a score of its own.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import questions_of
from securebase.clinic.episodes.models import TrajectoryPoint
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response, Score, Target
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.clinic.measurement.targets import (
    call_target,
    can_name,
    end_target,
    name_target,
    targets_of,
)
from securebase.clinic.measurement.wordings import attach_wording
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.wordings import Declared
from securebase.science.words import Wording
from securebase.stories.submit_checkin import submit_checkin
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in their care."""
    return make.a_patient(of=clinician)


@pytest.fixture
def mother(patient: Patient, clinician: User) -> Target:
    """Return the first person named."""
    return name_target(patient=patient, kind="mother", name="Mum", by=clinician, at=NOW)


@pytest.fixture
def friend(patient: Patient, clinician: User, mother: Target) -> Target:
    """Return the second person named."""
    return name_target(patient=patient, kind="friend", name="", by=clinician, at=NOW)


@pytest.fixture
def worded(clinician: User) -> None:
    """Attach invented words to ECR-RS: its own may not be passed on."""
    asked = instrument("ecr-rs")
    wording = Wording(
        language="en",
        title="Invented",
        instruction="About this person.",
        items={item.id: f"Invented question {item.id}" for item in asked.items},
        answers={"agree": {n: f"answer {n}" for n in range(1, 8)}},
    )
    make_declared = Declared(words="These words are invented.", source="a test")
    attach_wording(
        instrument_slug="ecr-rs",
        wording=wording,
        declared=make_declared,
        by=clinician,
        at=NOW,
    )


def about(one: Target, value: int, *, source: str = "paper") -> AnswerSheet:
    """Return ECR-RS about one person, every answer the same."""
    return AnswerSheet(
        instrument="ecr-rs",
        target=one,
        answers={item.id: value for item in instrument("ecr-rs").items},
        source=source,
        key=uuid4(),
        answered_at=NOW,
    )


def kept(patient: Patient, by: User, *sheets: AnswerSheet) -> None:
    """Keep some answers with their scores."""
    keep_scores(record_responses(patient=patient, sheets=sheets, by=by, at=NOW))


def anxiety(**which: object) -> list[float | None]:
    """Return the scores of anxiety that are kept, of some responses."""
    rows = Score.objects.filter(measure="ecr-rs.anxiety", **which)
    return [score.value for score in rows]


# Naming the people


def test_each_person_has_a_key_of_their_own(mother: Target, friend: Target) -> None:
    assert (mother.key, friend.key) == ("k1", "k2")


def test_a_name_is_kept_sealed(mother: Target) -> None:
    raw = Target.objects.filter(pk=mother.pk).extra(select={"raw": "name"}).values_list("raw")

    assert b"Mum" not in bytes(raw[0][0])


def test_the_patient_may_call_a_person_as_they_do(patient: Patient, mother: Target) -> None:
    call_target(target=mother, name="  Ma ", by=make.the_account(patient), at=NOW)

    mother.refresh_from_db()
    assert mother.name == "Ma"


def test_nobody_else_says_whom_the_answers_are_about(patient: Patient) -> None:
    stranger = make.a_clinician()

    assert not can_name(stranger, patient, at=NOW)
    with pytest.raises(PermissionDenied, match="Only the patient"):
        name_target(patient=patient, kind="mother", name="", by=stranger, at=NOW)


def test_a_kind_nobody_knows_is_refused(patient: Patient, clinician: User) -> None:
    with pytest.raises(BadInput, match="no kind of person"):
        name_target(patient=patient, kind="boss", name="", by=clinician, at=NOW)


def test_whoever_has_ended_keeps_the_answers_and_the_key(
    patient: Patient, clinician: User, mother: Target
) -> None:
    kept(patient, clinician, about(mother, 3))
    end_target(target=mother, by=clinician, at=NOW)

    another = name_target(patient=patient, kind="mother", name="", by=clinician, at=NOW)

    assert list(targets_of(patient)) == [another]
    assert another.key == "k2"
    assert mother.responses.count() == 1


# Asking about them


def test_a_check_in_asks_about_each_person_apart(
    patient: Patient, mother: Target, friend: Target, worded: None
) -> None:
    checkin = make.a_checkin(patient, "ecr-rs@k1", "ecr-rs@k2")

    questions = questions_of(checkin)

    assert [q.ref for q in questions[:1] + questions[9:10]] == ["ecr-rs@k1.1", "ecr-rs@k2.1"]
    assert questions[0].about == "Mum (your mother or mother figure)"
    assert questions[9].about == "your friend"


def test_answers_about_two_people_never_mix(
    patient: Patient, mother: Target, friend: Target, worded: None
) -> None:
    checkin = make.a_checkin(patient, "ecr-rs@k1", "ecr-rs@k2")
    given: dict[str, int | str | None] = {f"ecr-rs@k1.{n}": 2 for n in (7, 8, 9)}
    given |= {f"ecr-rs@k2.{n}": 6 for n in (7, 8, 9)}

    make.send(checkin, given, at=NOW)

    assert anxiety(response__target=mother) == [2.0]
    assert anxiety(response__target=friend) == [6.0]


def test_an_instrument_about_one_person_needs_one(patient: Patient, worded: None) -> None:
    with pytest.raises(ValidationError, match="Name the person first"):
        make.a_checkin(patient, "ecr-rs")


def test_an_instrument_about_nobody_takes_no_person(patient: Patient, mother: Target) -> None:
    with pytest.raises(ValidationError, match="not about one person"):
        make.a_checkin(patient, "phq-9@k1")


def test_whoever_has_ended_is_asked_about_no_more(
    patient: Patient, clinician: User, mother: Target, worded: None
) -> None:
    make.a_checkin(patient, "phq-9", "ecr-rs@k1")
    end_target(target=mother, by=clinician, at=NOW)

    open_due(at=NOW + timedelta(days=7))

    assert CheckIn.objects.latest("due_at").instruments == ["phq-9"]


def test_answers_about_somebody_of_another_record_are_refused(
    clinician: User, mother: Target
) -> None:
    other = make.a_patient(of=clinician)

    with pytest.raises(BadInput, match="another record"):
        kept(other, clinician, about(mother, 3))


# One score over all of them


def test_the_score_over_several_people_is_their_mean_and_about_nobody(
    patient: Patient, clinician: User, mother: Target, friend: Target
) -> None:
    kept(patient, clinician, about(mother, 2), about(friend, 5))

    whole = Score.objects.get(measure="ecr-rs.anxiety", response__target=None)
    assert (whole.value, whole.answered) == (3.5, 2)
    assert whole.response.answers == {}


def test_one_person_is_not_all_of_them(
    patient: Patient, clinician: User, mother: Target
) -> None:
    kept(patient, clinician, about(mother, 2))

    assert anxiety(response__target=None) == []


def test_only_the_score_over_all_of_them_is_followed(
    patient: Patient, mother: Target, friend: Target, worded: None
) -> None:
    checkin = make.a_checkin(patient, "ecr-rs@k1", "ecr-rs@k2")
    given: dict[str, int | str | None] = {f"ecr-rs@k1.{n}": 2 for n in (7, 8, 9)}
    given |= {f"ecr-rs@k2.{n}": 6 for n in (7, 8, 9)}

    make.send(checkin, given, at=NOW)

    points = TrajectoryPoint.objects.filter(patient=patient, measure="ecr-rs.anxiety")
    assert [point.value for point in points] == [4.0]


def test_sending_twice_keeps_one_score_over_all(
    patient: Patient, mother: Target, friend: Target, worded: None
) -> None:
    checkin = make.a_checkin(patient, "ecr-rs@k1", "ecr-rs@k2")
    key = uuid4()
    given: dict[str, int | str | None] = {"ecr-rs@k1.7": 2, "ecr-rs@k2.7": 6}
    make.send(checkin, given, at=NOW, key=key)
    by = make.the_account(patient)

    submit_checkin(checkin=checkin, key=key, by=by, at=NOW)

    assert Response.objects.filter(patient=patient).count() == 2
