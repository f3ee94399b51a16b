"""Accounts and the links that open them.

Nobody signs up: an account is made by somebody who may, and opened once with a link.
The link is not kept; whoever reads the database finds a digest of it.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.people.accounts import policies
from securebase.people.accounts.actions import (
    accept_invitation,
    grant_role,
    invite,
    make_account,
    open_invitation,
)
from securebase.people.accounts.models import Invitation, Role, RoleHeld, User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from tests.factories import NOW, a_clinician, a_host, an_account

pytestmark = pytest.mark.django_db

GOOD = "four quiet herons stand"


@pytest.fixture
def invited() -> tuple[User, str]:
    """Return an account and the token that opens it."""
    host = a_host()
    account = make_account(
        email="New@Example.org", name="New Person", roles=[Role.CLINICIAN], by=host, at=NOW
    )
    _, token = invite(account=account, by=host, at=NOW)
    return account, token


def verbs() -> list[str]:
    """Return the verbs on the trail, in order."""
    return list(AuditEvent.objects.values_list("verb", flat=True))


def test_a_link_opens_the_account_with_a_password_of_ones_own(
    invited: tuple[User, str],
) -> None:
    account, token = invited

    opened = accept_invitation(token=token, password=GOOD, at=NOW)

    assert opened == account
    assert opened.check_password(GOOD)
    assert verbs() == [
        Verb.ACCOUNT_MAKE.value,
        Verb.ACCOUNT_INVITE.value,
        Verb.ACCOUNT_OPEN.value,
    ]


def test_a_new_account_has_no_password_and_a_plain_address(invited: tuple[User, str]) -> None:
    account, _ = invited

    assert not account.has_usable_password()
    assert account.email == "new@example.org"
    assert account.roles == {"clinician"}


def test_a_link_works_once(invited: tuple[User, str]) -> None:
    _, token = invited
    accept_invitation(token=token, password=GOOD, at=NOW)

    assert open_invitation(token=token, at=NOW) is None
    with pytest.raises(PermissionDenied, match="Ask the person who sent it"):
        accept_invitation(token=token, password="another " + GOOD, at=NOW)


@pytest.mark.parametrize(
    ("after", "works"),
    [(timedelta(days=7) - timedelta(seconds=1), True), (timedelta(days=7), False)],
)
def test_a_link_works_for_seven_days(
    invited: tuple[User, str], after: timedelta, works: bool
) -> None:
    _, token = invited

    assert (open_invitation(token=token, at=NOW + after) is not None) is works


def test_a_link_stops_when_a_newer_one_is_made(invited: tuple[User, str]) -> None:
    account, old = invited

    _, new = invite(account=account, by=a_host(), at=NOW)

    assert open_invitation(token=old, at=NOW) is None
    assert open_invitation(token=new, at=NOW) is not None


def test_a_link_to_a_closed_account_opens_nothing(invited: tuple[User, str]) -> None:
    account, token = invited
    User.objects.filter(pk=account.pk).update(is_active=False)

    assert open_invitation(token=token, at=NOW) is None


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "ünknown"])
def test_a_made_up_link_opens_nothing(invited: tuple[User, str], token: str) -> None:
    assert open_invitation(token=token, at=NOW) is None


def test_only_a_digest_of_the_link_is_kept(invited: tuple[User, str]) -> None:
    _, token = invited

    kept = bytes(Invitation.objects.get().digest)

    assert kept == hashlib.sha256(token.encode()).digest()
    assert len(base64.urlsafe_b64decode(token + "=")) == 32


def test_a_password_too_easy_to_guess_is_refused_and_the_link_still_works(
    invited: tuple[User, str],
) -> None:
    account, token = invited

    with pytest.raises(ValidationError):
        accept_invitation(token=token, password="password", at=NOW)

    assert open_invitation(token=token, at=NOW) is not None
    assert not User.objects.get(pk=account.pk).has_usable_password()


@pytest.mark.parametrize("email", ["", "nobody", "new@example.org", "NEW@example.org "])
def test_an_address_that_is_none_or_taken_is_refused(
    invited: tuple[User, str], email: str
) -> None:
    with pytest.raises(ValidationError):
        make_account(email=email, name="N", roles=[Role.PATIENT], by=a_clinician(), at=NOW)


@pytest.mark.parametrize(
    ("holding", "roles", "may"),
    [
        (Role.HOST,      [Role.CLINICIAN],               True),
        (Role.HOST,      [Role.PATIENT],                 True),
        (Role.HOST,      [Role.HOST],                    True),
        (Role.CLINICIAN, [Role.PATIENT],                 True),
        (Role.CLINICIAN, [Role.PARTNER],                 True),
        (Role.CLINICIAN, [Role.PATIENT, Role.PARTNER],   False),
        (Role.CLINICIAN, [Role.PATIENT, Role.CLINICIAN], False),
        (Role.CLINICIAN, [Role.CLINICIAN],               False),
        (Role.CLINICIAN, [],                             False),
        (Role.PATIENT,   [Role.PATIENT],                 False),
    ],
)  # fmt: skip
def test_hosts_make_accounts_and_clinicians_those_of_patients_and_partners(
    holding: Role, roles: list[Role], may: bool
) -> None:
    user = an_account(holding)

    assert policies.can_make_account(user, roles) is may


def test_nobody_need_be_signed_in_for_the_very_first_account_only() -> None:
    assert policies.can_make_account(None, [Role.HOST])

    a_host()

    assert not policies.can_make_account(None, [Role.HOST])


@pytest.mark.parametrize(
    ("holding", "invited_as", "may"),
    [
        (Role.HOST,      [Role.CLINICIAN],               True),
        (Role.CLINICIAN, [Role.PATIENT],                 True),
        (Role.CLINICIAN, [Role.PARTNER],                 True),
        (Role.CLINICIAN, [Role.CLINICIAN],               False),
        (Role.CLINICIAN, [Role.PATIENT, Role.CLINICIAN], False),
        (Role.PATIENT,   [Role.PATIENT],                 False),
    ],
)  # fmt: skip
def test_hosts_invite_anybody_and_clinicians_patients_and_partners(
    holding: Role, invited_as: list[Role], may: bool
) -> None:
    assert policies.can_invite(an_account(holding), an_account(*invited_as)) is may


def test_a_closed_account_is_not_invited() -> None:
    account = an_account(Role.PATIENT)
    account.is_active = False

    assert not policies.can_invite(a_host(), account)


def test_a_role_is_granted_by_a_host_and_held_once() -> None:
    host, account = a_host(), an_account(Role.PATIENT)
    assert not account.holds(Role.LEARNER)

    for _ in range(2):
        grant_role(user=account, role=Role.LEARNER, by=host, at=NOW)

    assert account.holds(Role.LEARNER)
    assert RoleHeld.objects.filter(user=account, role=Role.LEARNER).count() == 1
    assert verbs() == [Verb.ACCOUNT_ROLE.value] * 2


def test_nobody_grants_a_role_to_themselves() -> None:
    host = a_host()

    with pytest.raises(PermissionDenied, match="ask another host"):
        grant_role(user=host, role=Role.CLINICIAN, by=host, at=NOW)
    assert not policies.can_grant_role(a_clinician(), an_account())
