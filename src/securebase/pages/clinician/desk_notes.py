"""Writing a note: kept as it grows, joined where two write, read once more and signed."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.actions import (
    Changed,
    drop_note,
    keep_note,
    sign_note,
    write_together,
)
from securebase.clinic.notes.body import join
from securebase.clinic.notes.left import drafts_left_to, take_over
from securebase.clinic.notes.models import NoteDraft
from securebase.clinic.notes.policies import can_sign
from securebase.clinic.notes.queries import drafts_visible_to, notes_visible_to
from securebase.clinic.notes.shapes import the_shapes
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.note_forms import BeginForm, NoteForm, SignForm
from securebase.pages.clinician.note_keeping import OTHER_PAGE, told_kept
from securebase.pages.clinician.wording import clock
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.stories.begin_note import begin_note

GONE = "This note is signed or was dropped in the meantime. Nothing was written."


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def notes(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the notes on one person, and begin a new one."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if "take_over" in request.POST:
        return _take_over(request, patient, at=at)
    form = BeginForm(request.POST if "shape" in request.POST else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        shape = form.cleaned_data["shape"] if form.is_bound else ""
        draft = begin_note(patient=patient, shape=shape, by=request.user, at=at)
        return redirect("desk_draft", pk=draft.pk)
    signed = notes_visible_to(request.user, at=at).filter(patient=patient)
    context = {
        "patient": patient,
        "drafts": drafts_visible_to(request.user, at=at).filter(patient=patient),
        "left": drafts_left_to(request.user, patient, at=at),
        "signed": signed.select_related("author", "session"),
    }
    return form_page(request, "clinician/notes.html", form, context)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="notes.NoteDraft")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def draft(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a note that is being written, and keep what is written in it."""
    at = timezone.now()
    held = _draft(request, pk, at=at)
    if held is None:
        return _not_there(request, pk, at=at)
    if request.method != "POST":
        return _page(request, held, NoteForm(held, request.user), at=at)
    form = NoteForm(held, request.user, request.POST)
    if not form.is_ours:
        return _elsewhere(request, OTHER_PAGE)
    try:
        kept = form.took(lambda: _keep(form, held, request, at=at))
    except Changed as changed:
        return _join(request, changed.now, form)
    return _go_on(request, pk, at=at) if kept else _page(request, held, form, at=at)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="notes.NoteDraft")
@require_POST
@in_practice_time
def keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep a note while it is being written, and say in a few words that it is kept."""
    at = timezone.now()
    held = _draft(request, pk, at=at)
    if held is None:
        if notes_visible_to(request.user, at=at).filter(pk=pk).exists():
            return JsonResponse({"says": GONE}, status=HTTPStatus.CONFLICT)
        raise Http404
    form = NoteForm(held, request.user, request.POST)
    return told_kept(form, lambda: _keep(form, held, request, at=at), at=at)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.SIGN, of="notes.NoteDraft")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a note once more as it stands, and sign it."""
    at = timezone.now()
    held = _draft(request, pk, at=at)
    if held is None:
        return _not_there(request, pk, at=at)
    if not can_sign(request.user, held, at=at):
        raise PermissionDenied("Only its author signs a note.")
    data = request.POST or None
    form = SignForm(data, initial={"version": held.version})
    try:
        if form.took(lambda: _sign(form, held, request, at=at)):
            messages.success(request, "Signed. It stands as it is; you can add to it.")
            return redirect("desk_note", pk=pk)
    except Changed:
        messages.warning(request, "Not signed: it was written in since. Read it once more.")
        return redirect("desk_draft_sign", pk=pk)
    context = {"draft": held, "patient": held.patient, "wait": the_shapes()}
    return form_page(request, "clinician/note_sign.html", form, context)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="notes.NoteDraft")
