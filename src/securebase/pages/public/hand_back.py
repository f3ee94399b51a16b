"""The end of a form on a handed device: calm words, and nothing left to read."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.context import shell
from securebase.pages.shared.crisis import crisis_help
from securebase.pages.shared.visits import open_when_locked
from securebase.people.accounts.models import User, Visit

LEAD = {
    "sent": "It is sent.",
    "kept": "What you answered is kept for you. Nobody reads it before you send it.",
    "over": "The form is closed. What you answered is kept for you.",
}
FOR_NOBODY = ""
"""Looked at again, the page has nothing to say of anybody's form."""


@for_audience(Audience.EVERYONE, impersonal="the end of a form on a handed device")
@open_when_locked
@never_cache
@require_safe
def hand_back(request: HttpRequest) -> HttpResponse:
    """End the visit for the one form, and ask for the device back.

    Whom to call is shown to everybody: whether a safety question was marked is not to be
    seen by whoever takes the device.
    """
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    handed = visit is not None and visit.scope == Visit.Scope.HAND_OVER
    lead = next((LEAD[how] for how in LEAD if how in request.GET), FOR_NOBODY)
    back = _desk_of(request) if handed else ""
    if handed:
        logout(request)
    practice = shell(request)["practice"]
    country = practice.country if practice else settings.SECUREBASE_COUNTRY
    context = {
        "lead": lead,
        "sign_in_url": _way_in(back),
        "help": crisis_help(country, on=timezone.now().date()),
        "messages": (),
    }
    return render(request, "public/hand_back.html", context)


def _desk_of(request: HttpRequest) -> str:
    """Return the page that whoever handed the device over came from."""
    patient = getattr(request.user, "patient", None) if isinstance(request.user, User) else None
    return reverse("desk_person", args=[patient.pk]) if patient else ""


def _way_in(back: str) -> str:
    """Return where to sign in again; in the demo that is its front door."""
    if settings.SECUREBASE_DEMO:
        return reverse("front_door")
    return (
        f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}"
        if back
        else (reverse(settings.LOGIN_URL))
    )
