"""What may be asked by the clock.

A rhythm asks what can be asked again and again while nobody sits beside the patient. What
asks about childhood or about terrible events is asked once, and at home only after the
clinician has read what to be careful about and confirmed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.measurement.wordings import attach_wording
from securebase.pages.clinician.rhythm_form import CAUTIONED, showable
from securebase.science.library import instrument, instruments
from securebase.science.wordings import Declared
from securebase.science.words import Wording
from tests.factories import NOW, a_patient

if TYPE_CHECKING:
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "offered"),
    [
        ("phq-9", True),
        ("session-check-in", True),
        ("ace", True),  # once only
        ("lec-5", True),  # once only
        ("asq", False),  # safety questions alone: asked by somebody who can stay
        ("sud", False),  # about one memory
        ("ecr-r", False),  # no wording is shipped
    ],
)  # fmt: skip
def test_only_what_can_be_asked_alone_and_again_is_offered(slug: str, offered: bool) -> None:
    assert (slug in {asked.slug for asked in showable()}) is offered


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician)


def agreed(**more: str) -> dict[str, Any]:
    """Return what is filled in to agree on a check-in each Sunday."""
    usual = {
        "weekdays": ["6"],
        "at_time": "19:00",
        "every_weeks": "1",
        "open_hours": "48",
        "starts_on": timezone.localdate().isoformat(),
        "session-check-in": "1",
    }
    return usual | more


def test_every_one_that_is_asked_once_has_its_caution() -> None:
    cautioned = {slug for slug, one in instruments().items() if one.at_home}

    assert cautioned == {slug for slug, one in instruments().items() if one.once}


def test_the_caution_stands_where_it_is_planned_with_the_phase_of_care(
    desk: Client, patient: Patient, clinician: User
) -> None:
    open_episode(patient=patient, planned_sessions=None, by=clinician, at=NOW)

    page = desk.get(reverse("desk_rhythm", args=[patient.pk])).content.decode()

    assert instrument("ace").at_home in page
    assert CAUTIONED in page
    assert "Care phase now: " in page


def test_without_its_confirmation_nothing_is_agreed(desk: Client, patient: Patient) -> None:
    response = desk.post(reverse("desk_rhythm", args=[patient.pk]), agreed(ace="0"))

    assert response.status_code == 422
    assert "Read the caution and tick this" in response.content.decode()
    assert not Rhythm.objects.exists()


def test_confirmed_it_is_asked_once_at_home(desk: Client, patient: Patient) -> None:
    said = agreed(ace="0") | {"ace-read": "on"}

    desk.post(reverse("desk_rhythm", args=[patient.pk]), said)

    asked = Rhythm.objects.get(patient=patient).instruments
    assert {"slug": "ace", "every": 0, "cautioned": True} in asked


def test_a_tick_without_the_questions_plans_nothing(desk: Client, patient: Patient) -> None:
    desk.post(reverse("desk_rhythm", args=[patient.pk]), agreed() | {"ace-read": "on"})

    asked = Rhythm.objects.get(patient=patient).instruments
    assert asked == [{"slug": "session-check-in", "every": 1}]


def test_a_list_of_terrible_events_is_refused_at_home_until_it_was_confirmed(
    desk: Client, patient: Patient
) -> None:
    plan = reverse("desk_rhythm", args=[patient.pk])

    refused = desk.post(plan, agreed() | {"lec-5": "0"})
    desk.post(plan, agreed() | {"lec-5": "0", "lec-5-read": "on"})

    assert refused.status_code == 422
    assert {"slug": "lec-5", "every": 0, "cautioned": True} in Rhythm.objects.get().instruments


def test_words_attached_by_the_practice_come_with_the_same_caution(
    desk: Client, patient: Patient, clinician: User
) -> None:
    slug = "bce"
    asked = instrument(slug)
    labels = {0: "no", 1: "yes"}
    words = Wording(
        language="en",
        title=asked.name,
        instruction="Invented.",
        items={item.id: f"Invented question {item.id}" for item in asked.items},
        answers={item.scale: labels for item in asked.items},
    )
    attach_wording(
        instrument_slug=slug,
        wording=words,
        declared=Declared("Made for a test.", "A test"),
        by=clinician,
        at=NOW,
    )
    plan = reverse("desk_rhythm", args=[patient.pk])

    refused = desk.post(plan, agreed() | {slug: "0"})
    desk.post(plan, agreed() | {slug: "0", f"{slug}-read": "on"})

    assert refused.status_code == 422
    assert asked.at_home in refused.content.decode()
    assert {"slug": slug, "every": 0, "cautioned": True} in Rhythm.objects.get().instruments