@require_POST
@in_practice_time
def settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Throw a note away, or open it to colleagues who treat the same person."""
    at = timezone.now()
    held = get_object_or_404(drafts_visible_to(request.user, at=at), pk=pk)
    wish = request.POST.get("do", "")
    if wish == "drop":
        drop_note(draft=held, by=request.user, at=at)
        messages.success(request, "The note is thrown away.")
        return redirect("desk_notes", pk=held.patient_id)
    if wish in ("together", "alone"):
        together = wish == "together"
        write_together(draft=held, together=together, by=request.user, at=at)
        said = "Colleagues who treat this person can write here too."
        messages.success(request, said if together else "Only you write here now.")
    return redirect("desk_draft", pk=pk)


def _take_over(request: SignedInRequest, patient: Patient, *, at: datetime) -> HttpResponse:
    """Make a note that was left one's own, and open it."""
    wanted = request.POST["take_over"]
    left = drafts_left_to(request.user, patient, at=at)
    draft = next((one for one in left if str(one.pk) == wanted), None)
    if draft is None:
        raise Http404
    try:
        take_over(draft=draft, by=request.user, at=at)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("desk_notes", pk=patient.pk)
    messages.success(request, "It is yours now. Finish it, or throw it away.")
    return redirect("desk_draft", pk=draft.pk)


def _draft(request: SignedInRequest, pk: UUID, *, at: datetime) -> NoteDraft | None:
    seen = drafts_visible_to(request.user, at=at)
    return seen.select_related("patient", "session", "author", "kept_by").filter(pk=pk).first()


def _not_there(request: SignedInRequest, pk: UUID, *, at: datetime) -> HttpResponse:
    """Lead to the signed note, or say that nothing was written; 404 to anybody else."""
    if not notes_visible_to(request.user, at=at).filter(pk=pk).exists():
        raise Http404
    if request.method == "POST":
        return _elsewhere(request, GONE)
    return redirect("desk_note", pk=pk)


def _keep(
    form: NoteForm, held: NoteDraft, request: SignedInRequest, *, at: datetime
) -> NoteDraft:
    return keep_note(draft=held, said=form.said(), by=request.user, at=at)


def _go_on(request: SignedInRequest, pk: UUID, *, at: datetime) -> HttpResponse:
    """Lead to the signing, if that was pressed, or back to the note."""
    if request.POST.get("do") == "sign":
        return redirect("desk_draft_sign", pk=pk)
    messages.success(request, f"Kept {clock(at)}.")
    return redirect("desk_draft", pk=pk)


def _sign(form: SignForm, held: NoteDraft, request: SignedInRequest, *, at: datetime) -> None:
    sign_note(draft=held, by=request.user, at=at, **form.cleaned_data)


def _page(
    request: SignedInRequest, held: NoteDraft, form: NoteForm, *, at: datetime
) -> HttpResponse:
    context = {
        "draft": held,
        "patient": held.patient,
        "may_sign": can_sign(request.user, held, at=at),
        "last": notes_visible_to(request.user, at=at).filter(patient=held.patient_id).first(),
    }
    return form_page(request, "clinician/note_write.html", form, context)


def _join(request: SignedInRequest, now: NoteDraft, form: NoteForm) -> HttpResponse:
    """Show what stands there now and what was to be kept, and offer the two together."""
    mine, theirs = form.mine(), now.body
    joined = join(base=form.was(), mine=mine, theirs=theirs)
    context: dict[str, Any] = {
        "draft": now,
        "patient": now.patient,
        "by": now.kept_by,
        "form": NoteForm(now, request.user, body=joined.body),
        "pairs": [
            (part.label, part.text, mine.texts[part.slug], part.slug in joined.meeting)
            for part in theirs.parts
            if part.text != mine.texts[part.slug]
        ],
    }
    return render(request, "clinician/note_join.html", context, status=HTTPStatus.CONFLICT)


def _elsewhere(request: SignedInRequest, says: str) -> HttpResponse:
    """Give back the words of a form that cannot be kept where it was sent."""
    words = [
        (name.removeprefix("part-"), text)
        for name, text in request.POST.items()
        if name.startswith("part-") and str(text).strip()
    ]
    context = {"says": says, "words": words}
    return render(request, "clinician/note_elsewhere.html", context, status=HTTPStatus.CONFLICT)
