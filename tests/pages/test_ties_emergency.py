"""Emergency access, as people meet it.

A colleague on call asks by exactly what is known of the person, reads for a while under a
banner, and is told of; the clinician of record and a host find a review that waits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.emergency import record_number
from securebase.clinic.care.models import Emergency, Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.notes.actions import Said, begin_note, keep_note, sign_note
from securebase.clinic.notes.queries import notes_open_in_emergency, notes_visible_to
from securebase.clinic.safety.actions import Lines, write_plan
from securebase.clinic.therapy.actions import note_rupture
from securebase.stories.read_in_emergency import read_in_emergency
from tests.factories import (
    a_checkin,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    send,
    the_account,
    with_factor,
)

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

DOOR = reverse("desk_emergency")
WHY = "Rang and said goodbye; Dr Marsh cannot be reached."


@dataclass
class Night:
    """Jo treats Sam and is away; Kit is on call, in one browser after the other."""

    jo: User
    kit: User
    host: User
    sam: Patient
    client: Client

    def of(self, user: User, *, shown_ago: float | None = 10.0) -> Client:
        """Hand the browser to somebody who showed who they are so many seconds ago."""
        self.client.force_login(user)
        session = self.client.session
        session["account_authentication_methods_user"] = str(user.pk)
        if shown_ago is not None:
            at = time.time() - shown_ago
            shown = {"method": "password", "at": at, "reauthenticated": True}
            session["account_authentication_methods"] = [shown]
        session.save()
        return self.client

    def open(self, **other: str) -> Emergency:
        """Let Kit open Sam's record."""
        self.of(self.kit).post(DOOR, self.said(**other))
        return Emergency.objects.get()

    def said(self, **other: str) -> dict[str, str]:
        """Return the form filled in."""
        address = the_account(self.sam).email
        said = {"said": address, "kind": "danger", "reason": WHY, "delay_hours": "0"}
        return said | other


@pytest.fixture
def night(client: Client) -> Night:
    a_practice()
    jo, kit, host = a_clinician("Dr Jo Marsh"), a_clinician("Dr Kit Lowe"), a_host("Hal Gray")
    for user in (jo, kit, host):
        with_factor(user)
    return Night(jo, kit, host, a_patient(of=jo), client)


def test_who_has_not_shown_lately_that_it_is_them_is_asked(night: Night) -> None:
    for ago in (None, 301.0):
        page = night.of(night.kit, shown_ago=ago).get(DOOR)

        assert page.status_code == 302
        assert page.headers["Location"].startswith("/account/reauthenticate/?next=")


def test_a_sign_in_alone_is_not_showing_it_once_more(night: Night) -> None:
    client = night.of(night.kit, shown_ago=None)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()

    assert client.get(DOOR).status_code == 302


def test_a_form_that_took_too_long_keeps_its_words_and_opens_nothing(night: Night) -> None:
    page = night.of(night.kit, shown_ago=1201.0).post(DOOR, night.said())

    assert page.status_code == 422
    assert WHY in page.content.decode()
    assert "Confirm in a new tab" in page.content.decode()
    assert not Emergency.objects.exists()


def test_what_was_written_is_never_put_into_the_session(night: Night) -> None:
    night.of(night.kit, shown_ago=1201.0).post(DOOR, night.said())

    assert WHY not in str(dict(night.client.session))


@pytest.mark.parametrize("known", ["name", "number"])
def test_the_record_opens_under_a_banner(night: Night, known: str) -> None:
    by = {"name": " sam  REED ", "number": record_number(night.sam)}

    page = night.of(night.kit).post(DOOR, night.said(said=by[known]), follow=True)

    html = page.content.decode()
    assert page.status_code == 200
    assert "Sam Reed" in html
    assert "A record is open to you in an emergency" in html
    assert "A record is open to you" in night.client.get("/desk/").content.decode()


