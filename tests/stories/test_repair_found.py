"""A repair.

When the last open strain is mended, its reminder comes to rest with it; while another is
open, it stays.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Signal
from securebase.clinic.therapy.actions import note_rupture
from securebase.clinic.therapy.models import Rupture
from securebase.people.accounts.models import User
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from securebase.stories.repair_found import repair_found
from tests.factories import NOW, TALKED, a_clinician, a_patient

LATER = NOW + timedelta(weeks=4)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW)
    return patient


def strain(patient: Patient, clinician: User) -> Rupture:
    return note_rupture(patient=patient, kind="unclear", note="", by=clinician, at=NOW)


def test_with_the_last_strain_its_reminder_closes(patient: Patient, clinician: User) -> None:
    rupture = strain(patient, clinician)
    (reminder,) = notice_open_ruptures(at=LATER)

    repair_found(rupture=rupture, because=TALKED, by=clinician, at=LATER)

    reminder.refresh_from_db()
    assert reminder.state == Signal.State.CLOSED
    assert reminder.acts.get().reason_code == "repaired"


def test_while_another_strain_is_open_the_reminder_stays(
    patient: Patient, clinician: User
) -> None:
    first, _ = strain(patient, clinician), strain(patient, clinician)
    (reminder,) = notice_open_ruptures(at=LATER)

    repair_found(rupture=first, because=TALKED, by=clinician, at=LATER)

    reminder.refresh_from_db()
    assert reminder.state == Signal.State.OPEN


def test_another_clinician_closes_nothing(patient: Patient, clinician: User) -> None:
    rupture = strain(patient, clinician)
    (reminder,) = notice_open_ruptures(at=LATER)

    with pytest.raises(PermissionDenied):
        repair_found(rupture=rupture, because=TALKED, by=a_clinician("Dr Else"), at=LATER)

    reminder.refresh_from_db()
    assert reminder.state == Signal.State.OPEN
