"""Readiness, what was tried, supervision and the palette, as a clinician uses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Patient
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Proceeding, ReadinessView, Suggestion, Wishes
from securebase.clinic.guidance.talks import AgendaMark, SupervisionNote
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from tests.factories import (
    NOW,
    TODAY,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    an_account,
    send,
)
from tests.pages.signed import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinician() -> User:
    a_practice()
    return a_clinician("Dr Jo Marsh")


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = a_patient(of=clinician, name="Samuel Reedling")
    open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=16)
    return patient


@pytest.fixture
def supervisor(clinician: User) -> User:
    val = an_account(Role.SUPERVISOR, name="Val Orr")
    agree_on_supervision(
        supervisor=val,
        supervisee=clinician,
        days=Days(TODAY, TODAY + timedelta(days=90), "Europe/London"),
        by=clinician,
        at=NOW,
    )
    return val


def text(client: Client, name: str, *args: object) -> str:
    """Return a page as one line."""
    return " ".join(client.get(reverse(name, args=args)).content.decode().split())


# Readiness


def test_what_has_no_data_is_not_measured_and_never_fine(
    desk: Client, patient: Patient
) -> None:
    page = text(desk, "desk_readiness", patient.pk)

    assert page.count("Not measured") >= 8
    assert "16 planned sessions left" in page


def test_both_views_stand_side_by_side(desk: Client, patient: Patient) -> None:
    sent = a_checkin(patient, "phq-9", at=timezone.now())
    send(sent, {f"phq-9.{n}": 1 for n in range(1, 10)}, at=timezone.now())
    said = {"domain": "suicide", "view": "settled", "note": "We spoke <at length>."}
    desk.post(reverse("desk_readiness_view", args=[patient.pk]), said)

    page = text(desk, "desk_readiness", patient.pk)
    assert "A safety answer is marked and still open." in page
    assert "We spoke &lt;at length&gt;." in page
    assert ReadinessView.objects.get().view == "settled"


def test_one_goes_ahead_with_a_reason_and_is_never_locked_out(
    desk: Client, patient: Patient
) -> None:
    go = reverse("desk_proceed", args=[patient.pk])

    assert desk.post(go, {"reason": " "}).status_code == 422
    desk.post(go, {"reason": "She wants it and can stop."})
    kept = Proceeding.objects.get()
    assert kept.reason == "She wants it and can stop."
    assert kept.standing["psychosis"] == "not measured"
    assert "She wants it and can stop." in text(desk, "desk_readiness", patient.pk)


def test_a_domain_or_view_that_is_none_is_not_kept(desk: Client, patient: Patient) -> None:
    path = reverse("desk_readiness_view", args=[patient.pk])

    desk.post(path, {"domain": "luck", "view": "settled"})
    desk.post(path, {"domain": "time", "view": "perfect"})

    assert not ReadinessView.objects.exists()


# What was tried


def test_what_was_accepted_is_told_with_before_and_after_and_no_cause(
    desk: Client, patient: Patient, clinician: User
) -> None:
    sent = a_checkin(patient, "phq-9", at=NOW)
    send(sent, {f"phq-9.{n}": 3 for n in range(1, 10)}, at=NOW)
    offered = Suggestion.objects.filter(patient=patient).first()
    assert offered is not None
    decide(suggestion=offered, choice="accept", by=clinician, at=NOW)

    page = text(desk, "desk_tried", patient.pk)
    assert "What follows is not what caused it." in page
    assert "Nothing to compare yet." in page


# Supervision


def test_a_clinician_brings_a_question_and_the_supervisor_reads_it_by_initials(
    desk: Client, patient: Patient, supervisor: User
) -> None:
    bring = reverse("desk_bring", args=[patient.pk])
    desk.post(bring, {"question": "Am I too close?"})
    desk.post(bring, {"question": "Twice"})
    val = signed_in(supervisor)

    page = text(val, "desk_supervision")
    assert AgendaMark.objects.count() == 1
    assert "Am I too close?" in page
    assert "Samuel" not in page


def test_a_note_of_supervision_is_for_the_two_and_nobody_else(
    desk: Client, patient: Patient, supervisor: User
) -> None:
    val = signed_in(supervisor)
    val.post(reverse("desk_supervision_note", args=[patient.pk]), {"words": "Slow <down>."})

    assert SupervisionNote.objects.get().words == "Slow <down>."
    assert "Slow &lt;down&gt;." in text(desk, "desk_supervision_notes")
    assert "Slow &lt;down&gt;." in text(val, "desk_supervised", patient.pk)
    assert "Slow" not in text(signed_in(a_clinician()), "desk_supervision_notes")


def test_a_mark_is_taken_up_by_its_clinician_only(desk: Client, patient: Patient) -> None:
    desk.post(reverse("desk_bring", args=[patient.pk]), {"question": ""})
    path = reverse("desk_taken_up", args=[AgendaMark.objects.get().pk])

    assert signed_in(a_clinician()).post(path).status_code == 404
    desk.post(path)
    assert AgendaMark.objects.get().taken_up_at is not None


def test_the_supervisor_reads_why_one_went_ahead(
    desk: Client, patient: Patient, supervisor: User
) -> None:
    desk.post(reverse("desk_proceed", args=[patient.pk]), {"reason": "Asked for <it>."})

    page = text(signed_in(supervisor), "desk_supervised", patient.pk)
    assert "Asked for &lt;it&gt;." in page


def test_without_a_contract_no_note_is_kept(patient: Patient) -> None:
    val = signed_in(an_account(Role.SUPERVISOR))
    path = reverse("desk_supervision_note", args=[patient.pk])

    assert val.post(path, {"words": "x"}).status_code == 404


# Find or do


@pytest.mark.parametrize("words", ["reedling", "SAMUEL reed", "SR", "s.r.", " s r "])
def test_people_are_found_by_name_and_by_initials(
    desk: Client, patient: Patient, words: str
) -> None:
    page = desk.get(reverse("desk_find"), {"q": words}).content.decode()

    assert "Samuel Reedling" in page


def test_the_palette_lists_ones_own_people_and_places_and_leaves_a_row(
    desk: Client, patient: Patient
) -> None:
    a_patient(of=a_clinician(), name="Ada Stranger")

    entries = desk.get(reverse("desk_find_json")).json()["entries"]
    assert [one["name"] for one in entries][:2] == ["Samuel Reedling", "Today"]
    assert AuditEvent.objects.filter(verb="care.patients.list").exists()


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("note reedling", "desk_notes"),
        ("reedling session", "desk_sessions"),
        ("enter SR", "desk_entry_choose"),
        ("hand sam", "desk_hand_over"),
        ("plan break sam", "desk_bridge"),
        ("invite samuel", "desk_partners"),
    ],
)
def test_something_to_do_is_found_with_the_name_of_a_person(
    desk: Client, patient: Patient, words: str, to: str
) -> None:
    page = desk.get(reverse("desk_find"), {"q": words}).content.decode()

    assert reverse(to, args=[patient.pk]) in page
    assert desk.get(reverse(to, args=[patient.pk])).status_code == HTTPStatus.OK


def test_the_palette_offers_nothing_to_do_with_somebody_one_only_covers(
    desk: Client, clinician: User
) -> None:
    away = a_clinician()
    ada = a_patient(of=away, name="Ada Covered")
    days = Days(TODAY, TODAY + timedelta(days=7), "Europe/London")
    arrange_cover(patients=[ada], colleague=clinician, days=days, by=away, at=NOW)

    entry = desk.get(reverse("desk_find_json")).json()["entries"][0]

    assert (entry["name"], entry["person"]) == ("Ada Covered", "")


def test_a_session_is_begun_at_once_and_only_once(desk: Client, patient: Patient) -> None:
    address = reverse("desk_sessions", args=[patient.pk])

    first, second = (desk.post(address, {"do": "begin"}) for _ in range(2))

    session = TherapySession.objects.get()
    opened = reverse("desk_session", args=[session.pk])
    assert (first["Location"], second["Location"]) == (opened, opened)
    assert opened in desk.get(address).content.decode()


def test_a_place_is_found_by_its_words(desk: Client, patient: Patient) -> None:
    page = desk.get(reverse("desk_find"), {"q": "cover"}).content.decode()

    assert "Arrange cover" in page
    assert "Nobody in your care by that name" in page


# Wishes


def test_wishes_hold_for_whoever_chose_them(desk: Client, clinician: User) -> None:
    desk.post(reverse("desk_wishes"), {"digest": "on"})

    kept = Wishes.objects.get()
    assert (kept.clinician, kept.patterns, kept.digest) == (clinician, False, True)
