"""What was tried with one person, and what followed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_read
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.wording import name_of
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Category
from securebase.stories.what_was_tried import what_was_tried


@for_audience(Audience.CLINICIAN, Category.PLAN, of="care.Patient")
@require_safe
@in_practice_time
def tried(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show each way of working that was accepted, with the level before and after it."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    note_read(patient=patient, by=request.user, at=at)
    rows = [
        (one, name_of(one.measure) if one.measure else "")
        for one in what_was_tried(user=request.user, patient=patient, at=at)
    ]
    return render(request, "clinician/tried.html", {"patient": patient, "rows": rows})
