"""The log of a strain at the desk, and "Between us" on the patient's side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import note_rupture
from securebase.clinic.therapy.models import Rupture
from securebase.people.accounts.models import User
from tests.factories import NOW, a_clinician, a_patient, the_account
from tests.pages.signed import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician)


@pytest.fixture
def strain(patient: Patient, clinician: User) -> Rupture:
    return note_rupture(
        patient=patient, kind="withdrawal", note="my own thought", by=clinician, at=NOW
    )


@pytest.fixture
def me(patient: Patient) -> Client:
    return signed_in(the_account(patient))


def test_the_log_shows_every_step_and_both_voices(
    desk: Client, me: Client, strain: Rupture
) -> None:
    log = reverse("desk_rupture", args=[strain.pk])
    desk.post(log, {"wish": "To be <asked>", "resolved": "2"})
    desk.post(reverse("desk_rupture_spoken", args=[strain.pk]))
    me.post(reverse("me_between_far", args=[strain.pk]), {"resolved": "4"})

    page = desk.get(log).content.decode()
    assert "To be &lt;asked&gt;" in page
    assert ": 2 of 5" in page
    assert ": 4 of 5" in page
    assert "the patient" in page


def test_lines_of_one_moment_stand_in_the_order_of_the_steps(
    desk: Client, strain: Rupture
) -> None:
    log = reverse("desk_rupture", args=[strain.pk])
    desk.post(log, {"action": "I said sorry.", "wish": "To be asked.", "marker": "It is fine."})

    page = desk.get(log).content.decode()

    places = [page.index(words) for words in ("It is fine.", "To be asked.", "I said sorry.")]
    assert places == sorted(places)


def test_nothing_written_is_said_beside_the_form(desk: Client, strain: Rupture) -> None:
    response = desk.post(reverse("desk_rupture", args=[strain.pk]), {})

    assert response.status_code == 422
    assert "Nothing is written yet" in response.content.decode()


def test_the_patient_is_not_shown_a_strain_nobody_spoke_of(
    desk: Client, me: Client, strain: Rupture
) -> None:
    between, mended = reverse("me_between"), reverse("me_between_mended", args=[strain.pk])

    assert "It is mended for me" not in me.get(between).content.decode()
    assert me.post(mended).status_code == 404
    desk.post(reverse("desk_rupture_spoken", args=[strain.pk]))
    page = me.get(between).content.decode()
    assert "It is mended for me" in page
    assert "my own thought" not in page


def test_the_patient_says_it_is_mended_and_the_log_says_who(
    desk: Client, me: Client, strain: Rupture
) -> None:
    desk.post(reverse("desk_rupture_spoken", args=[strain.pk]))
    me.post(reverse("me_between_mended", args=[strain.pk]))

    page = desk.get(reverse("desk_rupture", args=[strain.pk])).content.decode()
    assert "own word." in page


def test_what_a_patient_raises_is_a_promise_on_today(
    desk: Client, me: Client, patient: Patient
) -> None:
    me.post(reverse("me_between"), {"words": "You looked at the clock."})
    raised = Rupture.objects.get()

    today = desk.get(reverse("desk_today")).content.decode()
    assert reverse("desk_rupture", args=[raised.pk]) in today
    log = desk.get(reverse("desk_rupture", args=[raised.pk])).content.decode()
    assert "You looked at the clock." in log
    desk.post(reverse("desk_rupture_spoken", args=[raised.pk]))
    after = desk.get(reverse("desk_today")).content.decode()
    assert reverse("desk_rupture", args=[raised.pk]) not in after


def test_a_strain_of_somebody_elses_patient_is_not_there(strain: Rupture) -> None:
    stranger = signed_in(a_clinician())

    for name in ("desk_rupture", "desk_rupture_spoken", "desk_rupture_repair"):
        path = reverse(name, args=[strain.pk])
        assert stranger.post(path, {"because": "x"}).status_code == 404
