"""Supervision, as people meet it.

A supervisor reads how the work goes: by initials, without a name or a word that the
patient wrote, and no process note but one that its author shows. Contracts are recorded by
the clinician or a host.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.models import Patient, Supervision
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Signal
from securebase.clinic.notes.apart import begin_apart, keep_apart
from securebase.clinic.therapy.actions import note_rupture
from securebase.people.accounts.models import Role
from securebase.people.audit.models import AuditEvent
from tests.factories import (
    a_checkin,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    an_account,
    send,
    with_factor,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

WORK = reverse("desk_supervision")
CONTRACTS = reverse("desk_contracts")
HOSTS = reverse("host_supervision")


@dataclass
class Room:
    """Jo treats Sam; Val could supervise."""

    jo: User
    val: User
    host: User
    sam: Patient
    client: Client

    def of(self, user: User) -> Client:
        """Hand the browser to somebody."""
        self.client.force_login(user)
        return self.client

    def agree(self) -> Supervision:
        """Let Jo record the contract."""
        self.of(self.jo).post(CONTRACTS, self.said())
        return Supervision.objects.get()

    def said(self, **other: str) -> dict[str, str]:
        """Return the form filled in."""
        today = timezone.localdate()
        days = {"first": str(today), "last": str(today + timedelta(days=300))}
        return {"supervisor": str(self.val.pk), "note": "Every other Thursday."} | days | other


@pytest.fixture
def room(client: Client) -> Room:
    a_practice()
    jo, host = a_clinician("Dr Jo Marsh"), a_host("Hal Gray")
    val = an_account(Role.SUPERVISOR, name="Val Orr")
    for user in (jo, host, val):
        with_factor(user)
    sam = a_patient(of=jo, name="Samuel Reedling", at=timezone.now() - timedelta(days=30))
    return Room(jo, val, host, sam, client)


@pytest.fixture
def lived(room: Room) -> Room:
    """Sam's work with something of every kind that a supervisor may or may not see."""
    at = timezone.now()
    open_episode(patient=room.sam, by=room.jo, at=at, planned_sessions=16)
    said: dict[str, int | str | None] = {"session-check-in.matters": "the river words"}
    checkin = a_checkin(room.sam, "phq-9", "session-check-in", at=at)
    send(checkin, said | {"phq-9.9": 1}, at=at)
    note_rupture(patient=room.sam, kind="withdrawal", note="my secret", by=room.jo, at=at)
    signal = Signal.objects.get(kind="SAFE")
    act_on_signal(signal=signal, act="seen", by=room.jo, at=at, reason="Rang on Monday.")
    return room


def test_the_supervisor_reads_the_work_by_initials(lived: Room) -> None:
    lived.agree()

    html = lived.of(lived.val).get(WORK).content.decode()
    assert "Dr Jo Marsh" in html
    assert "S.R." in html
    assert "building safety" in html
    assert "Strain open since" in html
    assert "Samuel" not in html


def test_an_open_strain_alone_is_a_reason_to_look(room: Room) -> None:
    room.agree()
    before = room.of(room.val).get(WORK).content.decode()
    note_rupture(patient=room.sam, kind="withdrawal", note="", by=room.jo, at=timezone.now())

    after = room.client.get(WORK).content.decode()

    assert ("Settled" in before, "Look" in before) == (True, False)
    assert ("Settled" in after, "Look" in after) == (False, True)


def test_one_person_shows_decisions_and_reasons_and_no_words(lived: Room) -> None:
    lived.agree()

    page = lived.of(lived.val).get(reverse("desk_supervised", args=[lived.sam.pk]))
    html = page.content.decode()
    assert "Rang on Monday." in html
    assert "moving away" in html.lower()
    for hidden in ("Samuel", "Reedling", "the river words", "my secret"):
        assert hidden not in html


