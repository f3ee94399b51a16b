"""Naming the people answers are about, on both sides of the desk.

The clinician names them with the patient and plans what is asked about each; the patient
calls them as they do, and each question says whom it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.targets import name_target, targets_of
from securebase.clinic.measurement.wordings import attach_wording
from securebase.science.library import instrument
from securebase.science.wordings import Declared
from securebase.science.words import Wording
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    send,
    the_account,
    with_factor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Stand still on a Monday morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinician() -> User:
    """Return a clinician with a second factor, and invented words for ECR-RS."""
    a_practice()
    user = a_clinician()
    with_factor(user)
    wording = Wording(
        language="en",
        title="Invented",
        instruction="About this person.",
        items={item.id: f"Invented question {item.id}" for item in instrument("ecr-rs").items},
        answers={"agree": {n: f"answer {n}" for n in range(1, 8)}},
    )
    attach_wording(
        instrument_slug="ecr-rs",
        wording=wording,
        declared=Declared(words="Invented.", source="a test"),
        by=user,
        at=NOW,
    )
    return user


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in their care."""
    return a_patient(of=clinician)


@pytest.fixture
def mum(patient: Patient, clinician: User) -> Target:
    """Return somebody named together."""
    return name_target(patient=patient, kind="mother", name="Mum", by=clinician, at=NOW)


@pytest.fixture
def me(client: Client, patient: Patient) -> Client:
    """Return the patient's browser."""
    client.force_login(the_account(patient))
    return client


def text(response: Any) -> str:
    """Return a page as text."""
    found: str = response.content.decode()
    return found


# At the desk


def test_a_person_is_named_and_can_be_planned_at_once(desk: Client, patient: Patient) -> None:
    desk.post(reverse("desk_about", args=[patient.pk]), {"kind": "partner", "name": "Al"})

    plan = text(desk.get(reverse("desk_rhythm", args=[patient.pk])))
    assert [one.name for one in targets_of(patient)] == ["Al"]
    assert "ECR-RS, about Al, partner" in plan


def test_a_person_is_called_otherwise_or_asked_about_no_more(
    desk: Client, patient: Patient, mum: Target
) -> None:
    page = reverse("desk_about", args=[patient.pk])

    desk.post(page, {"do": "call", "key": "k1", "name": "Ma"})
    assert "Ma" in text(desk.get(page))

    desk.post(page, {"do": "end", "key": "k1"})
    assert not targets_of(patient).exists()
    assert "Asked about before" in text(desk.get(page))


def test_a_key_nobody_has_is_not_found(desk: Client, patient: Patient) -> None:
    page = reverse("desk_about", args=[patient.pk])

    assert desk.post(page, {"do": "end", "key": "k9"}).status_code == 404


def test_somebody_elses_people_are_not_found(client: Client, patient: Patient) -> None:
    client.force_login(with_factor(a_clinician()))

    assert client.get(reverse("desk_about", args=[patient.pk])).status_code == 404


def test_sent_from_the_library_it_is_chosen_as_rarely_as_its_authors_say(
    desk: Client, patient: Patient, mum: Target
) -> None:
    page = reverse("desk_rhythm", args=[patient.pk])

    form = desk.get(page, {"ask": "ecr-rs"}).context["form"]

    assert form["ecr-rs@k1"].value() == "12"


def test_asking_too_often_is_agreed_with_a_warning(
    desk: Client, patient: Patient, mum: Target
) -> None:
    said = {
        "weekdays": ["0"],
        "at_time": "19:00",
        "every_weeks": "1",
        "open_hours": "48",
        "starts_on": "2026-11-23",
        "phq-9": "1",
        "ecr-rs@k1": "1",
    }

    page = text(desk.post(reverse("desk_rhythm", args=[patient.pk]), said, follow=True))

    asked = {one["slug"] for one in Rhythm.objects.get(patient=patient).instruments}
    assert asked == {"phq-9", "ecr-rs@k1"}
    assert "ECR-RS is asked about every 7 days" in page


def test_the_library_leads_to_ones_own_people(desk: Client, patient: Patient) -> None:
    page = text(desk.get("/desk/library/ecr-rs/ask"))

    assert patient.name in page
    assert f"{reverse('desk_rhythm', args=[patient.pk])}?ask=ecr-rs" in page


def test_what_cannot_be_planned_leads_to_nobody(desk: Client) -> None:
    assert desk.get("/desk/library/asq/ask").status_code == 404


def test_answers_are_read_under_the_person_they_are_about(
    desk: Client, patient: Patient, mum: Target
) -> None:
    checkin = a_checkin(patient, "ecr-rs@k1")
    send(checkin, {f"ecr-rs@k1.{n}": 6 for n in (7, 8, 9)}, at=NOW)

    page = text(desk.get(reverse("desk_checkin", args=[checkin.pk])))

    assert "About Mum, mother or mother figure: ECR-RS" in page
    assert "no published norms" in page


def test_a_score_stands_beside_a_named_group(desk: Client, patient: Patient) -> None:
    checkin = a_checkin(patient, "phq-9")
    send(checkin, {f"phq-9.{n}": 2 for n in range(1, 9)}, at=NOW)

    page = text(desk.get(reverse("desk_checkin", args=[checkin.pk])))

    assert "higher than about 99 of 100 in: general population; not checked by us" in page


# At home


def test_each_question_says_whom_it_is_about(me: Client, patient: Patient, mum: Target) -> None:
    checkin = a_checkin(patient, "ecr-rs@k1")

    before = text(me.get(reverse("me_checkin")))
    first = text(me.get(reverse("me_question", args=[checkin.pk, 1])))

    assert "Mum (your mother or mother figure)" in before
    assert "About Mum (your mother or mother figure)" in first


def test_the_patient_calls_them_as_they_do(me: Client, patient: Patient, mum: Target) -> None:
    me.post(reverse("me_about"), {"do": "call", "key": "k1", "name": "Ma"})

    mum.refresh_from_db()
    assert mum.name == "Ma"


def test_the_patient_may_name_one_more(me: Client, patient: Patient) -> None:
    me.post(reverse("me_about"), {"kind": "friend", "name": "Jo"})

    (one,) = targets_of(patient)
    assert (one.kind, one.name) == ("friend", "Jo")


def test_a_name_too_long_is_refused_calmly(me: Client, mum: Target) -> None:
    page = text(
        me.post(reverse("me_about"), {"do": "call", "key": "k1", "name": "x" * 61}, follow=True)
    )

    mum.refresh_from_db()
    assert mum.name == "Mum"
    assert "Please use a shorter name." in page


def test_another_patient_has_no_such_person(me: Client, clinician: User, mum: Target) -> None:
    other = a_patient(of=clinician)
    me.force_login(the_account(other))

    reply = me.post(reverse("me_about"), {"do": "call", "key": "k1", "name": "Not theirs"})

    assert reply.status_code == 404
