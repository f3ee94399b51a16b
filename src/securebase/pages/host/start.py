"""The host's first page: whether the house is well, in plain facts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.stories.take_stock import take_stock

WORDS = {"settled": "Well", "look": "Look", "now": "Now"}


@for_audience(Audience.HOST, impersonal="how the installation does")
@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """Show every fact about the installation, the ones that need somebody first."""
    facts = take_stock(at=timezone.now())
    rows = [(fact, WORDS[fact.state]) for fact in facts]
    waiting = sum(fact.state != "settled" for fact in facts)
    return render(request, "host/start.html", {"rows": rows, "waiting": waiting})
