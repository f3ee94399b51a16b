"""Help now: crisis help for everybody, without sign-in, script or connection."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from securebase.pages.public.forms import countries
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.context import shell
from securebase.pages.shared.crisis import crisis_help, crisis_help_elsewhere
from securebase.pages.shared.language.content import spoken

MINUTES_FRESH = 5

NOTHING_PERSONAL: dict[str, Any] = {"messages": ()}
"""Laid over the shell's words, so that no message meant for one person is copied."""


@for_audience(Audience.EVERYONE, impersonal="crisis help")
@require_safe
@cache_control(private=True, max_age=60 * MINUTES_FRESH)
def help_now(request: HttpRequest) -> HttpResponse:
    """Show whom to call in this country, and one minute of coming back to the room."""
    practice, today = shell(request)["practice"], timezone.now().date()
    country = practice.country if practice else settings.SECUREBASE_COUNTRY
    names = dict(countries())
    context = {
        **NOTHING_PERSONAL,
        "place": spoken(names.get(country, "")),
        "help": crisis_help(country, on=today),
        "elsewhere": [
            (names[there.country], there) for there in crisis_help_elsewhere(country, on=today)
        ],
    }
    return render(request, "public/help_now.html", context)


@for_audience(Audience.EVERYONE, impersonal="what to do without a connection")
@require_safe
@cache_control(private=True, max_age=60 * MINUTES_FRESH)
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no connection and what works without one."""
    return render(request, "public/offline.html", NOTHING_PERSONAL)


@for_audience(Audience.EVERYONE, impersonal="a script")
@require_safe
@cache_control(no_cache=True)
def offline_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker that keeps the open pages on the device.

    It is served from the root because a worker sees only what lies below its address.
    """
    return render(
        request, "public/offline_worker.js", content_type="text/javascript; charset=utf-8"
    )
