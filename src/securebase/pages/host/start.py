"""The host's first page: what needs somebody now, and nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.stories.stock.fact import Fact
from securebase.stories.take_stock import take_stock

WORDS = {"settled": "Well", "look": "Look", "now": "Now"}


@for_audience(Audience.HOST, impersonal="how the installation does")
@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """Show the facts that need somebody, the most pressing first."""
    waiting = [fact for fact in take_stock(at=timezone.now()) if fact.state != "settled"]
    return render(request, "host/start.html", {"rows": with_words(waiting)})


def with_words(facts: list[Fact]) -> list[tuple[Fact, str]]:
    """Return each fact with the word of its state."""
    return [(fact, WORDS[fact.state]) for fact in facts]
