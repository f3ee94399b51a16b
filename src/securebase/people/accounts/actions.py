"""Making accounts, and the links that open each of them once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.people.accounts.models import Invitation, Role, RoleHeld, User
from securebase.people.accounts.policies import (
    check_can_grant_role,
    check_can_invite,
    check_can_make_account,
)
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
    """Give a person one more role; a role held already is left as it is."""
    check_can_grant_role(by, user)
    held, _ = RoleHeld.objects.get_or_create(
        user=user, role=role, until=None, defaults={"since": at}
    )
    user.__dict__.pop("_roles", None)
    trail.record(Verb.ACCOUNT_ROLE, by=by, at=at, about=held)
    return held


@transaction.atomic
def invite(
    *, account: User, by: User, at: datetime, days: int = DAYS_OPEN
) -> tuple[Invitation, str]:
    """Make the link that opens an account once; links made before stop working.

    Returns the invitation and its token. The token is not kept: whoever reads the
    database finds only its SHA-256 digest.
    """
    check_can_invite(by, account)
    _end_open_links(account, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        account=account,
        digest=_digest(token),
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(days=days),
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
    Invitation.objects.select_for_update().filter(digest=_digest(token)).first()
    invitation = open_invitation(token=token, at=at)
    if invitation is None:
        raise PermissionDenied(LINK_IS_OVER)
    account = invitation.account
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    _end_open_links(account, at=at)
    trail.record(Verb.ACCOUNT_OPEN, by=account, at=at, about=invitation)
    return account


def _end_open_links(account: User, *, at: datetime) -> None:
    Invitation.objects.filter(account=account, used_at=None, expires_at__gt=at).update(
        expires_at=at
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
