"""What waits for a second person, for the host."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.record_file import as_file
from securebase.pages.shared.step_up import asked_again
from securebase.people.approvals.actions import withdraw
from securebase.people.approvals.models import Standing
from securebase.people.approvals.policies import can_confirm, can_withdraw
from securebase.people.approvals.queries import approvals_visible_to, settled, waiting
from securebase.stories.confirm_act import about_of, confirm_act
from securebase.stories.export_subject.for_somebody import can_take_copy, take_copy

ABOUT = "acts that need two persons; patients by number only"
ON_A_PAGE = 25


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_safe
@in_practice_time
def approvals(request: SignedInRequest) -> HttpResponse:
    """Show what waits, and what was confirmed or taken back."""
    at = timezone.now()
    page = Paginator(settled(request.user, at=at), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [(one, about_of(one, at=at)) for one in waiting(request.user, at=at)],
        "settled": [(one, one.standing(at=at)) for one in page],
        "page": page,
    }
    return render(request, "host/approvals.html", context)


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
@in_practice_time
def approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one act with its reason, and confirm it or take it back."""
    at = timezone.now()
    found = get_object_or_404(approvals_visible_to(request.user), pk=pk)
    if request.POST.get("decision") == "copy":
        return as_file(take_copy(approval=found, by=request.user, at=at))
    if request.method == "POST":
        if request.POST.get("decision") == "confirm":
            confirm_act(approval=found, by=request.user, at=at)
            messages.success(request, "Confirmed and done.")
        else:
            withdraw(approval=found, by=request.user, at=at)
            messages.success(request, "Taken back. Nothing was done.")
        return redirect("host_approvals")
    context = {
        "one": found,
        "about": about_of(found, at=at),
        "waits": found.standing(at=at) is Standing.WAITING,
        "standing": found.standing(at=at),
        "can_confirm": can_confirm(request.user, found, at=at),
        "can_withdraw": can_withdraw(request.user, found, at=at),
        "can_take_copy": can_take_copy(request.user, found, at=at),
        "own": found.asked_by_id == request.user.pk,
    }
    return render(request, "host/approval.html", context)
