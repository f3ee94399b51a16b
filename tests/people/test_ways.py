"""Ways in: links by mail, a lost phone, and words kept meanwhile.

A link works once, also when two press it together, and stops when a passphrase is
chosen. What was written on a locked page is kept for the same person, sealed, for days.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, connections

from securebase.people.accounts import policies, ways
from securebase.people.accounts.actions import (
    accept_invitation,
    close_account,
    open_invitation,
    renew_access,
)
from securebase.people.accounts.keeping import (
    fields_of,
    forget_old_words,
    keep_words,
    kept_for,
    let_go,
)
from securebase.people.accounts.models import KeptWords, MailLink, Role, User
from securebase.people.accounts.tidy import tidy
from securebase.people.accounts.visits import begin_visit, open_visits
from securebase.people.accounts.ways import (
    Ways,
    choose_passphrase,
    choose_ways,
    link_of,
    make_link,
    use_link,
)
from tests.factories import NOW, a_clinician, a_host, an_account, with_factor

pytestmark = pytest.mark.django_db

CHECK_IN, PASSPHRASE = MailLink.Purpose.CHECK_IN, MailLink.Purpose.PASSPHRASE
OLD, NEW = "four quiet herons stand", "seven slow rivers meet"
MINUTE = timedelta(minutes=1)


def with_passphrase(*roles: Role) -> User:
    """Return an account that has a passphrase."""
    account = an_account(*roles)
    account.set_password(OLD)
    account.save()
    return account


@pytest.fixture
def sam() -> User:
    """Return a patient's account with a passphrase."""
    return with_passphrase(Role.PATIENT)


def token_for(account: User, purpose: MailLink.Purpose) -> str:
    """Return the token of a fresh link."""
    token = make_link(email=account.email, purpose=purpose, at=NOW)
    assert token is not None
    return token


def test_a_link_opens_its_account_once(sam: User) -> None:
    token = token_for(sam, CHECK_IN)

    assert use_link(token=token, purpose=CHECK_IN, at=NOW) == sam
    assert use_link(token=token, purpose=CHECK_IN, at=NOW) is None


@pytest.mark.parametrize(("purpose", "minutes"), [(CHECK_IN, 10), (PASSPHRASE, 10)])
def test_a_link_is_soon_too_old(sam: User, purpose: MailLink.Purpose, minutes: int) -> None:
    token = token_for(sam, purpose)

    assert link_of(token=token, purpose=purpose, at=NOW + (minutes - 1) * MINUTE)
    assert link_of(token=token, purpose=purpose, at=NOW + minutes * MINUTE) is None


def test_a_link_for_one_thing_opens_no_other(sam: User) -> None:
    token = token_for(sam, CHECK_IN)

    assert choose_passphrase(token=token, password=NEW, at=NOW) is None


def test_a_newer_link_ends_the_one_before(sam: User) -> None:
    first, second = token_for(sam, CHECK_IN), token_for(sam, CHECK_IN)

    assert link_of(token=first, purpose=CHECK_IN, at=NOW) is None
    assert link_of(token=second, purpose=CHECK_IN, at=NOW) is not None


@pytest.mark.parametrize(
    ("roles",                          "link", "reset"),
    [
        ([Role.PATIENT],               True,   True),
        ([Role.CLINICIAN],             False,  True),
        ([Role.PATIENT, Role.PARTNER], False,  True),
        ([Role.LEARNER],               False,  True),
    ],
)  # fmt: skip
def test_only_patients_open_a_check_in_by_link(
    roles: list[Role], link: bool, reset: bool
) -> None:
    email = with_passphrase(*roles).email

    assert (make_link(email=email, purpose=CHECK_IN, at=NOW) is not None) is link
    assert (make_link(email=email, purpose=PASSPHRASE, at=NOW) is not None) is reset


def test_an_unknown_address_and_an_account_never_opened_get_no_link() -> None:
    invited = an_account(Role.PATIENT)

    for email in ("nobody@example.org", invited.email):
        assert make_link(email=email, purpose=PASSPHRASE, at=NOW) is None


def test_a_person_closes_a_way_and_links_already_sent_stop(sam: User) -> None:
    token = token_for(sam, CHECK_IN)

    choose_ways(account=sam, ways=Ways(link=False, reset=False), by=sam, at=NOW)

    assert link_of(token=token, purpose=CHECK_IN, at=NOW) is None
    assert make_link(email=sam.email, purpose=CHECK_IN, at=NOW) is None
    assert make_link(email=sam.email, purpose=PASSPHRASE, at=NOW) is None


def test_nobody_chooses_the_ways_of_somebody_else(sam: User) -> None:
    with pytest.raises(PermissionDenied, match="Only the person themselves"):
        choose_ways(account=sam, ways=Ways(link=True, reset=True), by=a_host(), at=NOW)
    assert not policies.can_choose_ways(a_host(), sam)


def test_a_new_passphrase_ends_visits_and_every_other_link(sam: User) -> None:
    begin_visit(account=sam, agent="", at=NOW)
    other = token_for(sam, CHECK_IN)
    token = token_for(sam, PASSPHRASE)

    assert choose_passphrase(token=token, password=NEW, at=NOW) == sam

    assert User.objects.get(pk=sam.pk).check_password(NEW)
    assert open_visits(sam, at=NOW).count() == 0
    assert link_of(token=other, purpose=CHECK_IN, at=NOW) is None
    assert choose_passphrase(token=token, password=OLD, at=NOW) is None


