"""Keeping somebody out, as people meet it.

The patient chooses a name on their own page, or tells their therapist, who enters it.
The colleague finds no record any more, and is told nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.exclusion import is_kept_out, keep_out
from securebase.clinic.care.models import Exclusion, Patient
from securebase.clinic.care.together import let_treat_too
from securebase.people.accounts.models import User
from tests import factories as make
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences

pytestmark = pytest.mark.django_db

NOW = make.NOW
OWN = reverse("me_kept_out")


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Street:
    """Jo treats Sam, and Kit does too; Kit lives next door."""

    jo: User
    kit: User
    sam: Patient


@pytest.fixture
def street() -> Street:
    make.a_practice()
    jo, kit = make.a_clinician("Dr Jo Marsh"), make.a_clinician("Dr Kit Lowe")
    for user in (jo, kit):
        make.with_factor(user)
    sam = make.a_patient(of=jo)
    let_treat_too(patient=sam, colleague=kit, by=jo, at=NOW)
    return Street(jo, kit, sam)


@pytest.fixture
def window(client: Client) -> Callable[[User], Client]:
    """One browser, handed from person to person."""

    def of(user: User) -> Client:
        client.force_login(user)
        return client

    return of


def shut(street: Street) -> Exclusion:
    by = make.the_account(street.sam)
    return keep_out(patient=street.sam, person=street.kit, by=by, at=NOW)


def test_the_patient_keeps_somebody_out_and_the_record_is_gone_for_them(
    street: Street, window: Callable[[User], Client]
) -> None:
    page = reverse("desk_person", args=[street.sam.pk])
    assert window(street.kit).get(page).status_code == 200

    sent = window(make.the_account(street.sam)).post(OWN, {"person": street.kit.pk})

    assert sent.status_code == 302
    assert window(street.kit).get(page).status_code == 404
    assert "Sam" not in window(street.kit).get(reverse("desk_people")).content.decode()


def test_nothing_tells_them_that_they_are_kept_out(
    street: Street, window: Callable[[User], Client]
) -> None:
    shut(street)

    nobody = reverse("desk_person", args=["00000000-0000-4000-8000-000000000000"])
    theirs = reverse("desk_person", args=[street.sam.pk])
    kit = window(street.kit)
    assert kit.get(theirs).content.replace(theirs.encode(), b"") == kit.get(
        nobody
    ).content.replace(nobody.encode(), b"")


def test_the_patient_takes_it_back(street: Street, window: Callable[[User], Client]) -> None:
    line = shut(street)
    sam = window(make.the_account(street.sam))
    assert "Dr Kit Lowe" in sam.get(OWN).content.decode()

    sam.post(reverse("me_kept_out_lift", args=[line.pk]))

    assert not is_kept_out(street.kit, street.sam)


def test_nobody_chosen_is_asked_again(street: Street, window: Callable[[User], Client]) -> None:
    reply = window(make.the_account(street.sam)).post(OWN, {"person": ""})

    assert reply.status_code == 422
    assert "Please choose." in reply.content.decode()


def test_the_clinician_of_record_enters_what_was_said_and_takes_it_back(
    street: Street, window: Callable[[User], Client]
) -> None:
    page = reverse("desk_kept_out", args=[street.sam.pk])
    jo = window(street.jo)

    jo.post(page, {"person": street.kit.pk})
    told = jo.get(page).content.decode()

    assert "Dr Kit Lowe" in told
    assert "told their therapist" in told
    line = Exclusion.objects.get(patient=street.sam)
    jo.post(reverse("desk_kept_out_lift", args=[line.pk]))
    assert not is_kept_out(street.kit, street.sam)


def test_a_colleague_who_treats_too_neither_reads_nor_enters_it(
    street: Street, window: Callable[[User], Client]
) -> None:
    page = reverse("desk_kept_out", args=[street.sam.pk])

    assert window(street.kit).get(page).status_code == 404


def test_an_emergency_of_theirs_finds_nobody(
    street: Street,
    window: Callable[[User], Client],
    settings: object,
) -> None:
    settings.SECUREBASE_DEMO = True  # type: ignore[attr-defined]
    shut(street)
    asked = {
        "kind": "danger",
        "reason": "Rang and said goodbye just now.",
        "delay_hours": "0",
        "delay_reason": "",
    }

    kit, page = window(street.kit), reverse("desk_emergency")
    theirs = kit.post(page, {**asked, "said": "Sam Reed"})
    nobodys = kit.post(page, {**asked, "said": "Sam Read"})

    assert theirs.status_code == nobodys.status_code == 422
    assert bare(theirs.content).replace(b"Reed", b"Read") == bare(nobodys.content)


def bare(page: bytes) -> bytes:
    """Return a page without the token of its form."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_it_is_said_in_plain_words(street: Street, window: Callable[[User], Client]) -> None:
    shut(street)
    make.a_clinician("Dr Ann Lee")

    said = words(window(make.the_account(street.sam)).get(OWN).content.decode())

    assert grade(said) <= 6
    assert max(len(one) for one in sentences(said)) <= 20
    assert [one for one in UNSAID if one.lower() in said.lower()] == []
