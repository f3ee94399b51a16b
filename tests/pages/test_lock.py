"""The lock, and words that arrive too late.

A page left alone locks and shows nothing. Whoever comes back shows who they are and goes
on where they were. A form that was sent meanwhile, or after signing in ended altogether,
comes back filled in, to its own person only. Nothing is written into the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import KeptWords, User, Visit
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    the_account,
    with_factor,
)

pytestmark = pytest.mark.django_db

WORDS = "four quiet herons stand"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OURS = {"Sec-Fetch-Site": "same-origin"}
LETTER = "I was angry after we met. I did not dare to say it."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock on a Monday morning."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def with_passphrase(user: User) -> User:
    """Give an account a passphrase and a second factor, as its person would."""
    user.set_password(WORDS)
    user.save()
    with_factor(user)
    return user


@pytest.fixture
def jo() -> User:
    """Return a clinician of a practice."""
    a_practice()
    return with_passphrase(a_clinician())


@pytest.fixture
def sam(jo: User) -> Patient:
    """Return a patient of the clinician, with a passphrase."""
    patient = a_patient(of=jo, name="Sam Reed")
    with_passphrase(the_account(patient))
    return patient


@pytest.fixture
def desk(jo: User) -> Client:
    """Return the clinician's browser, signed in."""
    return signed_in(jo)


def signed_in(user: User) -> Client:
    """Return a browser in which somebody is signed in and has been seen."""
    browser = Client(headers={"User-Agent": "Firefox/140 (Windows)"})
    browser.force_login(user)
    browser.get("/healthz")
    return browser


def later(clock: time_machine.Traveller, by: timedelta) -> datetime:
    """Let time pass."""
    clock.shift(by)
    return NOW + by


def unlock(browser: Client, password: str = WORDS, **more: Any) -> Any:
    """Write a passphrase on the locked page."""
    return browser.post(reverse("unlock"), {"password": password, **more})


# The page


def test_after_a_quarter_of_an_hour_staff_find_the_page_locked(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, 15 * MINUTE)

    answer = desk.get("/desk/people/?q=s")

    assert answer["Location"] == "/lock?next=%2Fdesk%2Fpeople%2F%3Fq%3Ds"


def test_a_patients_page_stays_open_for_an_hour(
    sam: Patient, clock: time_machine.Traveller
) -> None:
    me = signed_in(the_account(sam))
    later(clock, 59 * MINUTE)
    assert me.get("/me/").status_code == 200

    later(clock, 60 * MINUTE)

    assert me.get("/me/")["Location"] == "/lock?next=%2Fme%2F"


def test_the_locked_page_names_the_practice_and_nobody(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    page = desk.get(reverse("lock")).content.decode()

    assert "Willow House" in page
    assert "<title>Willow House</title>" in page
    for telling in ("Marsh", "Dr Jo", "@example.org", "clinic", "patient"):
        assert telling not in page


def test_the_right_passphrase_leads_back_to_the_same_page(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    answer = unlock(desk, next="/desk/people/?q=s")

    assert answer["Location"] == "/desk/people/?q=s"
    assert desk.get("/desk/people/").status_code == 200


def test_a_wrong_passphrase_opens_nothing_and_is_counted(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)
    answers = [unlock(desk, "wrong") for _ in range(6)]

    assert {answer.status_code for answer in answers} == {422}
    assert b"not the passphrase of this account" in answers[4].content
    assert b"Please wait 5 seconds" in answers[5].content
    assert desk.get("/desk/")["Location"].startswith("/lock")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "x", ""])
def test_unlocking_leads_to_no_other_site(
    desk: Client, clock: time_machine.Traveller, elsewhere: str
) -> None:
    later(clock, HOUR)

    assert unlock(desk, next=elsewhere)["Location"] == "/"


def test_the_session_gets_a_new_name_when_a_page_is_unlocked(
    desk: Client, clock: time_machine.Traveller
) -> None:
    before = desk.session.session_key
    later(clock, HOUR)

    unlock(desk)

    assert desk.session.session_key != before


def test_one_press_locks_the_page_at_once(desk: Client) -> None:
    answer = desk.post(reverse("lock"), headers={"Referer": "http://testserver/desk/people/"})

    assert answer["Location"] == "/lock?next=%2Fdesk%2Fpeople%2F"
    assert desk.get("/desk/")["Location"].startswith("/lock")


