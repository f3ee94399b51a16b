"""Process notes: the author's own pages, which nobody else can open."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.notes.apart import ChangedApart, begin_apart, drop_apart, keep_apart
from securebase.clinic.notes.merging import merge
from securebase.clinic.notes.models import ProcessNote
from securebase.clinic.notes.queries import process_notes_visible_to
from securebase.clinic.notes.showing import supervisors_for
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.note_forms import ApartForm
from securebase.pages.clinician.note_keeping import OTHER_PAGE, told_kept
from securebase.pages.clinician.wording import clock
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.PROCESS, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def apart(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one's own process notes on one person, and begin a new one."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if request.method == "POST":
        begun = begin_apart(patient=patient, by=request.user, at=at)
        return redirect("desk_apart_note", pk=begun.pk)
    own = process_notes_visible_to(request.user, at=at).filter(patient=patient)
    return render(request, "clinician/apart.html", {"patient": patient, "own": own})


@for_audience(Audience.CLINICIAN, Category.PROCESS, Action.WRITE, of="notes.ProcessNote")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def write(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one process note, keep what is written in it, or throw it away."""
    at = timezone.now()
    held = _own(request, pk, at=at)
    if request.method != "POST":
        return _page(request, held, ApartForm(held, request.user))
    if request.POST.get("do") == "drop":
        drop_apart(note=held, by=request.user, at=at)
        messages.success(request, "The process note is thrown away.")
        return redirect("desk_apart", pk=held.patient_id)
    form = ApartForm(held, request.user, request.POST)
    if not form.is_ours:
        return _elsewhere(request)
    try:
        if not form.took(lambda: _keep(form, held, request, at=at)):
            return _page(request, held, form)
    except ChangedApart as changed:
        return _join(request, changed.now, form)
    messages.success(request, f"Kept {clock(at)}.")
    return redirect("desk_apart_note", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PROCESS, Action.WRITE, of="notes.ProcessNote")
@require_POST
@in_practice_time
def keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep a process note while it is being written."""
    at = timezone.now()
    held = _own(request, pk, at=at)
    form = ApartForm(held, request.user, request.POST)
    return told_kept(form, lambda: _keep(form, held, request, at=at), at=at)


def _own(request: SignedInRequest, pk: UUID, *, at: datetime) -> ProcessNote:
    own = process_notes_visible_to(request.user, at=at).select_related("patient", "shown_to")
    return get_object_or_404(own, pk=pk)


def _keep(
    form: ApartForm, held: ProcessNote, request: SignedInRequest, *, at: datetime
) -> ProcessNote:
    said = form.cleaned_data
    return keep_apart(
        note=held, text=said["text"], version=said["version"], by=request.user, at=at
    )


def _page(request: SignedInRequest, held: ProcessNote, form: ApartForm) -> HttpResponse:
    at = timezone.now()
    context = {
        "note": held,
        "patient": held.patient,
        "supervisors": supervisors_for(held, at=at),
    }
    return form_page(request, "clinician/apart_write.html", form, context)


def _join(request: SignedInRequest, now: ProcessNote, form: ApartForm) -> HttpResponse:
    mine, was = form.cleaned_data["text"], form.cleaned_data["was-text"]
    joined = merge(base=was, mine=mine, theirs=now.text)
    context = {
        "note": now,
        "patient": now.patient,
        "form": ApartForm(now, request.user, now=joined.text),
        "pairs": [("For yourself", now.text, mine, joined.meets)],
    }
    return render(request, "clinician/apart_join.html", context, status=HTTPStatus.CONFLICT)


def _elsewhere(request: SignedInRequest) -> HttpResponse:
    words = [("text", text)] if (text := request.POST.get("text", "")).strip() else []
    context = {"says": OTHER_PAGE, "words": words}
    return render(request, "clinician/note_elsewhere.html", context, status=HTTPStatus.CONFLICT)
