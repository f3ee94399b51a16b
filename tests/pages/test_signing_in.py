"""Signing in, from the outside.

A stranger learns nothing about who has an account. Guesses are slowed at every door, and
never lock a person out. Each device that is signed in can be seen and ended. A link from
the mailbox opens one check-in to write in, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.models import Patient
from securebase.people.accounts.actions import close_account, invite, renew_access
from securebase.people.accounts.models import MailLink, Role, User, Visit
from securebase.people.vault.keys import forget_keys
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    an_account,
    answer,
    the_account,
    with_factor,
)
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

SESSION_KEY_OF_A_VISIT = "visit"
WORDS, NEW = "four quiet herons stand", "seven slow rivers meet"
MINUTE = timedelta(minutes=1)
CHROME = "Mozilla/5.0 (Linux; Android 16) AppleWebKit Chrome/156 Safari/537"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock on a Monday morning."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def patient() -> Patient:
    """Return a patient with a passphrase."""
    a_practice()
    patient = a_patient(of=a_clinician(), name="Sam Reed")
    with_passphrase(the_account(patient))
    return patient


@pytest.fixture
def sam(patient: Patient) -> User:
    """Return the patient's account."""
    return the_account(patient)


def with_passphrase(user: User) -> User:
    """Give an account a passphrase."""
    user.set_password(WORDS)
    user.save()
    return user


def sign_in(browser: Client, email: str, password: str = WORDS, **more: Any) -> Any:
    """Write address and passphrase as one does."""
    given = {"login": email, "password": password}
    return browser.post(reverse("account_login"), given, **more)


def signed_in(user: User) -> Client:
    """Return a browser in which somebody is signed in and has been seen."""
    browser = Client(headers={"User-Agent": CHROME})
    browser.force_login(user)
    browser.get("/healthz")
    return browser


def said(page: Any) -> str:
    """Return what a page says, without what differs from one visit to the next."""
    return re.sub(r'value="[\w-]{40,}"|data-token="\w*"', "", page.content.decode())


def link_in_mail(ask: Callable[[], Any]) -> str | None:
    """Return the path of the link that was mailed when somebody asked; None if none was."""
    mail.outbox.clear()
    ask()
    found = [re.search(r"https?://[^/]+(/\S+)", str(letter.body)) for letter in letters_sent()]
    return found[0].group(1) if found and found[0] else None


# Equal answers


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("account_login", "login"),
        ("account_reset_password", "email"),
        ("account_link", "email"),
    ],
)
def test_a_known_a_closed_and_an_unknown_address_get_one_and_the_same_answer(
    sam: User, name: str, field: str
) -> None:
    closed = with_passphrase(an_account(Role.PATIENT))
    close_account(account=closed, by=a_host(), at=NOW)
    Client().post(reverse(name), {field: "first@example.org", "password": "not it, sorry"})
    heard, asked = set(), set()

    for number, address in enumerate((sam.email, closed.email, "nobody@example.org")):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        with CaptureQueriesContext(connection) as queries:
            page = browser.post(reverse(name), {field: address, "password": "not it, sorry"})
        heard.add((page.status_code, said(page).replace(address, "ADDRESS")))
        asked.add(len(queries))

    assert len(heard) == 1
    assert len(asked) == 1


def test_a_closed_account_is_told_nothing_though_the_passphrase_is_right(sam: User) -> None:
    close_account(account=sam, by=a_host(), at=NOW)

    right, wrong = sign_in(Client(), sam.email), sign_in(Client(), "nobody@example.org")

    assert said(right).replace(sam.email, "") == said(wrong).replace("nobody@example.org", "")


