"""Whoever tries doors is seen.

A link that opens nothing, a form without the mark of its page, a value that no page
offers: each leaves a row. Staff are named on it; where a patient was is not kept. What
somebody changes about how they sign in leaves a row and a letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from securebase.people.accounts.actions import invite
from securebase.people.accounts.models import MailLink, User
from securebase.people.accounts.ways import make_link
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.people.post.models import Letter
from tests import factories as make
from tests.jobs.test_tick import GIVEAWAYS
from tests.mailing import letters_sent
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db

WORDS, NEW = "four quiet herons stand", "seven slow rivers meet"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock on a Monday morning."""
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def jo() -> User:
    """Return a clinician with a passphrase, of a practice that is set up."""
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    jo.set_password(WORDS)
    jo.save()
    return jo


@pytest.fixture
def sam(jo: User) -> User:
    """Return a patient's account with a passphrase."""
    sam = make.the_account(make.a_patient(of=jo, name="Sam Reed"))
    sam.set_password(WORDS)
    sam.save()
    return sam


def rows(verb: Verb) -> list[tuple[object, ...]]:
    """Return what the rows of a verb say."""
    told = AuditEvent.objects.filter(verb=verb.value)
    return list(told.values_list("reason", "actor", "object_id", "outcome"))


def passphrase_link(account: User) -> str:
    """Return the path of a fresh link for a new passphrase."""
    token = make_link(
        email=account.email, purpose=MailLink.Purpose.PASSPHRASE, at=timezone.now()
    )
    return reverse("account_passphrase", args=[token])


def test_a_link_never_made_leaves_a_row_about_nobody(jo: User) -> None:
    Client().get(reverse("account_passphrase", args=["made-up"]))

    assert rows(Verb.ACCOUNT_LINK_REFUSE) == [("unknown", None, "", "refused")]


def test_a_link_of_staff_used_twice_leaves_a_row_about_them(jo: User) -> None:
    path = passphrase_link(jo)
    Client().post(path, {"password": NEW})

    Client().get(path)

    assert rows(Verb.ACCOUNT_LINK_REFUSE) == [("used", None, str(jo.pk), "refused")]


def test_a_link_of_a_patient_that_is_too_old_leaves_a_row_about_nobody(
    sam: User, clock: time_machine.Traveller
) -> None:
    path = passphrase_link(sam)
    clock.shift(timedelta(minutes=11))

    Client().get(path)

    assert rows(Verb.ACCOUNT_LINK_REFUSE) == [("too_old", None, "", "refused")]


def test_an_invitation_opened_twice_leaves_a_row(jo: User) -> None:
    host = make.a_host()
    _, token = invite(account=jo, by=host, at=timezone.now())
    path = reverse("welcome", args=[token])
    Client().post(path, {"password": NEW})

    Client().get(path)

    assert rows(Verb.ACCOUNT_LINK_REFUSE) == [("used", None, str(jo.pk), "refused")]


def test_a_flood_of_links_leaves_no_more_rows_than_its_place_has_guesses(jo: User) -> None:
    for n in range(35):
        Client().get(reverse("account_passphrase", args=[f"made-up-{n}"]))

    assert len(rows(Verb.ACCOUNT_LINK_REFUSE)) == 30


def test_a_form_without_the_mark_of_its_page_leaves_a_row(jo: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(jo)

    browser.post(reverse("account_sessions_end"))
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})

    told = [("no_mark", jo.pk, "", "refused"), ("no_mark", None, "", "refused")]
    assert sorted(rows(Verb.ACCOUNT_FORM_REFUSE), key=str) == sorted(told, key=str)


def test_a_flood_of_forms_leaves_no_more_rows_than_its_place_has_guesses(jo: User) -> None:
    for _ in range(35):
        Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})

    assert len(rows(Verb.ACCOUNT_FORM_REFUSE)) == 30


def test_a_value_that_no_page_offers_leaves_a_row(jo: User) -> None:
    patient = make.a_patient(of=jo)
    page = reverse("desk_hand_over", args=[patient.pk])

    answer = signed_in(jo).post(page, {"entry": "made-up"})

    assert answer.status_code == 422
    assert rows(Verb.ACCOUNT_FORM_REFUSE) == [("not_offered", jo.pk, "", "refused")]


