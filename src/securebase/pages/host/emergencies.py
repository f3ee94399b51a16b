"""Emergency accesses, for the host: what waits for a review, and what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.emergency import (
    can_review,
    emergencies_reviewed_by,
    review_emergency,
    waiting_for_review,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import ReviewForm
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
    at = timezone.now()
    found = get_object_or_404(emergencies_reviewed_by(request.user, at=at), pk=pk)
    form = ReviewForm(request.POST or None)
    if form.is_bound and not can_review(request.user, found, at=at):
        raise Http404
    if form.is_bound and form.is_valid():
        review_emergency(emergency=found, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "Kept. The patient reads what you found.")
        return redirect("host_emergencies")
    context = {"emergency": found, "late": found.review_by < at}
    return form_page(request, "host/emergency.html", form, context)