def test_a_passphrase_is_hashed_once_for_a_known_and_an_unknown_address(
    sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    counts = set()
    for address in (sam.email, "nobody@example.org"):
        hashed.clear()
        sign_in(Client(), address, "not it, sorry")
        counts.add(len(hashed))

    assert counts == {1}


# Guesses


def test_the_sixth_guess_waits_and_the_right_passphrase_works_after_the_wait(
    sam: User, clock: time_machine.Traveller
) -> None:
    browser = Client()
    for _ in range(5):
        sign_in(browser, sam.email, "wrong")

    assert b"Please wait 5 seconds" in sign_in(browser, sam.email).content
    clock.shift(timedelta(seconds=5))

    assert sign_in(browser, sam.email).status_code == 302


def test_the_tally_outlives_a_restart(sam: User) -> None:
    for _ in range(5):
        sign_in(Client(), sam.email, "wrong")
    cache.clear()
    Session.objects.all().delete()
    forget_keys()

    assert b"Please wait" in sign_in(Client(), sam.email).content


def test_a_flood_by_strangers_does_not_keep_a_person_out_of_their_own_browser(
    sam: User,
) -> None:
    own = signed_in(sam)
    own.post(reverse("account_logout"))
    for number in range(30):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), sam.email, "wrong")

    assert b"Please wait" in sign_in(Client(), sam.email).content
    assert sign_in(own, sam.email).status_code == 302


def test_a_mark_of_somebody_elses_browser_does_not_help(sam: User) -> None:
    other = signed_in(an_account(Role.PATIENT))
    other.post(reverse("account_logout"))
    for _ in range(5):
        sign_in(Client(), sam.email, "wrong")

    assert b"Please wait" in sign_in(other, sam.email).content


def test_a_forged_mark_does_not_help(sam: User) -> None:
    for _ in range(5):
        sign_in(Client(), sam.email, "wrong")
    browser = Client()
    browser.cookies["known"] = f'["{sam.pk}","00"]:sig'

    assert b"Please wait" in sign_in(browser, sam.email).content


def test_codes_of_the_second_factor_are_slowed_too(sam: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(sam, "A" * 32)
    browser = Client()
    sign_in(browser, sam.email)

    pages = [browser.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(6)]

    assert b"Please wait" not in pages[4].content
    assert b"Please wait 5 seconds" in pages[5].content


def test_the_old_passphrase_is_slowed_where_it_is_changed(sam: User) -> None:
    browser = signed_in(sam)
    given = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}

    pages = [browser.post(reverse("account_change_password"), given) for _ in range(6)]

    assert b"Please wait" in pages[5].content


def test_letters_to_one_address_are_slowed(sam: User) -> None:
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(
            reverse("account_reset_password"), {"email": sam.email}
        )
        for n in range(4)
    ]

    assert [page.status_code for page in answers] == [200, 200, 200, 422]
    assert b"Please wait 60 seconds" in answers[3].content


@pytest.mark.parametrize(
    "door", ["/welcome/{}/", "/account/link/{}/", "/account/password/new/{}/"]
)
def test_links_are_no_faster_to_guess(sam: User, door: str) -> None:
    answers = [Client().get(door.format(f"guess{number}")) for number in range(31)]

    assert {page.status_code for page in answers[:30]} == {404}
    assert answers[30].status_code == 429
    assert b"Please wait 2 seconds" in answers[30].content


# Where somebody is signed in


def test_each_device_is_named_and_one_or_all_others_are_ended(sam: User) -> None:
    here, phone, tablet = signed_in(sam), signed_in(sam), signed_in(sam)
    page = here.get(reverse("account_sessions")).content.decode()
    assert page.count("Chrome on Android") >= 3

    here.post(reverse("account_sessions_end"), {"visit": phone.session[SESSION_KEY_OF_A_VISIT]})

    assert phone.get("/me/")["Location"] == "/account/login/?next=/me/"
    assert tablet.get("/me/").status_code == 200
    here.post(reverse("account_sessions_end"))
    assert tablet.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_a_made_up_device_ends_nothing(sam: User) -> None:
    here, phone = signed_in(sam), signed_in(sam)

    here.post(reverse("account_sessions_end"), {"visit": "no such thing"})

    assert phone.get("/me/").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(sam: User) -> None:
    phone, other = signed_in(sam), signed_in(an_account(Role.PATIENT))

    other.post(
        reverse("account_sessions_end"), {"visit": phone.session[SESSION_KEY_OF_A_VISIT]}
    )

    assert phone.get("/me/").status_code == 200


def test_a_session_known_before_signing_in_is_worth_nothing_after_it(sam: User) -> None:
    attacker, victim = Client(), Client()
    attacker.get(reverse("account_login"))
    session = attacker.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = str(session.session_key)

    sign_in(victim, sam.email)

    assert victim.get("/me/").status_code == 200
    assert victim.session.session_key != session.session_key
    attacker.cookies["sessionid"] = str(session.session_key)
    assert attacker.get("/me/").status_code == 302


