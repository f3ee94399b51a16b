"""The library's forms in our words, and each guess at a secret at our slow pace."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy

from securebase.pages.shared.entrance import factor_of, take_guess
from securebase.people.accounts.guesses import guess_was_right


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and passphrase, as one writes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("E-mail address")
        self.fields["password"].label = gettext_lazy("Passphrase")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey, and that it is one: it opens the account by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("A name for it")
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = gettext_lazy("It may sign me in by itself")
        passwordless.help_text = gettext_lazy(
            "Without this it is a second step after the passphrase."
        )


class _SlowCode:
    """One guess at a code from the app or from the sheet."""

    def clean_code(self) -> str:
        """Compare the code at the pace of the account's second factor."""
        user = self.user  # type: ignore[attr-defined]
        guess = take_guess(context.request, factor_of(user), account=user)
        code: str = super().clean_code()  # type: ignore[misc]
        guess_was_right(guess, at=timezone.now())
        return code


class CodeForm(_SlowCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class CodeAgainForm(_SlowCode, ReauthenticateForm):  # type: ignore[misc]
    """A code before something important."""


class _SlowPasskey:
    """One try with a passkey or a security key."""

    def clean_credential(self) -> Authenticator:
        """Check the key at the pace of its account, or of the place if none is named."""
        user = self.user  # type: ignore[attr-defined]
        about = factor_of(user) if user else ""
        guess = take_guess(context.request, about, account=user)
        used: Authenticator = super().clean_credential()  # type: ignore[misc]
        guess_was_right(guess, at=timezone.now())
        return used


class PasskeyForm(_SlowPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a passkey alone."""


class KeyForm(_SlowPasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as the second step of signing in."""


class KeyAgainForm(_SlowPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key before something important, or to open a locked page."""


class NewPassphraseForm(ChangePasswordForm):  # type: ignore[misc]
    """Another passphrase, with the one used so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = gettext_lazy("The passphrase you use now")
        self.fields["password1"].label = gettext_lazy("The new passphrase")
        self.fields["password2"].label = gettext_lazy("The new passphrase once more")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""

    def clean_oldpassword(self) -> str:
        """Compare the old one at the account's pace, like every other guess at it."""
        old: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, old):
            raise get_adapter().validation_error("enter_current_password")
        return old
