"""From an instrument to a person: whom it is to be asked of."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.measurement.wordings import words_of
from securebase.pages.clinician.rhythm_form import can_be_planned
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Category
from securebase.people.vault.keys import hold_keys
from securebase.science.library import instruments


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """List one's own people, each a way to plan this instrument with them."""
    at = timezone.now()
    asked = instruments().get(slug)
    if asked is None or not can_be_planned(asked, words_of(asked)):
        raise Http404
    note_list_read(by=request.user, at=at)
    mine = list(patients_treated_by(request.user, at=at))
    hold_keys(patient.pk for patient in mine)
    people = sorted(mine, key=lambda patient: patient.name.casefold())
    return render(request, "clinician/library_ask.html", {"asked": asked, "people": people})
