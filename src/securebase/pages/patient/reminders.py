"""Reminders by mail: whether they come, and one button to change that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.post.actions import choose_reminders
from securebase.people.post.queries import wants_reminders

KEPT = {
    True: "Kept. Reminders come from now on.",
    False: "Kept. No reminders come from now on.",
}


@for_audience(Audience.PATIENT, impersonal="whether reminders come to one's own address")
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """Show whether reminders come, and keep what the person wants."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        choose_reminders(account=request.user, wanted=wanted, by=request.user, at=at)
        messages.success(request, KEPT[wanted])
        return redirect("me_reminders")
    context = {
        "wanted": wants_reminders(request.user),
        "address": request.user.email,
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/reminders.html", context, patient=patient)
