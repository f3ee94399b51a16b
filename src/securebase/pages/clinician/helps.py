"""Which exercises help a person at home, if they share it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.practice.actions import note_help_read
from securebase.clinic.practice.policies import can_see_help
from securebase.clinic.practice.queries import exercises_aside, help_of
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.science.exercises import exercises


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="care.Patient")
@require_safe
@in_practice_time
def helps(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show how exercises have helped, as the person reads it; or that it is not shared."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    shared = can_see_help(request.user, patient, at=at)
    rows = []
    if shared:
        note_help_read(patient=patient, by=request.user, at=at)
        says, aside = help_of(patient, until=at), exercises_aside(patient)
        done = [(one, says[one.slug]) for one in exercises() if says[one.slug].times]
        done.sort(key=lambda row: -row[1].mean)
        rows = [(one, helped, one.slug in aside) for one, helped in done]
    back = Link(patient.initials, reverse("desk_person", args=[pk]))
    context = {"shared": shared, "rows": rows, "back": back}
    return render(request, "clinician/helps.html", context)
