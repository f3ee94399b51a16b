"""The copy on this device, and what lets the program be installed; open to everybody.

The page holds nothing of anybody: whatever is personal is sealed on the device, under a
PIN that never leaves it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from securebase.pages.public.help_now import MINUTES_FRESH, NOTHING_PERSONAL
from securebase.pages.shared.access import Audience, for_audience
from securebase.science.kit_terms import copy_terms

NAME = "Notes"
"""What stands under the icon: a word that says nothing about whose it is or what for."""


@for_audience(Audience.EVERYONE, impersonal="a page that opens what this device keeps")
@require_safe
@cache_control(private=True, max_age=60 * MINUTES_FRESH)
def own_copy(request: HttpRequest) -> HttpResponse:
    """Make, open and remove the copy on this device; all of it happens there."""
    return render(request, "public/own_copy.html", {**NOTHING_PERSONAL, "terms": copy_terms()})


@for_audience(Audience.EVERYONE, impersonal="what lets the program be installed")
@require_safe
@cache_control(private=True, max_age=60 * MINUTES_FRESH)
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the program looks among the others on a device: neutral."""
    told = {
        "name": NAME,
        "short_name": NAME,
        "start_url": "/me/steady/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f3ec",
        "theme_color": "#f7f3ec",
        "icons": [
            {"src": static("shared/plain.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")