def test_a_process_note_is_read_once_its_author_shows_it_and_not_after_it_is_taken_back(
    lived: Room,
) -> None:
    lived.agree()
    note = begin_apart(patient=lived.sam, by=lived.jo, at=timezone.now())
    keep_apart(note=note, text="I was tired.", version=1, by=lived.jo, at=timezone.now())
    address, page = (
        reverse("desk_apart_show", args=[note.pk]),
        reverse("desk_shown", args=[note.pk]),
    )
    before = lived.of(lived.val).get(page).status_code

    lived.of(lived.jo).post(address, {"supervisor": str(lived.val.pk)})
    work = lived.of(lived.val).get(reverse("desk_supervised", args=[lived.sam.pk]))
    shown = lived.client.get(page)
    taken = lived.of(lived.jo).post(address, {"do": "hide"}, follow=True)
    after = lived.of(lived.val).get(page).status_code

    assert (before, shown.status_code, after) == (404, 200, 404)
    assert page in work.content.decode()
    assert "tired" not in work.content.decode()
    assert "I was tired." in shown.content.decode()
    assert "Samuel" not in shown.content.decode()
    assert "for you alone again" in taken.content.decode()
    assert AuditEvent.objects.filter(verb="notes.process.read").count() == 1


def test_a_process_note_is_shown_to_no_one_who_does_not_supervise_the_work(
    lived: Room,
) -> None:
    note = begin_apart(patient=lived.sam, by=lived.jo, at=timezone.now())
    address = reverse("desk_apart_show", args=[note.pk])

    answer = lived.of(lived.jo).post(address, {"supervisor": str(lived.val.pk)}, follow=True)

    assert "Not shown. Choose somebody who supervises" in answer.content.decode()
    assert "Show it to" not in answer.content.decode()


def test_each_look_leaves_a_row(lived: Room) -> None:
    lived.agree()
    lived.of(lived.val).get(WORK)
    lived.client.get(reverse("desk_supervised", args=[lived.sam.pk]))

    rows = AuditEvent.objects.filter(actor=lived.val.pk, verb__startswith="care.supervision")
    assert [(row.verb, row.patient) for row in rows] == [
        ("care.supervision.list", None),
        ("care.supervision.read", lived.sam.pk),
    ]


def test_without_a_contract_nothing_is_seen(lived: Room) -> None:
    val = lived.of(lived.val)

    assert "No contract is open" in val.get(WORK).content.decode()
    assert val.get(reverse("desk_supervised", args=[lived.sam.pk])).status_code == 404


def test_the_work_closes_at_the_next_request(lived: Room) -> None:
    contract = lived.agree()
    lived.of(lived.jo).post(reverse("desk_contract_end", args=[contract.pk]))

    val = lived.of(lived.val)
    assert "S.R." not in val.get(WORK).content.decode()
    assert val.get(reverse("desk_supervised", args=[lived.sam.pk])).status_code == 404


def test_a_supervisor_finds_no_other_room_of_the_desk(lived: Room) -> None:
    lived.agree()
    val = lived.of(lived.val)
    person = reverse("desk_person", args=[lived.sam.pk])

    for path in ("/desk/", "/desk/people/", person, CONTRACTS, reverse("desk_emergency")):
        assert val.get(path).status_code == 404
    rail = val.get(WORK).content.decode()
    assert 'href="/desk/people/"' not in rail
    assert 'href="/desk/supervision/"' in rail
    assert val.get("/").headers["Location"] == WORK


def test_a_clinician_finds_their_own_contracts_in_the_rail(room: Room) -> None:
    page = room.of(room.jo).get("/desk/people/").content.decode()

    assert f'href="{CONTRACTS}"' in page
    assert f'href="{WORK}"' not in page


def test_a_host_records_and_ends_a_contract(room: Room) -> None:
    said = room.said(supervisee=str(room.jo.pk))

    page = room.of(room.host).post(HOSTS, said, follow=True).content.decode()
    assert "Val Orr supervises Dr Jo Marsh" in page
    end = reverse("host_supervision_end", args=[Supervision.objects.get().pk])
    assert "No contract is recorded" in room.client.post(end, follow=True).content.decode()


def test_a_contract_longer_than_a_year_is_refused_beside_its_day(room: Room) -> None:
    last = str(timezone.localdate() + timedelta(days=366))

    page = room.of(room.jo).post(CONTRACTS, room.said(last=last))

    assert page.status_code == 422
    assert b"at most 366" in page.content
    assert not Supervision.objects.exists()


def test_strangers_end_no_contract(room: Room) -> None:
    contract = room.agree()
    other = a_clinician()
    with_factor(other)

    path = reverse("desk_contract_end", args=[contract.pk])
    assert room.of(other).post(path).status_code == 404


def test_the_list_costs_the_same_for_more_people(
    lived: Room, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lived.agree()
    for number in range(4):
        a_patient(of=lived.jo, name=f"Alex {number}")
    val = lived.of(lived.val)

    with django_assert_max_num_queries(31):
        val.get(WORK)
