"""Making accounts, and the links that open each of them once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.people.accounts.models import Invitation, Role, RoleHeld, User
from securebase.people.accounts.policies import (
    check_can_close_account,
    check_can_end_role,
    check_can_grant_role,
    check_can_invite,
    check_can_let_support,
    check_can_make_account,
    check_can_renew_access,
)
from securebase.people.accounts.visits import end_visits
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

TOKEN_BYTES = 32
DAYS_OPEN = 7
LINK_IS_OVER = "This link was used or is too old. Ask the person who sent it for a new one."


@transaction.atomic
def make_account(
    *, email: str, name: str, roles: Iterable[Role], by: User | None, at: datetime
) -> User:
    """Make an account that nobody can sign in to until its invitation is opened.

    ``by`` is None only for the very first account, made while the practice is set up.
    """
    roles = list(roles)
    check_can_make_account(by, roles)
    User(email=email.strip().lower()).full_clean(exclude=["password", "name"])
    account = User.objects.create_user(email.strip(), name=name.strip())
    RoleHeld.objects.bulk_create(RoleHeld(user=account, role=r, since=at) for r in roles)
    trail.record(Verb.ACCOUNT_MAKE, by=by, at=at, about=account)
    return account


@transaction.atomic
def grant_role(*, user: User, role: Role, by: User, at: datetime) -> RoleHeld:
    """Give a person one more role; a role held already is left as it is.

    Who may see more signs in anew: a page left open must not gain what it never had.
    """
    check_can_grant_role(by, user)
    held, is_new = RoleHeld.objects.get_or_create(
        user=user, role=role, until=None, defaults={"since": at}
    )
    user.__dict__.pop("_roles", None)
    if is_new:
        end_visits(account=user, by=by, at=at)
    trail.record(Verb.ACCOUNT_ROLE, by=by, at=at, about=held)
    return held


@transaction.atomic
def let_support(*, account: User, by: User, at: datetime) -> None:
    """Let an account be a supporter's as well; it opens nothing by itself.

    Visits go on: a patient must not be able to sign somebody out by their address.
    """
    check_can_let_support(by)
    held, is_new = RoleHeld.objects.get_or_create(
        user=account, role=Role.SUPPORTER, until=None, defaults={"since": at}
    )
    account.__dict__.pop("_roles", None)
    if is_new:
        trail.record(Verb.ACCOUNT_ROLE, by=by, at=at, about=held)


@transaction.atomic
def let_support_no_more(*, account: User, by: User, at: datetime) -> None:
    """End the role of a supporter whom nobody asks any more."""
    check_can_let_support(by)
    for held in RoleHeld.objects.filter(user=account, role=Role.SUPPORTER, until=None):
        held.until = at
        held.save(update_fields=["until"])
        trail.record(Verb.ACCOUNT_ROLE_END, by=by, at=at, about=held)
    account.__dict__.pop("_roles", None)


@transaction.atomic
def end_role(*, user: User, role: Role, by: User, at: datetime) -> None:
    """End a role of a person; what it opened is closed at their next request."""
    check_can_end_role(by, user)
    held = RoleHeld.objects.filter(user=user, role=role, until=None).first()
    if held is None:
        raise PermissionDenied(f"This account does not hold the role {role.label}.")
    held.until = at
    held.save(update_fields=["until"])
    user.__dict__.pop("_roles", None)
    end_visits(account=user, by=by, at=at)
    trail.record(Verb.ACCOUNT_ROLE_END, by=by, at=at, about=held)


@transaction.atomic
def close_account(*, account: User, by: User, at: datetime, reason: str = "") -> User:
    """Close the account of somebody who leaves: nothing opens it from this moment on.

    Roles end, visits end, links end. The account itself stays, because the trail and
    the records name it.
    """
    check_can_close_account(by, account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    RoleHeld.objects.filter(user=account, until=None).update(until=at)
    account.__dict__.pop("_roles", None)
    _end_open_links(account, at=at)
    account.mail_links.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    end_visits(account=account, by=by, at=at)
    trail.record(Verb.ACCOUNT_CLOSE, by=by, at=at, about=account, reason=reason)
    return account


@transaction.atomic
def invite(
    *, account: User, by: User, at: datetime, days: int = DAYS_OPEN
) -> tuple[Invitation, str]:
    """Make the link that opens an account once; links made before stop working.

    Returns the invitation and its token. The token is not kept: whoever reads the
    database finds only its SHA-256 digest.
    """
    check_can_invite(by, account)
    return _invite(account, by=by, at=at, days=days)


@transaction.atomic
def renew_access(*, account: User, by: User, at: datetime) -> tuple[Invitation, str]:
    """Make a link for somebody who lost their phone or key: it lays down the second factor.

    Two people take part, in two steps: a host makes the link and every visit ends; the
    old factor goes only when the person opens the link and chooses a passphrase.
    """
    check_can_renew_access(by, account)
    end_visits(account=account, by=by, at=at)
    trail.record(Verb.ACCOUNT_RENEW, by=by, at=at, about=account)
    return _invite(account, by=by, at=at, days=DAYS_OPEN, renews_factor=True)


def _invite(
    account: User, *, by: User, at: datetime, days: int, renews_factor: bool = False
) -> tuple[Invitation, str]:
    _end_open_links(account, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        account=account,
        digest=_digest(token),
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(days=days),
        renews_factor=renews_factor,
    )
    trail.record(Verb.ACCOUNT_INVITE, by=by, at=at, about=invitation)
    return invitation, token


def open_invitation(*, token: str, at: datetime) -> Invitation | None:
    """Return the invitation a link belongs to while it may be used; None otherwise."""
    invitation = (
        Invitation.objects.select_related("account").filter(digest=_digest(token)).first()
    )
    if invitation is None or not invitation.is_open(at) or not invitation.account.is_active:
        return None
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Open an account with its link and a password of the person's own choice."""
    Invitation.objects.select_for_update(no_key=True).filter(digest=_digest(token)).first()
    invitation = open_invitation(token=token, at=at)
    if invitation is None:
        raise PermissionDenied(LINK_IS_OVER)
    account = invitation.account
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    if invitation.renews_factor:
        Authenticator.objects.filter(user=account).delete()
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    end_visits(account=account, by=account, at=at)
    _end_open_links(account, at=at)
    trail.record(Verb.ACCOUNT_OPEN, by=account, at=at, about=invitation)
    return account


def _end_open_links(account: User, *, at: datetime) -> None:
    Invitation.objects.filter(account=account, used_at=None, expires_at__gt=at).update(
        expires_at=at
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