def test_no_process_note_and_no_other_door_is_open(night: Night) -> None:
    send(a_checkin(night.sam), {"phq-9.9": 1}, at=timezone.now())
    note_rupture(
        patient=night.sam, kind="unclear", note="my secret", by=night.jo, at=timezone.now()
    )
    emergency = night.open()

    read = read_in_emergency(patient=night.sam, by=night.kit, at=timezone.now())
    assert [rupture.note for rupture in read.ruptures] == [""]
    html = night.client.get(reverse("desk_emergency_record", args=[emergency.pk])).content
    assert b"my secret" not in html
    assert b"A safety question was marked" in html
    assert b"Strain in the work together, still open" in html
    person = reverse("desk_person", args=[night.sam.pk])
    for path in (person, f"{person}frame", f"{person}check-ins"):
        assert night.client.get(path).status_code == 404


def test_the_page_shows_the_safety_plan_and_signed_notes_and_no_other_plan(
    night: Night,
) -> None:
    by = {"by": night.jo, "at": timezone.now()}
    open_episode(patient=night.sam, planned_sessions=16, **by)  # type: ignore[arg-type]
    lines, day = Lines({"myself": ["Walk to the river"]}), date(2040, 1, 1)
    write_plan(patient=night.sam, lines=lines, review_on=day, seen=0, **by)  # type: ignore[arg-type]
    for text, signs in (("We spoke of Monday.", True), ("Not done yet.", False)):
        draft = begin_note(patient=night.sam, shape="free", **by)  # type: ignore[arg-type]
        keep_note(draft=draft, said=Said(1, {"note": text}), **by)  # type: ignore[arg-type]
        if signs:
            sign_note(draft=draft, version=2, **by)  # type: ignore[arg-type]
    emergency = night.open()

    page = night.client.get(reverse("desk_emergency_record", args=[emergency.pk]))

    html = page.content.decode()
    assert "Walk to the river" in html
    assert "We spoke of Monday." in html
    for kept in ("Not done yet.", "Phase of care", "of 16"):
        assert kept not in html


def test_signed_notes_open_on_no_other_page_in_an_emergency(night: Night) -> None:
    by = {"by": night.jo, "at": timezone.now()}
    draft = begin_note(patient=night.sam, shape="free", **by)  # type: ignore[arg-type]
    keep_note(draft=draft, said=Said(1, {"note": "We met."}), **by)  # type: ignore[arg-type]
    note = sign_note(draft=draft, version=2, **by)  # type: ignore[arg-type]
    night.open()

    assert list(notes_visible_to(night.kit, at=timezone.now())) == []
    assert list(notes_open_in_emergency(night.kit, at=timezone.now())) == [note]
    assert list(notes_open_in_emergency(night.jo, at=timezone.now())) == []


def test_sending_twice_opens_once(night: Night) -> None:
    night.open()
    night.of(night.kit).post(DOOR, night.said())

    assert Emergency.objects.count() == 1


@pytest.mark.parametrize("said", ["Sam", "Sam Ree", "nobody@example.org", "00000000"])
def test_nothing_is_listed_and_nothing_completed(night: Night, said: str) -> None:
    page = night.of(night.kit).post(DOOR, night.said(said=said))

    assert page.status_code == 422
    assert "No single record has exactly this" in page.content.decode()
    assert WHY in page.content.decode()


def test_after_five_searches_that_found_nobody_the_page_rests(night: Night) -> None:
    for number in range(5):
        night.of(night.kit).post(DOOR, night.said(said=f"no{number}@example.org"))

    page = night.client.get(DOOR).content.decode()
    assert "This page rests for an hour" in page
    assert "<textarea" not in page


def test_who_treats_the_person_is_sent_to_people(night: Night) -> None:
    page = night.of(night.jo).post(DOOR, night.said())

    assert "open the record from People" in page.content.decode()


