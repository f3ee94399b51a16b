"""The front door: a quiet page before sign-in, a redirect by role after it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from securebase.pages.public.demo import demo_people
from securebase.pages.public.signing_in import home_of_person
from securebase.pages.shared.access import Audience, for_audience
from securebase.people.accounts.models import User


@for_audience(Audience.EVERYONE, impersonal="the practice's front door")
@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Show the way in, or lead a signed-in person to their own first page."""
    if isinstance(request.user, User):
        home = home_of_person(request.user)
        if home is not None:
            return redirect(home)
        return render(request, "public/no_role.html")
    if request.visit is not None:  # type: ignore[attr-defined]
        return redirect("lock")
    people = demo_people() if settings.SECUREBASE_DEMO else ()
    return render(request, "public/front_door.html", {"people": people})


@for_audience(Audience.EVERYONE, impersonal="whether the program runs")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer a machine that asks whether the program runs: one word, no detail."""
    return HttpResponse("well", content_type="text/plain; charset=utf-8")
