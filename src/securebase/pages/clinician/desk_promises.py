"""Promises: made to one person, kept or released, and what became of one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.notes.promising import keep_promise, promise, release_promise
from securebase.clinic.notes.queries import promises_visible_to
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.leading_back import back_of
from securebase.pages.clinician.note_forms import PromiseForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.stories.keep_promises import every_promise, promises_tallied


@for_audience(Audience.CLINICIAN, Category.SCHEDULE)
@require_safe
@in_practice_time
def promises(request: SignedInRequest) -> HttpResponse:
    """Show what one promised and has still to keep, and how often it was kept."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    context = {
        "promises": every_promise(user=request.user, at=at),
        "tally": promises_tallied(user=request.user, at=at),
        "now": at,
    }
    return render(request, "clinician/promises.html", context)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def make(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Promise somebody something by a day."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), PromiseForm(request.POST)

    def made() -> object:
        said = form.cleaned_data
        return promise(
            patient=patient,
            kind=said["kind"],
            text=said["text"],
            due_at=form.due_at(),
            by=request.user,
            at=at,
        )

    if form.took(made):
        messages.success(request, "Noted. It waits under Promises until it is kept.")
    else:
        messages.warning(request, "Not noted: choose what you promise, and a day ahead.")
    return redirect(back_of(request, patient_id=pk))


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="notes.Promise")
@require_POST
@in_practice_time
def settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that a promise was kept, or that the patient does not need it any more."""
    at = timezone.now()
    one = get_object_or_404(promises_visible_to(request.user, at=at), pk=pk)
    if request.POST.get("do") == "release":
        release_promise(promise=one, by=request.user, at=at)
        messages.success(request, "Noted: it is not needed any more.")
    else:
        keep_promise(promise=one, by=request.user, at=at)
        messages.success(request, "Noted: you kept it.")
    return redirect(back_of(request, patient_id=one.patient_id))
