"""Emergency accesses, for the host: what waits for a review, and what was found."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.emergency import (
    emergencies_reviewed_by,
    waiting_for_review,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.reviewing import review_page
from securebase.people.access.words import Category

ON_A_PAGE = 25


@for_audience(Audience.HOST, Category.AUDIT)
@require_safe
@in_practice_time
def emergencies(request: SignedInRequest) -> HttpResponse:
    """Show every emergency access of the practice, those not reviewed first."""
    at = timezone.now()
    waiting = waiting_for_review(request.user, at=at)
    over = emergencies_reviewed_by(request.user, at=at).filter(reviewed_at__isnull=False)
    page = Paginator(over, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [(one, one.review_by < at) for one in waiting],
        "page": page,
    }
    return render(request, "host/emergencies.html", context)


@for_audience(Audience.HOST, Category.AUDIT, of="care.Emergency")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def emergency(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Look at one emergency access and keep what was found."""
    return review_page(request, pk, template="host/emergency.html", back="host_emergencies")