def test_after_twelve_hours_everything_is_asked_again(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, 12 * HOUR)

    answer = desk.get("/desk/people/")

    assert answer["Location"] == "/account/login/?next=/desk/people/"
    assert unlock(desk)["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in desk.session


def test_asking_how_the_page_stands_is_no_presence(
    desk: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(15):
        clock.shift(MINUTE)
        told = desk.get(reverse("lock_state")).json()
        desk.get("/desk/", headers={"In-Background": "yes"})

    assert told["standing"] == "locked"


def test_typing_is_presence(desk: Client, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        clock.shift(10 * MINUTE)
        assert desk.post(reverse("lock_here")).status_code == 204

    assert desk.get(reverse("lock_state")).json() == {"standing": "open", "seconds": 901}


def test_typing_on_a_locked_page_does_not_open_it(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)
    desk.post(reverse("lock_here"), headers=OURS)

    assert desk.get(reverse("lock_state")).json()["standing"] == "locked"


def test_while_locked_open_pages_are_open_and_know_nobody(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    assert desk.get("/help-now").status_code == 200
    assert desk.get("/me/steady/").status_code == 200
    assert desk.get("/")["Location"] == "/lock"
    assert desk.get("/account/2fa/")["Location"].startswith("/account/login/")


def test_from_a_locked_page_one_may_sign_out(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    answer = desk.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in desk.session
    assert Visit.objects.get().ended_at is not None


def test_signing_in_whole_opens_a_locked_page_as_well(
    sam: Patient, clock: time_machine.Traveller
) -> None:
    me, account = signed_in(the_account(sam)), the_account(sam)
    Authenticator.objects.filter(user=account).delete()
    later(clock, 2 * HOUR)

    me.post(reverse("account_login"), {"login": account.email, "password": WORDS})

    assert me.get("/me/").status_code == 200
    assert Visit.objects.filter(ended_at=None).count() == 1


def test_a_fragment_asked_for_on_a_locked_page_covers_it(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    answer = desk.get("/desk/people/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Trigger"]) == (401, "page-locked")


def test_the_cover_is_on_pages_of_somebody_and_on_no_page_for_all(
    desk: Client, sam: Patient
) -> None:
    me = signed_in(the_account(sam))

    assert b"data-lock" in desk.get("/desk/").content
    assert b"data-lock" in me.get("/me/").content
    assert b"data-lock" not in me.get("/help-now").content
    assert b"data-lock" not in me.get("/me/steady/").content


# Words


def question(patient: Patient) -> str:
    """Return the address of an open question."""
    checkin = a_checkin(patient, "phq-9", at=NOW)
    return reverse("me_question", kwargs={"pk": checkin.pk, "number": 1})


def test_an_answer_sent_to_a_locked_page_comes_back_and_can_be_sent(
    sam: Patient, clock: time_machine.Traveller
) -> None:
    me, address = signed_in(the_account(sam)), question(sam)
    later(clock, 2 * HOUR)

    late = me.post(address, {"answer": "2", "do": "continue"}, headers=OURS)
    assert late["Location"] == "/lock?next=%2Faccount%2Fkept%2F"
    assert unlock(me, next="/account/kept/")["Location"] == "/account/kept/"
    page = me.get("/account/kept/").content.decode()
    assert "We kept what you wrote" in page
    assert f'action="{address}"' in page
    assert 'name="do" value="continue"' in page
    sent = me.post(address, {"answer": "2", "do": "continue"}, headers=OURS)

    assert sent.status_code == 302
    assert not KeptWords.objects.exists()
    assert me.get("/account/kept/")["Location"] == "/"


def test_a_clinicians_note_sent_after_everything_ended_comes_back(
    desk: Client, jo: User, sam: Patient, clock: time_machine.Traveller
) -> None:
    address = reverse("desk_ruptures", args=[sam.pk])
    later(clock, 13 * HOUR)

    late = desk.post(address, {"note": LETTER, "kind": "withdrawal"}, headers=OURS)

    assert late["Location"] == "/account/login/?next=/account/kept/"
    page = signed_in(jo).get("/account/kept/").content.decode()
    assert LETTER in page
    assert "Your note" in page


def test_words_wait_though_the_session_is_gone_altogether(
    jo: User, desk: Client, sam: Patient
) -> None:
    desk.cookies.pop("sessionid")

    late = desk.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    assert late["Location"] == "/account/login/?next=/account/kept/"
    assert KeptWords.objects.get().account == jo


def test_words_wait_when_the_visit_was_ended_from_another_device(
    jo: User, desk: Client
) -> None:
    signed_in(jo).post(reverse("account_sessions_end"))

    desk.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    assert KeptWords.objects.get().account == jo
    assert "_auth_user_id" not in desk.session


def test_words_of_one_person_are_given_to_nobody_else(
    jo: User, desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)
    desk.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    other = signed_in(with_passphrase(a_clinician("Dr Kim Lee")))

    assert other.get("/account/kept/")["Location"] == "/"
    other.post("/account/kept/drop/", {"page": "/desk/people/new"})
    assert KeptWords.objects.exists()


def test_what_another_site_sends_is_not_taken_for_ones_own_words(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ):
        desk.post("/desk/people/new", {"note": LETTER}, headers=headers)

    assert not KeptWords.objects.exists()


def test_an_older_browser_is_known_by_where_the_form_came_from(
    desk: Client, clock: time_machine.Traveller
) -> None:
    later(clock, HOUR)

    desk.post("/desk/people/new", {"note": LETTER}, headers={"Origin": "http://testserver"})

    assert KeptWords.objects.exists()


def test_a_script_that_keeps_words_hears_that_they_are_safe(
    sam: Patient, clock: time_machine.Traveller
) -> None:
    me, address = signed_in(the_account(sam)), question(sam)
    later(clock, 2 * HOUR)

    answer = me.post(
        f"{address}keep/",
        {"answer": "2"},
        headers={**OURS, "Sec-Fetch-Dest": "empty", "Referer": f"http://testserver{address}"},
    )

    assert answer.status_code == 401
    assert b"Your words are safe" in answer.content
    assert KeptWords.objects.get().path == address


def test_a_form_whose_token_is_too_old_is_kept_as_well(jo: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(jo)

    answer = browser.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    assert answer.status_code == 403
    assert b"We kept what you wrote" in answer.content
    assert KeptWords.objects.get().account == jo


def test_a_stranger_without_a_mark_leaves_nothing(client: Client, jo: User) -> None:
    client.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    assert not KeptWords.objects.exists()


def test_words_can_be_let_go(desk: Client, clock: time_machine.Traveller) -> None:
    later(clock, HOUR)
    desk.post("/desk/people/new", {"note": LETTER}, headers=OURS)
    unlock(desk)

    desk.post("/account/kept/drop/", {"page": "/desk/people/new"})

    assert not KeptWords.objects.exists()


def test_words_are_written_into_no_cookie(desk: Client, clock: time_machine.Traveller) -> None:
    later(clock, HOUR)
    desk.post("/desk/people/new", {"note": LETTER}, headers=OURS)

    assert "angry" not in str(desk.cookies)
