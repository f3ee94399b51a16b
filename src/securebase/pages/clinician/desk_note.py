"""A signed note, and adding to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.notes.actions import add_to_note
from securebase.clinic.notes.policies import can_add
from securebase.clinic.notes.queries import notes_visible_to
from securebase.pages.clinician.note_forms import AddendumForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="notes.Note")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a signed note with what was added to it, and add to it."""
    at = timezone.now()
    seen = notes_visible_to(request.user, at=at).select_related("patient", "author", "session")
    signed = get_object_or_404(seen, pk=pk)
    form = AddendumForm(request.POST or None)
    if form.took(lambda: add_to_note(note=signed, by=request.user, at=at, **form.cleaned_data)):
        messages.success(request, "Added, with your name and the time.")
        return redirect("desk_note", pk=pk)
    context = {
        "note": signed,
        "patient": signed.patient,
        "addenda": signed.addenda.select_related("by"),
        "released": signed.release_at <= at,
        "may_add": can_add(request.user, signed, at=at),
    }
    return form_page(request, "clinician/note.html", form, context)
