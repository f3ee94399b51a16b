"""Is the house well? Every fact about it, on one page that can be printed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.host.start import with_words
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.stories.stock.work import last_receipts
from securebase.stories.take_stock import take_stock


@for_audience(Audience.HOST, impersonal="how the installation does")
@require_safe
def health(request: SignedInRequest) -> HttpResponse:
    """Show what is well and what is not, and what the duties of the day came to."""
    at = timezone.now()
    facts = take_stock(at=at)
    context = {
        "at": at,
        "rows": with_words(facts),
        "waiting": sum(fact.state != "settled" for fact in facts),
        "receipts": last_receipts(at=at),
    }
    return render(request, "host/health.html", context)
