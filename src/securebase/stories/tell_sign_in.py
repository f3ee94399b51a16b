"""How somebody signs in was changed, or guessed at: a letter to the address of the account.

Whoever takes over an account changes its passphrase or adds a key of their own. The letters
go at any hour, and say neither what changed nor where.
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
from securebase.people.accounts.queries import open_accounts
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
GUESSED = "sign-in guessed at"
GUESSED_SUBJECT = gettext_noop("Somebody tried to sign in as you")
GUESSED_WORDS = gettext_noop(
    """Hello,

Somebody tried several times to sign in with this address, and did not get in. They have to
wait longer after each try. If that was you, you can leave this letter.

If it was not you, there is nothing you have to do. You can look here where you are signed
in, and choose a new passphrase:

%(link)s

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


@transaction.atomic
def tell_guesses(*, email: str, mark: str, at: datetime) -> None:
    """Put down that an address was guessed at, once a day, whoever it belongs to.

    ``mark`` stands for the address where nobody may read it: the key of its tally.
    """
    letter = Letter(
        key=f"{GUESSED} {mark} {at:%Y-%m-%d}",
        kind=GUESSED,
        secret=email.strip().lower(),
        due_at=at,
        not_after=at + GOES_FOR,
    )
    enter([letter])


def write_sign_in_changed(letter: Letter, at: datetime) -> Written | None:
    """Write to whose account it is, in their language."""
    return _written(letter.account, SUBJECT, WORDS)


def write_guesses(letter: Letter, at: datetime) -> Written | None:
    """Write to the address, if somebody signs in with it."""
    return _written(
        open_accounts().filter(email=letter.secret).first(), GUESSED_SUBJECT, GUESSED_WORDS
    )


def _written(account: User | None, subject: str, words: str) -> Written | None:
    if account is None:
        return None
    base = settings.SECUREBASE_BASE_URL.rstrip("/")
    with speaking(language_at(account.email)):
        told = gettext(words) % {"link": f"{base}{reverse('account_sessions')}"}
        return Written(account.email, gettext(subject), told)


def _tell(account: User, *, at: datetime) -> None:
    letter = Letter(
        key=f"{KIND} {uuid4()}",
        kind=KIND,
        account=account,
        due_at=at,
        not_after=at + GOES_FOR,
    )
    enter([letter])
