"""The way in.

A practice begins with one link that works once. Everybody else comes in by invitation.
What a stranger sees does not tell who has an account here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.models import Practice
from securebase.people.accounts.actions import accept_invitation, invite, make_account
from securebase.people.accounts.models import Invitation, Role, User
from securebase.stories.send_invitation import send_invitation
from securebase.stories.set_up_link import offer_link
from securebase.stories.set_up_practice import Founder, Place, set_up_practice
from tests.mailing import letters_sent

if TYPE_CHECKING:
    from pytest_django import Settings

WORDS = "river lantern quiet meadow"
ANSWERS = {
    "practice": "Harbour Practice",
    "country": "GB",
    "time_zone": "Europe/London",
    "signals": "on",
    "name": "Ada Marsh",
    "email": "ada@example.org",
    "password": WORDS,
}


@pytest.fixture(autouse=True)
def own_data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def host(db: None) -> User:
    """Return the first person of a practice that is set up."""
    place = Place(name="Harbour Practice", signals_on=True)
    founder = Founder(email="ada@example.org", name="Ada Marsh", password=WORDS)
    return set_up_practice(place=place, founder=founder, at=timezone.now())[1]


def _invited(host: User, *, at: datetime | None = None) -> tuple[Invitation, str]:
    at = at or timezone.now()
    account = make_account(
        email="noor@example.org", name="Noor Vale", roles=[Role.PATIENT], by=host, at=at
    )
    return invite(account=account, by=host, at=at)


# The first set-up


def test_the_set_up_link_makes_the_practice_and_asks_for_a_second_factor(
    client: Client, db: None
) -> None:
    link = reverse("set_up", args=[offer_link()])

    assert client.get(link).status_code == 200
    answer = client.post(link, ANSWERS)

    assert answer.headers["Location"] == reverse("mfa_index")
    practice = Practice.objects.get()
    assert (practice.name, practice.signals_on) == ("Harbour Practice", True)
    assert User.objects.get().roles == {"host", "clinician"}


def test_signals_stay_off_unless_somebody_turns_them_on(
    client: Client, db: None, settings: Settings
) -> None:
    settings.SECUREBASE_SIGNALS = False
    link = reverse("set_up", args=[offer_link()])

    assert b'value="off" required id="id_signals_0" checked' in client.get(link).content


def test_after_set_up_the_link_opens_nothing(client: Client, db: None) -> None:
    link = reverse("set_up", args=[offer_link()])
    client.post(link, ANSWERS)

    assert client.get(link).status_code == 404
    assert client.post(link, ANSWERS | {"email": "other@example.org"}).status_code == 404
    assert User.objects.count() == 1
    assert offer_link() is None


def test_a_new_set_up_link_ends_the_one_before(client: Client, db: None) -> None:
    first, second = offer_link(), offer_link()

    assert client.get(reverse("set_up", args=[first])).status_code == 404
    assert client.get(reverse("set_up", args=[second])).status_code == 200


def test_only_a_digest_of_the_set_up_link_is_kept(db: None, tmp_path: Path) -> None:
    token = offer_link()

    kept = (tmp_path / "set-up.digest").read_text()
    assert token is not None
    assert token not in kept
    assert (tmp_path / "set-up.digest").stat().st_mode & 0o077 == 0


def test_a_short_passphrase_is_refused_and_nothing_is_made(client: Client, db: None) -> None:
    link = reverse("set_up", args=[offer_link()])

    answer = client.post(link, ANSWERS | {"password": "too short"})

    assert answer.status_code == 422
    assert b"at least 15 characters" in answer.content
    assert not User.objects.exists()


def test_staff_without_a_second_factor_reach_only_the_page_that_sets_it_up(
    client: Client, db: None
) -> None:
    client.post(reverse("set_up", args=[offer_link()]), ANSWERS)

    assert client.get("/keep/").headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_the_code_for_the_app_is_drawn_into_the_page(client: Client, db: None) -> None:
    client.post(reverse("set_up", args=[offer_link()]), ANSWERS)

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    assert "<svg" in page
    assert "data:" not in page
    assert "style=" not in page


# Invitations


def test_an_invitation_opens_an_account_and_signs_in(client: Client, host: User) -> None:
    _, token = _invited(host)

    page = client.get(reverse("welcome", args=[token])).content.decode()
    answer = client.post(reverse("welcome", args=[token]), {"password": WORDS})

    assert "Ada Marsh invites you to Harbour Practice" in page
    assert "not an emergency service" in page
    assert answer.headers["Location"] == "/me/discreet/first/"
    assert client.get("/").headers["Location"] == "/me/"


def test_a_link_used_expired_or_never_made_gets_one_and_the_same_answer(
    client: Client, host: User
) -> None:
    _, used = _invited(host)
    client.post(reverse("welcome", args=[used]), {"password": WORDS})
    client.logout()
    later = timezone.now() - timedelta(days=30)
    old_account = make_account(
        email="old@example.org", name="Old Link", roles=[Role.PATIENT], by=host, at=later
    )
    _, expired = invite(account=old_account, by=host, at=later)

    answers = [client.get(reverse("welcome", args=[t])) for t in (used, expired, "x" * 43)]

    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert b"does not open anything" in answers[0].content


def test_a_used_link_does_not_change_the_passphrase(client: Client, host: User) -> None:
    _, token = _invited(host)
    client.post(reverse("welcome", args=[token]), {"password": WORDS})

    again = client.post(reverse("welcome", args=[token]), {"password": "another long phrase"})

    assert again.status_code == 404
    assert User.objects.get(email="noor@example.org").check_password(WORDS)


def test_a_passphrase_of_fourteen_characters_is_not_taken(client: Client, host: User) -> None:
    _, token = _invited(host)

    answer = client.post(reverse("welcome", args=[token]), {"password": "a" * 7 + "qzwxecr"})

    assert answer.status_code == 422
    assert not User.objects.get(email="noor@example.org").has_usable_password()


# The message


def test_the_message_says_nothing_about_care_and_carries_the_link(
    host: User, settings: Settings
) -> None:
    settings.SECUREBASE_BASE_URL = "https://practice.example"
    invitation, token = _invited(host)

    send_invitation(invitation, token)

    [message] = letters_sent()
    words = f"{message.subject} {message.body}".lower()
    assert f"https://practice.example/welcome/{token}/" in str(message.body)
    assert message.to == ["noor@example.org"]
    for telling in ("therap", "clinic", "harbour", "ada", "noor", "patient", "check-in"):
        assert telling not in words.replace(token.lower(), "")


def test_an_invitation_that_was_used_meanwhile_is_not_sent(host: User) -> None:
    invitation, token = _invited(host)
    accept_invitation(token=token, password=WORDS, at=timezone.now())

    send_invitation(invitation, token)

    assert letters_sent() == []


# The front door


def test_before_sign_in_the_front_door_is_quiet(client: Client, host: User) -> None:
    page = client.get("/").content.decode()

    assert "Harbour Practice" in page
    assert 'href="/account/login/"' in page
    assert 'href="/help-now"' in page


def test_before_set_up_it_says_where_the_link_is(client: Client, db: None) -> None:
    assert b"not set up yet" in client.get("/").content


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ([Role.CLINICIAN, Role.HOST], "/desk/"),
        ([Role.PATIENT], "/me/"),
        ([Role.HOST], "/keep/"),
    ],
)
def test_a_signed_in_person_is_led_to_their_first_page(
    client: Client, host: User, roles: list[Role], home: str
) -> None:
    person = make_account(
        email="p@example.org", name="P Q", roles=roles, by=host, at=timezone.now()
    )
    client.force_login(person)

    assert client.get("/").headers["Location"] == home


def test_a_machine_that_asks_gets_one_word(client: Client, db: None) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"well")


def test_sign_in_answers_alike_for_a_known_and_an_unknown_address(
    client: Client, host: User
) -> None:
    def answer(address: str) -> Any:
        page = client.post(
            reverse("account_login"), {"login": address, "password": "not the passphrase"}
        )
        return page.status_code, page.content.replace(address.encode(), b"ADDRESS")

    known, unknown = answer("ada@example.org"), answer("abc@example.org")

    assert _without_token(known) == _without_token(unknown)


def test_signing_out_takes_a_press_not_a_visit(client: Client, host: User) -> None:
    client.force_login(host)

    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_nobody_opens_an_account_alone(client: Client, host: User) -> None:
    answer = client.get(reverse("account_signup"))

    assert b"opened by invitation" in answer.content


def test_the_demo_way_in_exists_only_in_the_demo(client: Client, host: User) -> None:
    assert client.get("/demo/enter/anything/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/account/login/", "/account/password/reset/", "/welcome/no/"]
)
def test_every_page_carries_the_strict_policy(client: Client, host: User, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_address_somebody_was_invited_by_is_not_changed_in_passing(
    client: Client, host: User
) -> None:
    client.force_login(host)

    assert client.get("/account/email/").status_code == 404


def test_pages_tell_other_sites_nothing_yet_let_their_own_forms_through(
    client: Client, host: User
) -> None:
    page = client.get("/account/login/")

    assert page.headers["Referrer-Policy"] == "same-origin"
    assert b'name="referrer" content="same-origin"' in page.content


def test_a_form_without_its_token_is_refused_calmly(host: User) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})

    assert answer.status_code == 403
    assert b"This was not sent" in answer.content


def test_a_set_up_page_left_open_makes_no_second_practice(
    client: Client, db: None, tmp_path: Path
) -> None:
    link = reverse("set_up", args=[offer_link()])
    kept = (tmp_path / "set-up.digest").read_text()
    client.post(link, ANSWERS)
    (tmp_path / "set-up.digest").write_text(kept)

    assert client.post(link, ANSWERS | {"email": "other@example.org"}).status_code == 404


def _without_token(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    status, page = answer
    lines = [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]
    return status, b"\n".join(lines)
