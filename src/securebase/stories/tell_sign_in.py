"""How somebody signs in was changed: a row on the trail, an end to other visits, a letter.

Whoever takes over an account changes its passphrase or adds a key of their own. The letter
goes to the address of the account at any hour, and says neither what changed nor where.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.language import language_at
from securebase.people.accounts.factors import note_factor
from securebase.people.accounts.models import User
from securebase.people.accounts.visits import end_visits
from securebase.people.accounts.ways import choose_passphrase, passphrase_changed
from securebase.people.post.delivery import Written
from securebase.people.post.languages import speaking
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "sign-in changed"
GOES_FOR = timedelta(days=7)
SUBJECT = gettext_noop("How you sign in was changed")
WORDS = gettext_noop(
    """Hello,

How you sign in was changed just now. If that was you, you can leave this letter.

If it was not you, sign in here and end all other sign-ins:

%(link)s

If you cannot sign in, tell the people who invited you.

Nobody reads answers to this address.
"""
)


@transaction.atomic
def change_factor(*, account: User, news: str, at: datetime) -> None:
    """Write down that a second factor of somebody's was added or removed.

    ``news`` is what the account library calls it: ``totp_activated``, ``webauthn_removed``.
    """
    note_factor(account=account, news=news, at=at)
    end_visits(account=account, by=account, at=at)
    _tell(account, at=at)


@transaction.atomic
def change_passphrase(*, account: User, at: datetime) -> None:
    """Follow up on a passphrase that its person has just changed."""
    passphrase_changed(account=account, at=at)
    _tell(account, at=at)


@transaction.atomic
def choose_passphrase_by_link(*, token: str, password: str, at: datetime) -> User | None:
    """Choose a new passphrase with a link from the mailbox; None if the link is over."""
    account = choose_passphrase(token=token, password=password, at=at)
    if account is not None:
        _tell(account, at=at)
    return account


def write_sign_in_changed(letter: Letter, at: datetime) -> Written | None:
    """Write to whose account it is, in their language."""
    account = letter.account
    if account is None:
        return None
    base = settings.SECUREBASE_BASE_URL.rstrip("/")
    with speaking(language_at(account.email)):
        words = gettext(WORDS) % {"link": f"{base}{reverse('account_sessions')}"}
        return Written(account.email, gettext(SUBJECT), words)


def _tell(account: User, *, at: datetime) -> None:
    letter = Letter(
        key=f"{KIND} {uuid4()}",
        kind=KIND,
        account=account,
        due_at=at,
        not_after=at + GOES_FOR,
    )
    enter([letter])