# What somebody changes about how they sign in


def tell(account: User, news: str) -> None:
    """Hand over news as the account library does."""
    request: Any = RequestFactory().get("/")
    request.session, request.user = Client().session, account
    with context.request_context(request):
        get_adapter(request).send_notification_mail(f"mfa/email/{news}", account)


@pytest.mark.parametrize(
    ("news", "verb", "kind"),
    [
        ("totp_activated", Verb.ACCOUNT_FACTOR_ADD, "totp"),
        ("totp_deactivated", Verb.ACCOUNT_FACTOR_REMOVE, "totp"),
        ("webauthn_added", Verb.ACCOUNT_FACTOR_ADD, "webauthn"),
        ("webauthn_removed", Verb.ACCOUNT_FACTOR_REMOVE, "webauthn"),
        ("recovery_codes_generated", Verb.ACCOUNT_FACTOR_ADD, "recovery_codes"),
    ],
)
def test_each_change_of_a_factor_leaves_a_row_and_a_letter(
    sam: User, news: str, verb: Verb, kind: str
) -> None:
    tell(sam, news)

    assert rows(verb) == [(kind, sam.pk, str(sam.pk), "done")]
    (letter,) = letters_sent()
    assert letter.to == [sam.email]


def test_taking_an_app_away_in_the_browser_leaves_the_row(jo: User) -> None:
    TOTP.activate(jo, "A" * 32)
    Authenticator.objects.create(
        user=jo, type=Authenticator.Type.WEBAUTHN, data={"name": "a key", "credential": {}}
    )
    browser = Client()
    browser.force_login(jo)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(jo.pk)
    session.save()

    browser.post(reverse("mfa_deactivate_totp"))

    assert rows(Verb.ACCOUNT_FACTOR_REMOVE) == [("totp", jo.pk, str(jo.pk), "done")]


def test_a_new_passphrase_by_mail_is_told_by_mail(sam: User) -> None:
    Client().post(passphrase_link(sam), {"password": NEW})

    assert [letter.to for letter in letters_sent()] == [[sam.email]]


def test_the_letter_gives_nothing_away_and_leads_to_the_sign_ins(sam: User) -> None:
    tell(sam, "totp_activated")

    (letter,) = letters_sent()

    words = f"{letter.subject} {letter.body}".lower()
    assert [word for word in [*GIVEAWAYS, "sam", "app", "code"] if word in words] == []
    assert reverse("account_sessions") in words


# Guesses


def guess(email: str, *, times: int, browser: Client | None = None) -> None:
    """Try to sign in with a wrong passphrase."""
    for _ in range(times):
        given = {"login": email, "password": "not it, surely not"}
        (browser or Client()).post(reverse("account_login"), given)


def test_whoever_is_guessed_at_gets_one_letter_a_day(
    sam: User, clock: time_machine.Traveller
) -> None:
    guess(sam.email, times=5)
    clock.shift(timedelta(hours=1))
    guess(sam.email, times=3)

    assert [letter.to for letter in letters_sent()] == [[sam.email]]


def test_a_few_slips_are_told_to_nobody(sam: User) -> None:
    guess(sam.email, times=4)

    assert letters_sent() == []


def test_an_address_nobody_has_is_put_down_alike_and_gets_no_letter(jo: User) -> None:
    guess("nobody@example.org", times=5)

    (waiting,) = Letter.objects.all()
    assert "nobody@example.org" not in waiting.key
    assert letters_sent() == []


def test_slips_in_ones_own_browser_are_told_to_nobody(sam: User) -> None:
    own = Client()
    own.post(reverse("account_login"), {"login": sam.email, "password": WORDS})
    own.post(reverse("account_logout"))

    guess(sam.email, times=6, browser=own)

    assert letters_sent() == []


def test_the_letter_about_guesses_gives_nothing_away(sam: User) -> None:
    guess(sam.email, times=5)

    (letter,) = letters_sent()

    words = f"{letter.subject} {letter.body}".lower()
    assert [word for word in [*GIVEAWAYS, "sam reed"] if word in words] == []
