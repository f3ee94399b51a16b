"""One form on a device that somebody of the practice has handed over."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.checkins.policies import can_answer
from securebase.pages.patient.checkin import own_checkin, told_before
from securebase.pages.patient.moments import show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.visits import HANDED_BACK
from securebase.people.access.words import Category
from securebase.people.accounts.models import Visit


@for_audience(Audience.PATIENT, Category.SCHEDULE)
@require_safe
def handed_over(request: SignedInRequest) -> HttpResponse:
    """Say what this form asks and who reads it, before anything is asked."""
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    if visit is None or visit.only is None:
        return redirect("me_checkin")
    at = timezone.now()
    checkin = own_checkin(request.user, visit.only, at=at)
    if not can_answer(request.user, checkin, at=at):
        return redirect(HANDED_BACK)
    context = told_before(checkin, by=request.user, at=at) | {
        "not_now_url": reverse(HANDED_BACK)
    }
    return show(request, "patient/hand_over.html", context, patient=checkin.patient)
