"""What the account library may do here: no open sign-up, and each guess slowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils import timezone

from securebase.people.accounts.guesses import (
    Guess,
    TooManyGuesses,
    begin_guess,
    guess_was_right,
)
from securebase.people.accounts.known import asker_of
from securebase.people.accounts.models import User
from securebase.people.accounts.queries import open_accounts
from securebase.stories.tell_sign_in import change_factor, change_passphrase, tell_guesses

if TYPE_CHECKING:
    from django.http import HttpRequest

VISIT = "visit"
"""Where a session keeps the key of its visit."""
SUSPENDING = ("totp_", "webauthn_", "recovery_codes_")
"""News of a changed second factor; the other visits end with it."""


def take_guess(
    request: HttpRequest, about: str, *, account: User | None = None, kind: str = "account"
) -> Guess:
    """Write one guess down before it is looked at; too many become a form's calm error."""
    address = get_client_ip(request) or "nowhere"
    asker = asker_of(request, account=account, address=address)
    now = timezone.now()
    try:
        guess = begin_guess(about=about, asker=asker, at=now, kind=kind)
    except TooManyGuesses as slowed:
        raise ValidationError(str(slowed), code="slowed") from slowed
    if guess.slows:
        # An address that nobody has is treated alike; only the worker finds out.
        tell_guesses(email=account.email if account else about, mark=guess.own, at=now)
    return guess


def factor_of(user: User) -> str:
    """Return what guesses at somebody's second factor are about."""
    return f"factor|{user.pk}"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by invitation, never by a public form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse public sign-up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Compare a passphrase; a closed account answers as one that never was."""
        email = str(credentials.get("email", "")).strip().lower()
        account = open_accounts().filter(email=email).first()
        guess = take_guess(request, email, account=account)
        user = authenticate(request, **credentials)
        if not isinstance(user, User):
            return None
        guess_was_right(guess, at=timezone.now())
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Compare the passphrase of somebody who is signed in, at the same slow pace."""
        guess = take_guess(context.request, user.email, account=user)
        right = user.check_password(password)
        if right:
            guess_was_right(guess, at=timezone.now())
        return right

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in whole: whatever limited or locked visit was here is behind us."""
        request.session.pop(VISIT, None)
        super().login(request, user)

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **kwargs: Any
    ) -> None:
        """Act on what allauth has to tell: protection changed, so other visits end.

        This is the one place where every such change passes. The library's own mail is
        not sent, because it would name what this place is; ours says less.
        """
        request, now = context.request, timezone.now()
        news = template_prefix.rpartition("/")[2]
        if news.startswith("password_"):
            change_passphrase(account=user, at=now)
            request.session.pop(VISIT, None)
        elif news.startswith(SUSPENDING):
            change_factor(account=user, news=news, at=now)
            request.session.pop(VISIT, None)
            request.session.cycle_key()
