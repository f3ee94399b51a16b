"""Steady myself: short exercises, open to everybody, with nothing personal on the page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.shapes import Link
from securebase.science import exercises as shelf
from securebase.science.errors import UnknownName

NOTHING_PERSONAL: dict[str, Any] = {"messages": ()}
"""Laid over the shell's words, so that no message meant for one person is shown here."""


@for_audience(Audience.EVERYONE, impersonal="exercises")
@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """Show the exercises by what a person may feel, best fit first."""
    needs = [(words, shelf.exercises(need)) for need, words in shelf.NEEDS.items()]
    return render(request, "patient/steady.html", {"needs": needs, **NOTHING_PERSONAL})


@for_audience(Audience.EVERYONE, impersonal="one exercise")
@require_safe
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one exercise: its steps, how long, when to stop and what to do instead."""
    try:
        chosen = shelf.exercise(slug)
    except UnknownName:
        raise Http404 from None
    context = {
        "exercise": chosen,
        "instead": shelf.exercise(chosen.instead),
        "back": Link("Steady myself", reverse("me_steady")),
        **NOTHING_PERSONAL,
    }
    return render(request, "patient/exercise.html", context)
