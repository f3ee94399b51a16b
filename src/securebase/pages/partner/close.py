"""Close to somebody: what a patient shows to whom they asked to be there.

What is open is worked out from the ledger on every request. Once it is taken back, the
page answers like one that never was.
"""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.consent.supporters import asked_by_others
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.crisis import help_here
from securebase.pages.shared.safety_plan import shown
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.stories.be_there import list_support, open_support


@for_audience(Audience.SUPPORTER, Category.PLAN)
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """List who shows this person something now, by the name they are called."""
    at = timezone.now()
    context = {"asked": list_support(by=request.user, at=at), "help": help_here(at=at)}
    return render(request, "partner/close.html", context)


@for_audience(Audience.SUPPORTER, Category.PLAN, of="consent.Supporter")
@require_safe
def one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what one person chose to show, and nothing else; 404 once they stopped."""
    at = timezone.now()
    asked = get_object_or_404(asked_by_others(request.user, at=at), pk=pk)
    try:
        seen = open_support(asked=asked, by=request.user, at=at)
    except PermissionDenied as withdrawn_meanwhile:
        raise Http404 from withdrawn_meanwhile
    context = {
        "asked": asked,
        "seen": seen,
        "steps": shown(seen.steps),
        "help": help_here(at=at),
        "back": Link("Close to me", reverse("with_support")),
    }
    with timezone.override(ZoneInfo(asked.patient.time_zone)):
        return render(request, "partner/close_one.html", context)