def test_a_passphrase_that_is_refused_leaves_the_link_as_it_was(sam: User) -> None:
    token = token_for(sam, PASSPHRASE)

    with pytest.raises(ValidationError):
        choose_passphrase(token=token, password="too short", at=NOW)

    assert link_of(token=token, purpose=PASSPHRASE, at=NOW) is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_a_link_together_one_finds_it_used(sam: User) -> None:
    token, found, start = token_for(sam, PASSPHRASE), [], threading.Barrier(4)

    def press(number: int) -> None:
        start.wait()
        for _ in range(100):
            with contextlib.suppress(OperationalError):
                chosen = choose_passphrase(token=token, password=f"{NEW} {number}", at=NOW)
                found.append(chosen)
                break
        connections.close_all()

    pressing = [threading.Thread(target=press, args=[number]) for number in range(4)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()

    assert [account for account in found if account] == [sam]


def test_closing_an_account_ends_its_links(sam: User) -> None:
    token = token_for(sam, CHECK_IN)

    close_account(account=sam, by=a_host(), at=NOW)

    assert link_of(token=token, purpose=CHECK_IN, at=NOW) is None


def test_a_lost_phone_takes_two_people_and_two_steps() -> None:
    host, jo = a_host(), with_passphrase(Role.CLINICIAN)
    with_factor(jo)
    begin_visit(account=jo, agent="", at=NOW)

    _, token = renew_access(account=jo, by=host, at=NOW)

    assert open_visits(jo, at=NOW).count() == 0
    assert Authenticator.objects.filter(user=jo).exists()
    accept_invitation(token=token, password=NEW, at=NOW)
    assert not Authenticator.objects.filter(user=jo).exists()
    assert open_invitation(token=token, at=NOW) is None


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.SUPERVISOR, Role.PATIENT])
def test_only_a_host_lets_a_second_factor_be_renewed(role: Role) -> None:
    jo = a_clinician()

    with pytest.raises(PermissionDenied, match="Only a host"):
        renew_access(account=jo, by=an_account(role), at=NOW)
    assert not policies.can_renew_access(an_account(role), jo)


def test_nobody_renews_their_own_factor_and_no_closed_account_is_renewed() -> None:
    host, jo = a_host(), a_clinician()
    close_account(account=jo, by=host, at=NOW)

    assert not policies.can_renew_access(host, host)
    assert not policies.can_renew_access(host, jo)


# Words


def test_words_are_kept_sealed_for_their_person(sam: User) -> None:
    keep_words(account=sam, path="/me/x/", fields={"answer": ["A quiet day."]}, at=NOW)

    [kept] = kept_for(sam, at=NOW)
    assert fields_of(kept) == {"answer": ["A quiet day."]}
    assert kept_for(an_account(Role.PATIENT), at=NOW) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM accounts_keptwords")
        assert b"quiet" not in bytes(cursor.fetchone()[0])


def test_secrets_are_no_words(sam: User) -> None:
    secrets = {"password": ["p"], "csrfmiddlewaretoken": ["t"], "code": ["1"]}

    assert keep_words(account=sam, path="/x", fields=secrets, at=NOW) is None
    assert keep_words(account=sam, path="/x", fields={"answer": [""]}, at=NOW) is None


def test_a_form_larger_than_anybody_writes_is_not_kept(sam: User) -> None:
    long = {"answer": ["x" * 200_001]}

    assert keep_words(account=sam, path="/x", fields=long, at=NOW) is None
    assert keep_words(account=sam, path="/" * 301, fields={"a": ["b"]}, at=NOW) is None


def test_of_one_page_the_latest_words_are_kept(sam: User) -> None:
    for words in ("A", "A quiet", "A quiet day."):
        keep_words(account=sam, path="/x", fields={"answer": [words]}, at=NOW)

    [kept] = kept_for(sam, at=NOW)
    assert fields_of(kept) == {"answer": ["A quiet day."]}


def test_words_wait_for_seven_days(sam: User) -> None:
    keep_words(account=sam, path="/x", fields={"answer": ["A quiet day."]}, at=NOW)
    week = timedelta(days=7)

    assert len(kept_for(sam, at=NOW + week - MINUTE)) == 1
    assert kept_for(sam, at=NOW + week) == []
    assert forget_old_words(at=NOW + week - MINUTE) == 0
    assert forget_old_words(at=NOW + week) == 1


def test_words_that_were_sent_are_let_go(sam: User) -> None:
    keep_words(account=sam, path="/x", fields={"answer": ["A quiet day."]}, at=NOW)

    let_go(account=sam, path="/x")

    assert not KeptWords.objects.exists()


def test_the_clock_clears_away_what_is_over_and_leaves_what_is_not(sam: User) -> None:
    token_for(sam, CHECK_IN)
    keep_words(account=sam, path="/x", fields={"answer": ["A quiet day."]}, at=NOW)
    begin_visit(account=sam, agent="", at=NOW)

    assert tidy(at=NOW + MINUTE) == 0
    assert tidy(at=NOW + timedelta(days=40)) == 3
    assert tidy(at=NOW + timedelta(days=40)) == 0


def test_whoever_looked_before_the_link_was_used_comes_too_late(
    sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_for(sam, CHECK_IN)
    seen_open = link_of(token=token, purpose=CHECK_IN, at=NOW)
    use_link(token=token, purpose=CHECK_IN, at=NOW)

    monkeypatch.setattr(ways, "link_of", lambda **_: seen_open)

    assert use_link(token=token, purpose=CHECK_IN, at=NOW) is None
