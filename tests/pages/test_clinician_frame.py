"""The frame.

A clinician says on which days check-ins are read, and the patient is told; the phase of
care is noted when the work moves on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode, PhaseChange
from securebase.stories.write_over import reading_of
from tests.factories import NOW, a_clinician, a_patient, the_account

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician)


def frame_of(patient: Patient) -> str:
    return reverse("desk_frame", args=[patient.pk])


def test_what_is_promised_about_reading_is_kept_and_told_to_the_patient(
    desk: Client, patient: Patient
) -> None:
    said = {
        "days": ["1", "3"],
        "reading_by": "17:30",
        "seen": reading_of(patient.bonds.get()).mark,
    }

    assert desk.post(frame_of(patient), said).status_code == 302
    assert patient.bonds.get().reading_days == [1, 3]
    desk.force_login(the_account(patient))
    assert b"reads check-ins every Tuesday and Thursday" in desk.get("/me/").content


def test_a_promise_without_a_day_is_refused_and_nothing_changes(
    desk: Client, patient: Patient
) -> None:
    before = patient.bonds.get().reading_days

    response = desk.post(frame_of(patient), {"reading_by": "17:30"})

    assert response.status_code == 422
    assert b"Choose at least one day" in response.content
    assert patient.bonds.get().reading_days == before


def test_a_new_phase_of_care_is_noted_once(
    desk: Client, patient: Patient, clinician: User
) -> None:
    if not patient.episodes.exists():
        open_episode(patient=patient, by=clinician, at=NOW)
    for _ in range(2):
        desk.post(reverse("desk_phase", args=[patient.pk]), {"phase": "process", "seen": "1"})

    assert Episode.objects.get(patient=patient).phase == "process"
    assert PhaseChange.objects.filter(episode__patient=patient, phase="process").count() == 1


def test_another_clinicians_patient_has_no_frame_here(desk: Client) -> None:
    other = a_patient(of=a_clinician("Dr Else"))

    assert desk.get(frame_of(other)).status_code == 404
    assert (
        desk.post(reverse("desk_phase", args=[other.pk]), {"phase": "process"}).status_code
        == 404
    )
