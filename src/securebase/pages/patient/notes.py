"""The notes on the patient that are open to them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.notes.queries import notes_visible_to
from securebase.clinic.notes.shapes import the_shapes
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category


@for_audience(Audience.PATIENT, Category.PROGRESS)
@require_safe
def notes(request: SignedInRequest) -> HttpResponse:
    """Show which notes the patient may read, and when a new one comes."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = notes_visible_to(request.user, at=at).filter(patient=patient)
    context = {
        "notes": own.select_related("author", "session"),
        "shapes": the_shapes(),
        "back": Link("Your record", reverse("me_record")),
    }
    return show(request, "patient/notes.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.PROGRESS, of="notes.Note")
@require_safe
def note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one note with what was added to it."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = notes_visible_to(request.user, at=at).filter(patient=patient)
    found = get_object_or_404(own.select_related("author", "session"), pk=pk)
    context = {
        "note": found,
        "addenda": found.addenda.select_related("by"),
        "back": Link("Your notes", reverse("me_notes")),
    }
    return show(request, "patient/note.html", context, patient=patient)
