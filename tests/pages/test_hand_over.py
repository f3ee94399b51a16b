"""Handing the device over.

The clinician chooses one form; from then on the device is the patient's, for that form
and Help now. Nothing on it leads back to the desk, and when the form is sent, stopped or
left alone, the device is asked back with nothing left to read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Response
from securebase.people.accounts.models import Visit
from securebase.people.audit.models import AuditEvent
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    answer,
    the_account,
)
from tests.pages.signed import signed_in
from tests.pages.test_clinician import shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

FORM = "phq-9"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=30))


@pytest.fixture
def device(client: Client, clinician: User) -> Client:
    return signed_in(clinician, client)


def handed(device: Client, sam: Patient, entry: str = FORM) -> CheckIn:
    """Hand the device over for one form; return what it asks."""
    reply = device.post(reverse("desk_hand_over", args=[sam.pk]), {"entry": entry})
    assert reply.headers["Location"] == reverse("me_hand_over")
    return CheckIn.objects.filter(patient=sam).latest("due_at")


def first(checkin: CheckIn) -> str:
    return reverse("me_question", args=[checkin.pk, 1])


def where(reply: Any) -> str:
    return str(reply.headers.get("Location", ""))


# Beginning


def test_the_person_page_leads_there(device: Client, sam: Patient) -> None:
    address = reverse("desk_hand_over", args=[sam.pk])

    assert shows(device.get(reverse("desk_person", args=[sam.pk])), address)
    assert shows(device.get(address), "PHQ-9 (9 questions, about 2 min)", "Hand it over")


def test_whoever_does_not_want_it_now_gives_the_device_back(
    device: Client, sam: Patient
) -> None:
    handed(device, sam)

    page = device.get(reverse("me_hand_over")).content.decode()

    assert f'href="{reverse("hand_back")}">Not now' in page


def test_only_what_may_be_shown_is_offered(device: Client, sam: Patient) -> None:
    html = device.get(reverse("desk_hand_over", args=[sam.pk])).content.decode()

    assert 'value="gad-7"' in html
    assert 'value="ecr-r"' not in html
    assert 'value="sud"' not in html


def test_the_check_in_that_waits_can_be_handed_over(device: Client, sam: Patient) -> None:
    waiting = a_checkin(sam, "gad-7", at=NOW)

    assert handed(device, sam, "waiting") == waiting


def test_what_was_begun_elsewhere_is_not_handed_over(device: Client, sam: Patient) -> None:
    answer(a_checkin(sam, "gad-7", at=NOW), {"gad-7.1": 1}, at=NOW)

    reply = device.post(reverse("desk_hand_over", args=[sam.pk]), {"entry": "waiting"})

    assert reply.status_code == 422


def test_it_is_on_the_trail_who_handed_it_to_whom(
    device: Client, sam: Patient, clinician: User
) -> None:
    checkin = handed(device, sam)

    row = AuditEvent.objects.get(verb="checkins.checkin.hand_over")
    assert (row.actor, row.patient, row.object_id) == (clinician.pk, sam.pk, str(checkin.pk))


def test_without_an_account_a_paper_form_is_offered_instead(
    device: Client, sam: Patient
) -> None:
    account = the_account(sam)
    account.is_active = False
    account.save()

    page = device.get(reverse("desk_hand_over", args=[sam.pk]))

    assert shows(page, "no open account", reverse("desk_entry_choose", args=[sam.pk]))


def test_another_clinician_hands_nothing_over(client: Client, sam: Patient) -> None:
    signed_in(a_clinician(), client)

    reply = client.post(reverse("desk_hand_over", args=[sam.pk]), {"entry": FORM})

    assert reply.status_code == 404
    assert not CheckIn.objects.exists()


# While it is handed over


def test_the_patient_is_told_what_it_is_and_answers_it(device: Client, sam: Patient) -> None:
    checkin = handed(device, sam)

    start = device.get(reverse("me_hand_over"))
    asked = device.get(first(checkin))
    after = device.post(first(checkin), {"answer": "2"})

    assert shows(start, "This form is for you", "9 questions", "Help now", first(checkin))
    assert shows(asked, "Little interest or pleasure", "Help now")
    assert where(after) == reverse("me_question", args=[checkin.pk, 2])


def test_the_clinicians_session_is_gone_from_the_device(
    device: Client, sam: Patient, clinician: User
) -> None:
    before = device.session.session_key

    handed(device, sam)

    mine = Visit.objects.get(account=clinician)
    assert mine.ended_at == NOW
    assert device.session.session_key != before
    assert device.session["_auth_user_id"] == str(the_account(sam).pk)


@pytest.mark.parametrize(
    "name",
    ["desk_today", "desk_people", "me_home", "me_record", "me_checkin", "account_home"],
)
def test_no_other_address_answers(device: Client, sam: Patient, name: str) -> None:
    handed(device, sam)

    for reply in (device.get(reverse(name)), device.post(reverse(name))):
        assert where(reply) == reverse("me_hand_over")


def test_no_other_check_in_of_the_same_person_answers(device: Client, sam: Patient) -> None:
    other = a_checkin(sam, "gad-7", at=NOW - timedelta(hours=1))
    handed(device, sam)

    assert where(device.get(first(other))) == reverse("me_hand_over")


def test_help_now_answers_and_knows_nobody(device: Client, sam: Patient) -> None:
    handed(device, sam)

    assert shows(device.get("/help-now"), "Help now")


def test_the_page_asks_for_no_passphrase_and_leads_to_no_account(
    device: Client, sam: Patient
) -> None:
    handed(device, sam)

    html = device.get(reverse("me_hand_over")).content.decode()

    assert "data-lock-form" not in html
    assert reverse("account_home") not in html
    assert f'data-handed-over="{reverse("hand_back")}?over"' in html


# Handing it back


def test_sending_asks_for_the_device_and_leaves_nothing(device: Client, sam: Patient) -> None:
    checkin = handed(device, sam)
    device.post(first(checkin), {"answer": "3"})

    sent = device.post(reverse("me_send", args=[checkin.pk]), follow=True)

    assert shows(sent, "It is sent.", "Please hand the device back.", "Help now")
    assert reverse("desk_person", args=[sam.pk]) in sent.content.decode().replace("%2F", "/")
    assert sent.headers["Clear-Site-Data"] == '"cache"'
    assert Response.objects.get().answers["1"] == 3
    assert Response.objects.get().recorded_by == the_account(sam)
    assert "_auth_user_id" not in device.session
    assert where(device.get(first(checkin))).startswith("/account/login")
    assert where(device.get(reverse("desk_today"))).startswith("/account/login")


def test_stopping_keeps_it_for_the_patient_alone(
    device: Client, sam: Patient, client: Client
) -> None:
    checkin = handed(device, sam)

    kept = device.post(first(checkin), {"answer": "3", "do": "stop"}, follow=True)

    assert shows(kept, "What you answered is kept for you.")
    client.force_login(the_account(sam))
    assert shows(client.get(reverse("me_checkin")), "Welcome back", "1 answer kept")


def test_not_now_hands_it_back_at_once(device: Client, sam: Patient) -> None:
    handed(device, sam)

    assert shows(device.get(reverse("hand_back")), "Please hand the device back.")
    assert "_auth_user_id" not in device.session


def test_whom_to_call_is_shown_whether_or_not_a_safety_question_was_marked(
    device: Client, sam: Patient
) -> None:
    checkin = handed(device, sam)
    ninth = reverse("me_question", args=[checkin.pk, 9])
    device.post(ninth, {"answer": "1"})
    marked = device.post(reverse("me_send", args=[checkin.pk]), follow=True)
    unmarked = device.get(reverse("hand_back"))

    assert shows(marked, "If a question weighs on you", "116 123")
    assert shows(unmarked, "If a question weighs on you", "116 123")


def test_looked_at_again_the_last_page_says_nothing_of_anybody(
    device: Client, sam: Patient
) -> None:
    handed(device, sam)
    device.get(reverse("hand_back"))

    again = device.get(reverse("hand_back"))

    assert shows(again, "Please hand the device back.")
    assert str(sam.pk) not in again.content.decode()


@pytest.mark.parametrize("minutes", [15, 61])
def test_left_alone_it_closes_by_itself(
    device: Client, sam: Patient, clock: time_machine.Traveller, minutes: int
) -> None:
    checkin = handed(device, sam)
    for _ in range(minutes // 10 if minutes > 15 else 0):
        clock.shift(timedelta(minutes=10))
        device.get(first(checkin))
    clock.shift(timedelta(minutes=15 if minutes == 15 else 1))

    reply = device.get(first(checkin), follow=True)

    assert shows(reply, "The form is closed.", "Please hand the device back.")
    assert "_auth_user_id" not in device.session


def test_an_answer_that_comes_too_late_is_kept_for_the_patient(
    device: Client, sam: Patient, clock: time_machine.Traveller
) -> None:
    checkin = handed(device, sam)
    clock.shift(timedelta(minutes=20))

    ours = {"sec-fetch-site": "same-origin"}
    reply = device.post(first(checkin), {"answer": "2"}, follow=True, headers=ours)

    assert shows(reply, "The form is closed.")
    assert the_account(sam).kept_words.count() == 1


def test_a_form_that_was_not_answered_is_told_as_such(
    device: Client, sam: Patient, clinician: User, clock: time_machine.Traveller
) -> None:
    handed(device, sam)
    clock.shift(timedelta(hours=25))
    close_missed(at=NOW + timedelta(hours=25))

    page = signed_in(clinician, device).get(reverse("desk_person", args=[sam.pk]))

    assert shows(page, "Form on a handed device not answered")