def test_changing_the_passphrase_renames_this_session_and_ends_the_others(sam: User) -> None:
    here, phone = signed_in(sam), signed_in(sam)
    before = here.session.session_key

    here.post(
        reverse("account_change_password"),
        {"oldpassword": WORDS, "password1": NEW, "password2": NEW},
    )

    assert here.session.session_key != before
    assert here.get("/me/").status_code == 200
    assert phone.get("/me/").status_code == 302
    assert Visit.objects.filter(account=sam, ended_at=None).count() == 1


def test_a_changed_second_factor_renames_this_session_and_ends_the_others(sam: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(sam, "A" * 32)
    phone, here = signed_in(sam), Client()
    sign_in(here, sam.email)
    here.force_login(sam)
    session = here.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(sam.pk)
    session.save()
    before = session.session_key

    here.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=sam).exists()
    assert here.session.session_key != before
    assert phone.get("/me/").status_code == 302


def test_a_leaver_is_out_at_the_next_request(sam: User) -> None:
    browser = signed_in(sam)

    close_account(account=sam, by=a_host(), at=NOW)

    assert browser.get("/me/")["Location"] == "/account/login/?next=/me/"
    assert sign_in(Client(), sam.email).status_code == 200


def test_signing_out_ends_the_visit_and_clears_what_the_browser_kept(sam: User) -> None:
    browser = signed_in(sam)

    page = browser.post(reverse("account_logout"))

    assert page["Clear-Site-Data"] == '"cache"'
    assert not Visit.objects.filter(ended_at=None).exists()


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(sam: User) -> None:
    browser = Client()
    sign_in(browser, sam.email)
    browser.get("/me/")

    for name in ("sessionid", "known"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"
    assert str(sam.email) not in browser.cookies["known"].value


def test_the_server_settings_name_cookies_that_only_this_host_can_set() -> None:
    text = (configured.PACKAGE / "config" / "settings" / "server.py").read_text()

    assert 'SESSION_COOKIE_NAME = "__Host-session"' in text
    assert 'CSRF_COOKIE_NAME = "__Host-csrf"' in text
    assert "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True" in text


# A link from the mailbox


@pytest.fixture
def by_link(sam: User) -> Callable[[], str | None]:
    """Return what asks for a link to the check-in and fetches it from the mailbox."""

    def fetch() -> str | None:
        return link_in_mail(
            lambda: Client().post(reverse("account_link"), {"email": sam.email}),
        )

    return fetch


def test_a_link_opens_the_check_in_once(
    patient: Patient, by_link: Callable[[], str | None]
) -> None:
    a_checkin(patient, "phq-9", at=NOW)
    path, browser = by_link(), Client()
    assert path is not None

    assert browser.get(path).status_code == 200
    assert browser.post(path)["Location"] == "/me/check-in/"
    assert browser.get("/me/check-in/").status_code == 200
    assert Client().post(path).status_code == 404


def test_the_letter_is_neutral(by_link: Callable[[], str | None]) -> None:
    path = by_link()

    [letter] = mail.outbox
    words = f"{letter.subject} {letter.body}".lower().replace(str(path).lower(), "")
    assert letter.subject == "A link for you"
    for telling in ("therap", "clinic", "willow", "sam", "reed", "patient", "check-in"):
        assert telling not in words


def test_a_link_reaches_the_check_in_and_nothing_else(
    patient: Patient, by_link: Callable[[], str | None]
) -> None:
    checkin = a_checkin(patient, "phq-9", at=NOW)
    browser = Client()
    browser.post(str(by_link()))
    question = reverse("me_question", kwargs={"pk": checkin.pk, "number": 1})

    assert browser.post(question, {"answer": "1"}).status_code == 302
    assert browser.get("/me/steady/").status_code == 200
    assert browser.get("/help-now").status_code == 200
    for closed in ("/me/", "/account/", "/account/sessions/", "/account/2fa/"):
        assert browser.get(closed)["Location"].startswith("/account/login/"), closed


def test_through_a_link_a_whole_sign_in_is_one_step_away(
    patient: Patient, sam: User, by_link: Callable[[], str | None]
) -> None:
    browser = Client()
    browser.post(str(by_link()))
    assert browser.get("/account/login/").status_code == 200

    sign_in(browser, sam.email)

    assert browser.get("/me/").status_code == 200


def test_a_link_does_not_show_what_was_written_before(
    patient: Patient, by_link: Callable[[], str | None]
) -> None:
    checkin = a_checkin(patient, "phq-9", at=NOW)
    answer(checkin, {"phq-9.1": 3}, at=NOW)
    path, browser = by_link(), Client()

    page = browser.post(str(path))

    assert b"Please sign in to go on" in page.content
    assert browser.get("/me/check-in/")["Location"].startswith("/account/login/")


def test_a_check_in_opened_by_a_link_closes_after_an_hour(
    patient: Patient, by_link: Callable[[], str | None], clock: time_machine.Traveller
) -> None:
    a_checkin(patient, "phq-9", at=NOW)
    browser = Client()
    browser.post(str(by_link()))
    clock.shift(60 * MINUTE)

    assert browser.get("/me/check-in/")["Location"].startswith("/account/login/")


def test_a_browser_that_only_had_a_link_is_not_known_as_its_persons(
    patient: Patient, by_link: Callable[[], str | None]
) -> None:
    browser = Client()
    browser.post(str(by_link()))

    assert "known" not in browser.cookies


def test_staff_get_no_such_link() -> None:
    email = with_passphrase(a_clinician()).email

    asked = link_in_mail(
        lambda: Client().post(reverse("account_link"), {"email": email}),
    )

    assert asked is None


def test_a_person_chooses_which_ways_are_open(
    sam: User, by_link: Callable[[], str | None]
) -> None:
    me = signed_in(sam)
    page = me.get(reverse("account_home")).content.decode()
    assert "A link by mail may open my check-in" in page

    me.post(reverse("account_home"), {"reset": "on"})

    sam.refresh_from_db()
    assert (sam.way_link, sam.way_reset) == (False, True)
    assert by_link() is None


def test_a_learner_is_not_asked_about_check_ins() -> None:
    page = signed_in(an_account(Role.LEARNER)).get(reverse("account_home"))

    assert b"check-in" not in page.content


# A new passphrase


def test_a_new_passphrase_is_chosen_once_and_every_device_asks_for_it(sam: User) -> None:
    phone = signed_in(sam)
    path = link_in_mail(
        lambda: Client().post(reverse("account_reset_password"), {"email": sam.email}),
    )
    assert path is not None
    assert Client().get(path).status_code == 200
    assert Client().post(path, {"password": "too short"}).status_code == 422
    assert Client().post(path, {"password": NEW}).status_code == 200

    assert phone.get("/me/").status_code == 302
    assert Client().post(path, {"password": WORDS}).status_code == 404
    assert sign_in(Client(), sam.email, NEW).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/reset/key/1-abc/",
        "/account/password/reset/done/",
        "/account/login/code/confirm/",
        "/account/password/set/",
    ],
)
def test_the_librarys_own_links_are_shut(sam: User, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_passphrase_may_be_pasted_and_seen(sam: User) -> None:
    page = Client().get(reverse("account_login")).content.decode()

    assert "Show what I type" in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


# A lost phone


def test_with_a_renewed_invitation_staff_set_up_a_new_second_factor() -> None:
    a_practice()
    jo = with_passphrase(a_clinician())
    with_factor(jo)
    _, token = renew_access(account=jo, by=a_host(), at=NOW)
    browser = Client()

    browser.post(reverse("welcome", args=[token]), {"password": NEW})

    assert browser.get("/desk/")["Location"] == reverse("mfa_index")


def test_an_invitation_opened_where_somebody_was_signed_in_does_not_sign_them_out() -> None:
    a_practice()
    account = an_account(Role.PATIENT)
    _, token = invite(account=account, by=a_host(), at=NOW)
    browser = signed_in(account)

    browser.post(reverse("welcome", args=[token]), {"password": NEW})

    assert browser.get(reverse("account_home")).status_code == 200


def test_there_is_no_account_that_nobody_made(db: None) -> None:
    assert not User.objects.exists()
    assert not MailLink.objects.exists()
