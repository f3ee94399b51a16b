"""More than one clinician: who treats a person together with the clinician of record."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.cover import can_arrange_cover
from securebase.clinic.care.together import (
    bonds_treating_too,
    can_end_treating,
    end_treating,
    let_treat_too,
    treating_too,
)
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import ColleagueForm
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def together(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let a colleague treat somebody too, and show who does."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if not can_arrange_cover(request.user, patient, at=at):
        raise Http404
    form = ColleagueForm(request.POST or None, by=request.user)
    if form.took(
        lambda: let_treat_too(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Opened. The patient reads it under What I share.")
        return redirect("desk_together", pk=pk)
    context = {"patient": patient, "bonds": treating_too(patient, at=at)}
    return form_page(request, "clinician/together.html", form, context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Care")
@require_POST
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a colleague's part, or one's own."""
    at = timezone.now()
    bond = get_object_or_404(bonds_treating_too(at=at), pk=pk)
    if not can_end_treating(request.user, bond, at=at):
        raise Http404
    end_treating(bond=bond, by=request.user, at=at)
    messages.success(request, "Ended. The record is closed to this clinician.")
    return redirect("desk_people")
