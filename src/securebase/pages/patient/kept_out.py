"""Who shall not see me: whom a patient keeps out of their record, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.exclusion import (
    could_keep_out,
    exclusions_visible_to,
    lift,
)
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.tie_forms import KeepOutForm
from securebase.people.access.words import Action, Category
from securebase.stories.keep_out import keep_out


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def kept_out(request: SignedInRequest) -> HttpResponse:
    """Show who is kept out, and keep one more person out."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = KeepOutForm(request.POST or None, staff=could_keep_out(patient, at=at))
    if form.took(
        lambda: keep_out(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept. They cannot open your record any more.")
        return redirect("me_kept_out")
    own = exclusions_visible_to(request.user, at=at).filter(patient=patient)
    context = {"lines": own, "back": Link("What I share", reverse("me_sharing"))}
    return show(request, "patient/kept_out.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="care.Exclusion")
@require_POST
def take_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep somebody out no longer."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = exclusions_visible_to(request.user, at=at).filter(patient=patient)
    lift(exclusion=get_object_or_404(own, pk=pk), by=request.user, at=at)
    messages.success(request, "Taken back. They still see nothing, unless they work with you.")
    return redirect("me_kept_out")
