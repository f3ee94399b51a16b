"""The lock: a page that shows nothing, and opens again where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.pages.public.account_forms import KeyAgainForm
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.discreet import discreet_of
from securebase.pages.shared.visits import (
    came_from,
    in_the_background,
    is_fetch,
    open_when_locked,
    safe_path,
    standing_now,
)
from securebase.people.accounts.figures import lock_of
from securebase.people.accounts.keeping import kept_for
from securebase.people.accounts.models import User, Visit
from securebase.people.accounts.queries import factors_of
from securebase.people.accounts.visits import Standing, lock_visit, unlock_visit

if TYPE_CHECKING:
    from datetime import datetime


class UnlockForm(forms.Form):
    """The passphrase once more."""

    password = forms.CharField(
        label="Passphrase",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Compare it with the account's, at the account's pace."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.account, password):
            raise forms.ValidationError("That is not the passphrase of this account.")
        return password


@for_audience(Audience.EVERYONE, impersonal="the lock of one's own page")
@open_when_locked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Lock at a press; show the locked page at a visit."""
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    back = safe_path(request, request.GET.get("next"))
    if visit is None:
        return redirect_to_login(back)
    if request.method == "POST":
        lock_visit(visit, at=timezone.now())
        return _to_lock(came_from(request))
    standing = standing_now(request)
    if standing is Standing.OVER:
        logout(request)
        return redirect_to_login(back)
    if standing is Standing.OPEN or not isinstance(request.user, User):
        return redirect(back)
    return _show(request, request.user, back=back)


@for_audience(Audience.EVERYONE, impersonal="the lock of one's own page")
@open_when_locked
@never_cache
@sensitive_post_parameters()
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the page for the person it belongs to, and for nobody else."""
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    back = safe_path(request, request.POST.get("next"))
    if visit is None or not isinstance(request.user, User):
        return redirect_to_login(back)
    if standing_now(request) is Standing.OVER:
        logout(request)
        return redirect_to_login(back)
    form = _answer(request, request.user)
    if form is not None and not form.is_valid():
        return _show(request, request.user, back=back, form=form)
    now = timezone.now()
    unlock_visit(visit, at=now)
    request.session.cycle_key()
    if is_fetch(request):
        return HttpResponse(status=204)
    return redirect(_way_on(request.user, back, at=now))


@for_audience(Audience.EVERYONE, impersonal="the lock of one's own page")
@open_when_locked
@in_the_background
@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Tell an open page whether it is locked, and after how long it will be."""
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    if visit is None or not isinstance(request.user, User):
        return JsonResponse({"standing": Standing.OVER.value, "seconds": 0})
    is_shared = discreet_of(request).shared
    idle = lock_of(is_staff=request.user.needs_second_factor, is_shared=is_shared).idle
    left = (visit.seen_at + idle - timezone.now()).total_seconds()
    return JsonResponse(
        {"standing": standing_now(request).value, "seconds": max(0, int(left) + 1)}
    )


@for_audience(Audience.SIGNED_IN, impersonal="the lock of one's own page")
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Take note that somebody is typing, though nothing was sent yet."""
    return HttpResponse(status=204)


def _answer(request: HttpRequest, user: User) -> forms.Form | None:
    """Return what was given to open the page; None in the demo, where nobody has a secret."""
    if settings.SECUREBASE_DEMO:
        return None
    if "credential" in request.POST:
        key_form: forms.Form = KeyAgainForm(user=user, data=request.POST)
        return key_form
    return UnlockForm(request.POST, account=user)


def _show(
    request: HttpRequest, user: User, *, back: str, form: forms.Form | None = None
) -> HttpResponse:
    errors = [str(e) for found in (form.errors.values() if form else ()) for e in found]
    if form is not None and is_fetch(request):
        return HttpResponse(" ".join(errors), status=422, content_type="text/plain")
    context = {
        "back": back,
        "messages": (),
        "form": form if isinstance(form, UnlockForm) else UnlockForm(account=user),
        "key_errors": [] if isinstance(form, UnlockForm) else errors,
        "has_passphrase": user.has_usable_password(),
        "may_use_link": user.way_link and not user.needs_second_factor,
    }
    if factors_of(user).passkeys:
        context["webauthn_form"] = KeyAgainForm(user=user)
        context["js_data"] = {"request_options": begin_authentication(user)}
    status = 422 if form else 200
    return render(request, "public/locked.html", context, status=status)


def _to_lock(back: str) -> HttpResponse:
    return redirect(f"{reverse('lock')}?{urlencode({'next': back})}")


def _way_on(user: User, back: str, *, at: datetime) -> str:
    """Return the page to go on with: what is kept first, then where one was."""
    return reverse("account_kept") if kept_for(user, at=at) else back
