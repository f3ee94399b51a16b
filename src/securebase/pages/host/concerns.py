"""What patients did not recognise, for whoever looks after the practice; and anchors."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.concerns import concern_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.people.audit.queries import newest_anchors
from securebase.stories.raise_concern import concerns_visible_to, with_patients

MOST_ANSWERED = 50
MOST_ANCHORS = 31


@for_audience(Audience.HOST, Category.AUDIT)
@require_safe
@in_practice_time
def concerns(request: SignedInRequest) -> HttpResponse:
    """List what waits for an answer, and what was answered lately."""
    at = timezone.now()
    found = concerns_visible_to(request.user, at=at)
    answered = found.filter(answered_at__isnull=False).order_by("-answered_at", "pk")
    context = {
        "waiting": with_patients(found.filter(answered_at=None).order_by("due_at", "pk")),
        "answered": with_patients(answered[:MOST_ANSWERED]),
        "now": at,
    }
    return render(request, "host/concerns.html", context)


@for_audience(Audience.HOST, Category.AUDIT, of="audit.Concern")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def concern(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one concern and answer it."""
    found = get_object_or_404(concerns_visible_to(request.user, at=timezone.now()), pk=pk)
    back = Link("Concerns", reverse("host_concerns"))
    return concern_page(request, found, template="host/concern.html", back=back)


@for_audience(Audience.HOST, impersonal="sums over the trail")
@require_safe
def anchors(request: SignedInRequest) -> HttpResponse:
    """Show the anchors of the last days, to be printed and kept elsewhere."""
    return render(request, "host/anchors.html", {"anchors": newest_anchors(MOST_ANCHORS)})
