"""The ways in that a person may choose between, and the links that come by mail.

A link works once: of two that arrive together, one finds it used. It stops when it is
too old, when a passphrase is chosen, and when its way is closed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from securebase.people.accounts.figures import link_open_for
from securebase.people.accounts.models import MailLink, Role, User
from securebase.people.accounts.policies import check_can_choose_ways
from securebase.people.accounts.queries import open_accounts
from securebase.people.accounts.visits import end_visits
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ways:
    """What may open an account besides its passphrase and its passkeys."""

    link: bool
    reset: bool


@transaction.atomic
def choose_ways(*, account: User, ways: Ways, by: User, at: datetime) -> User:
    """Keep which links by mail a person wants to be able to use; open links end."""
    check_can_choose_ways(by, account)
    account.way_link, account.way_reset = ways.link, ways.reset
    account.save(update_fields=["way_link", "way_reset"])
    _end_open(account, at=at)
    trail.record(Verb.ACCOUNT_WAYS, by=by, at=at, about=account)
    return account


def may_be_sent(account: User, purpose: MailLink.Purpose) -> bool:
    """Whether the person left this way open. A link to a check-in is for patients alone."""
    if purpose == MailLink.Purpose.PASSPHRASE:
        return account.way_reset and account.has_usable_password()
    return account.way_link and account.holds(Role.PATIENT) and not account.needs_second_factor


@transaction.atomic
def make_link(*, email: str, purpose: MailLink.Purpose, at: datetime) -> str | None:
    """Return the token of a fresh link for an address; None where there is no such way.

    Links of the same purpose made before stop working.
    """
    account = open_accounts().filter(email=email.strip().lower()).first()
    if account is None or not may_be_sent(account, purpose):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    open_links = account.mail_links.filter(purpose=purpose, used_at=None, expires_at__gt=at)
    open_links.update(expires_at=at)
    MailLink.objects.create(
        account=account,
        purpose=purpose,
        digest=_digest(token),
        made_at=at,
        expires_at=at + link_open_for(purpose.value),
    )
    return token


def link_of(*, token: str, purpose: MailLink.Purpose, at: datetime) -> MailLink | None:
    """Return the link a token belongs to while it may be used; None otherwise."""
    link = (
        MailLink.objects.select_related("account")
        .filter(digest=_digest(token), purpose=purpose, used_at=None, expires_at__gt=at)
        .first()
    )
    is_open = link and link.account.is_active and may_be_sent(link.account, purpose)
    return link if is_open else None


@transaction.atomic
def use_link(*, token: str, purpose: MailLink.Purpose, at: datetime) -> User | None:
    """Use a link up and return its account; None if it is over or was used a moment ago."""
    link = link_of(token=token, purpose=purpose, at=at)
    if link is None or not _claim(link, at=at):
        return None
    return link.account


@transaction.atomic
def choose_passphrase(*, token: str, password: str, at: datetime) -> User | None:
    """Choose a new passphrase with a link; every visit and every other link ends.

    A passphrase that is refused leaves the link as it was. The second factor stays.
    """
    link = link_of(token=token, purpose=MailLink.Purpose.PASSPHRASE, at=at)
    if link is None:
        return None
    account = link.account
    validate_password(password, account)
    if not _claim(link, at=at):
        return None
    account.set_password(password)
    account.save(update_fields=["password"])
    passphrase_changed(account=account, at=at)
    return account


def passphrase_changed(*, account: User, at: datetime) -> None:
    """End every link and every visit of an account whose passphrase has just changed."""
    _end_open(account, at=at)
    end_visits(account=account, by=account, at=at)
    trail.record(Verb.ACCOUNT_PASSPHRASE, by=account, at=at, about=account)


def _claim(link: MailLink, *, at: datetime) -> bool:
    """Whether this use is the first: one conditional write decides between two."""
    return MailLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at) == 1


def _end_open(account: User, *, at: datetime) -> None:
    account.mail_links.filter(used_at=None, expires_at__gt=at).update(expires_at=at)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
