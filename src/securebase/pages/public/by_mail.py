"""Links by mail, for one check-in or a new passphrase; asked for, all hear the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from securebase.pages.public.forms import password_field
from securebase.pages.public.guessing import look_up, slowed
from securebase.pages.public.signing_in import sign_in_by_link
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.entrance import take_guess
from securebase.people.accounts.models import MailLink
from securebase.people.accounts.ways import link_of
from securebase.stories.open_by_link import open_by_link, was_begun_before
from securebase.stories.send_way_in import ask_for_link
from securebase.stories.tell_sign_in import choose_passphrase_by_link

LINK, PASSPHRASE = MailLink.Purpose.CHECK_IN, MailLink.Purpose.PASSPHRASE


class AddressForm(forms.Form):
    """Where a link should go; the same pace for every address and every place."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        """Count the letter before it is asked for."""
        email: str = self.cleaned_data["email"]
        take_guess(self.request, email, kind="letter")
        return email


class NewForm(forms.Form):
    """The one thing a link for a new passphrase asks."""

    password = password_field("Choose a new passphrase")


@for_audience(Audience.EVERYONE, impersonal="asking for a link by mail")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask for a link that opens the check-in for a while."""
    return _ask(request, LINK, "public/link_ask.html")


@for_audience(Audience.EVERYONE, impersonal="asking for a new passphrase")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link that lets a new passphrase be chosen."""
    return _ask(request, PASSPHRASE, "account/password_reset.html")


def _ask(request: HttpRequest, purpose: MailLink.Purpose, template: str) -> HttpResponse:
    form = AddressForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        ask_for_link(email=email, purpose=purpose, at=timezone.now())
        return render(request, "account/password_reset_done.html")
    return form_page(request, template, form, {})


@for_audience(Audience.EVERYONE, impersonal="signing in by a link")
@never_cache
@slowed
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the check-in at a press; a mail scanner that only looks uses nothing up."""
    now = timezone.now()
    if request.method != "POST":
        is_open = look_up(request, token, lambda: link_of(token=token, purpose=LINK, at=now))
        return render(request, "public/link_open.html") if is_open else _over(request)
    account = look_up(request, token, lambda: open_by_link(token=token, at=now))
    if account is None:
        return _over(request)
    if was_begun_before(account, at=now):
        return render(request, "public/link_begun.html")
    sign_in_by_link(request, account)
    return redirect("/me/check-in/")


@for_audience(Audience.EVERYONE, impersonal="choosing a new passphrase")
@never_cache
@slowed
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_passphrase(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new passphrase with a link; then sign in with it as always."""
    now = timezone.now()
    found = look_up(request, token, lambda: link_of(token=token, purpose=PASSPHRASE, at=now))
    if found is None:
        return _over(request)
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = choose_passphrase_by_link(
                token=token, password=form.cleaned_data["password"], at=now
            )
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            chosen = "public/passphrase_chosen.html"
            return _over(request) if account is None else render(request, chosen)
    return form_page(request, "public/passphrase.html", form, {})


def _over(request: HttpRequest) -> HttpResponse:
    """Say the same of a link used, too old, or never made."""
    return render(request, "public/link_over.html", status=404)
