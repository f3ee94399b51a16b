"""Whom a patient keeps out, as the clinician of record reads it and enters what was said."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.exclusion import (
    can_decide,
    could_keep_out,
    exclusions_visible_to,
    lift,
)
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import KeepOutForm
from securebase.people.access.words import Action, Category
from securebase.stories.keep_out import keep_out


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def kept_out(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show whom somebody keeps out, and enter what they said in a session."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if not can_decide(request.user, patient, at=at):
        raise Http404
    form = KeepOutForm(request.POST or None, staff=could_keep_out(patient, at=at))
    if form.took(
        lambda: keep_out(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept out, from now on. The patient reads that you did it.")
        return redirect("desk_kept_out", pk=pk)
    lines = exclusions_visible_to(request.user, at=at).filter(patient=patient)
    context = {"patient": patient, "lines": lines}
    return form_page(request, "clinician/kept_out.html", form, context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Exclusion")
@require_POST
def take_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter that the patient takes it back."""
    at = timezone.now()
    line = get_object_or_404(exclusions_visible_to(request.user, at=at), pk=pk)
    patient = find_patient(request, line.patient_id, at=at)
    lift(exclusion=line, by=request.user, at=at)
    messages.success(request, "Taken back. It opens nothing by itself.")
    return redirect("desk_kept_out", pk=patient.pk)
