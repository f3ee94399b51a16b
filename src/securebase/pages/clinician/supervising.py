"""Bringing work to supervision, and the notes of it, by initials."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.care.supervision import patients_supervised_by
from securebase.clinic.guidance.talking import (
    mark_for_supervision,
    note_supervision,
    open_marks,
    supervision_notes_of,
    take_up,
)
from securebase.clinic.guidance.talks import AgendaMark, SupervisionNote
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.people.vault.keys import hold_keys


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_POST
def bring(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put the work with somebody on the agenda of one's supervision."""
    at = timezone.now()
    patient, question = find_patient(request, pk, at=at), request.POST.get("question", "")
    try:
        mark_for_supervision(patient=patient, question=question, by=request.user, at=at)
    except ValidationError as refused:
        messages.warning(request, f"Not marked. {refused.messages[0]}")
    else:
        messages.success(request, "On the agenda of your supervision, by initials.")
    return redirect("desk_person", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="guidance.AgendaMark")
@require_POST
def taken_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note, as its clinician, that a mark was spoken of."""
    at = timezone.now()
    mine = open_marks(request.user, at=at).filter(by=request.user)
    mark: AgendaMark = get_object_or_404(mine, pk=pk)
    take_up(mark=mark, by=request.user, at=at)
    messages.success(request, "Noted as taken up.")
    return redirect("desk_supervision_notes")


@for_audience(Audience.SUPERVISOR, Category.PROGRESS, Action.SIGN, of="care.Patient")
@require_POST
def note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep what came of talking about the work with one person."""
    at = timezone.now()
    supervised = patients_supervised_by(request.user, at=at)
    patient = get_object_or_404(supervised, pk=pk)
    try:
        words = request.POST.get("words", "")
        note_supervision(patient=patient, words=words, by=request.user, at=at)
    except ValidationError as refused:
        messages.warning(request, f"Not kept. {refused.messages[0]}")
    else:
        messages.success(request, "Kept, for you and the clinician whose work it is.")
    return redirect("desk_supervised", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PROGRESS)
@require_safe
@in_practice_time
def notes(request: SignedInRequest) -> HttpResponse:
    """Show what one brings to supervision, and what came of it."""
    at = timezone.now()
    marks = list(open_marks(request.user, at=at).filter(by=request.user))
    kept = _own(request, at=at)
    hold_keys({one.patient_id for one in marks} | {one.patient_id for one in kept})
    context = {"marks": marks, "kept": kept}
    return render(request, "clinician/supervision_notes.html", context)


def _own(request: SignedInRequest, *, at: datetime) -> list[SupervisionNote]:
    mine = supervision_notes_of(request.user).filter(supervisee=request.user, at__lte=at)
    return list(mine.select_related("supervisor"))