def test_the_door_closes_after_its_hours_and_when_it_is_left(night: Night) -> None:
    emergency = night.open()
    record = reverse("desk_emergency_record", args=[emergency.pk])
    assert night.client.get(record).status_code == 200

    assert night.client.post(f"{record}leave").status_code == 302
    assert night.client.get(record).status_code == 404
    assert night.client.post(f"{record}leave").status_code == 404
    assert b"A record is open to you" not in night.client.get("/desk/").content


def test_nobody_else_comes_in_through_it(night: Night) -> None:
    emergency = night.open()
    other = a_clinician()
    with_factor(other)

    for user in (night.jo, other, night.host, the_account(night.sam)):
        record = reverse("desk_emergency_record", args=[emergency.pk])
        assert night.of(user).get(record).status_code == 404


def test_the_patient_is_told_in_plain_words(night: Night) -> None:
    night.open()

    home = night.of(the_account(night.sam)).get("/me/").content.decode()
    assert "Dr Kit Lowe opened your record on" in home
    assert "danger to life" in home
    assert WHY not in home


def test_a_delay_is_kept_with_its_reason_and_then_over(night: Night) -> None:
    reason = "The partner reads along at home."
    emergency = night.open(delay_hours="24", delay_reason=reason)
    patient = the_account(night.sam)

    assert b"Kit Lowe" not in night.of(patient).get("/me/").content
    assert emergency.delay_reason == reason
    Emergency.objects.update(told_from=timezone.now())
    assert b"Kit Lowe" in night.of(patient).get("/me/").content


def test_a_delay_without_a_reason_opens_nothing(night: Night) -> None:
    page = night.of(night.kit).post(DOOR, night.said(delay_hours="72"))

    assert "Write why it is safer" in page.content.decode()
    assert not Emergency.objects.exists()


def test_the_clinician_of_record_finds_it_on_today_and_reviews(night: Night) -> None:
    emergency = night.open()
    jo = night.of(night.jo)
    assert b"Emergency access to review" in jo.get("/desk/").content
    review = reverse("desk_emergency_review", args=[emergency.pk])
    assert WHY in jo.get(review).content.decode()

    jo.post(review, {"outcome": "talk", "note": "We will speak on Monday."})

    assert b"Emergency access to review" not in jo.get("/desk/").content
    assert jo.post(review, {"outcome": "needed"}).status_code == 404
    home = night.of(the_account(night.sam)).get("/me/").content.decode()
    assert "Dr Jo Marsh looked at it" in home
    assert "We will speak" not in home


def test_a_review_that_is_late_says_so(night: Night) -> None:
    night.open()
    Emergency.objects.update(review_by=timezone.now() - timedelta(minutes=1))

    assert b"Overdue" in night.of(night.jo).get("/desk/").content
    assert b"Overdue" in night.of(night.host).get(reverse("host_emergencies")).content


def test_the_host_s_first_page_counts_what_waits(night: Night) -> None:
    assert b"Each one was reviewed." in night.of(night.host).get("/keep/health/").content
    night.open()
    Emergency.objects.update(review_by=timezone.now() - timedelta(minutes=1))

    assert b"1 to review, 1 overdue." in night.of(night.host).get("/keep/").content


def test_a_host_reviews_by_initials(night: Night) -> None:
    emergency = night.open()
    review = reverse("host_emergency", args=[emergency.pk])
    page = night.of(night.host).get(review).content.decode()
    assert "S.R." in page
    assert "Sam" not in page

    assert night.client.post(review, {"outcome": ""}).status_code == 422
    page = night.client.post(review, {"outcome": "needed"}, follow=True).content.decode()
    assert "It was needed" in page


def test_who_opened_it_reviews_nothing(night: Night) -> None:
    emergency = night.open()

    review = reverse("desk_emergency_review", args=[emergency.pk])
    assert night.of(night.kit).get(review).status_code == 404
    assert night.client.post(review, {"outcome": "needed"}).status_code == 404
