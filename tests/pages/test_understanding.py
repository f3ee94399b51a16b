"""What two people wrote together, on both their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.people.accounts.models import User
from tests.factories import NOW, a_clinician, a_patient, the_account
from tests.pages.signed import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NEED = "To be <b>believed</b>"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician)


@pytest.fixture
def me(patient: Patient) -> Client:
    return signed_in(the_account(patient))


def write(desk: Client, patient: Patient, seen: int = 0, **parts: str) -> int:
    """Write a version at the desk; return the status."""
    said = {"seen": str(seen), "need": NEED} | parts
    return desk.post(reverse("desk_formulation", args=[patient.pk]), said).status_code


def of(patient: Patient, name: str) -> str:
    """Return an address about the newest version."""
    return reverse(name, args=[Formulation.objects.filter(patient=patient).first().pk])  # type: ignore[union-attr]


def test_it_is_shared_when_both_agree_and_not_before(
    desk: Client, me: Client, patient: Patient
) -> None:
    write(desk, patient, above="Loud <i>inside</i>")
    together = reverse("me_together")

    assert "believed" not in me.get(together).content.decode()
    desk.post(of(patient, "desk_formulation_offer"))
    offered = me.get(together).content.decode()
    assert "believed" not in offered
    assert "Show it here" in offered
    me.post(of(patient, "me_together_show"))
    page = me.get(together).content.decode()
    assert "To be &lt;b&gt;believed" in page
    assert "Loud &lt;i&gt;inside" in page
    me.post(of(patient, "me_together_hide"))
    assert "believed" not in me.get(together).content.decode()


def test_what_was_written_meanwhile_stands_beside_ones_own_words(
    desk: Client, patient: Patient
) -> None:
    write(desk, patient)
    address = reverse("desk_formulation", args=[patient.pk])

    late = desk.post(address, {"seen": "0", "need": "My own words"})
    page = late.content.decode()

    assert late.status_code == 422
    assert "My own words" in page
    assert "To be &lt;b&gt;believed" in page
    assert 'name="seen" value="1"' in page


def test_the_patients_words_wait_for_the_therapists_yes(
    desk: Client, me: Client, patient: Patient
) -> None:
    write(desk, patient)
    assert me.post(reverse("me_together"), {"seen": "1", "need": "No"}).status_code == 403
    desk.post(of(patient, "desk_formulation_offer"))
    me.post(of(patient, "me_together_show"))

    me.post(reverse("me_together"), {"seen": "1", "need": "To be asked"})
    page = me.get(reverse("me_together")).content.decode()

    assert Formulation.objects.count() == 2
    assert "has not agreed to it yet" in page


def test_both_rate_a_goal_in_the_patients_words(
    desk: Client, me: Client, patient: Patient, clock: Any
) -> None:
    me.post(reverse("me_goal"), {"words": "Sleep <alone>"})
    goal = Goal.objects.get()
    me.post(reverse("me_goal_rate", args=[goal.pk]), {"value": "2"})
    clock.shift(60)
    desk.post(reverse("desk_goal_rate", args=[goal.pk]), {"value": "6"})
    desk.post(reverse("desk_goal_rate", args=[goal.pk]), {"value": "eleven"})

    page = me.get(reverse("me_together")).content.decode()
    assert "Sleep &lt;alone&gt;" in page
    assert "to 6 of 10" in page
    me.post(reverse("me_goal_close", args=[goal.pk]), {"state": "reached"})
    goal.refresh_from_db()
    assert goal.state == "reached"


def test_somebody_elses_pages_are_not_there(patient: Patient, desk: Client) -> None:
    write(desk, patient)
    stranger = signed_in(a_clinician())

    for name in ("desk_formulation_offer", "desk_formulation_withdraw"):
        assert stranger.post(of(patient, name)).status_code == 404
    assert stranger.get(reverse("desk_formulation", args=[patient.pk])).status_code == 404
