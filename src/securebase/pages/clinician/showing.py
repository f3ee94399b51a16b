"""One process note shown to a supervisor: the author's choice, and the supervisor's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.notes.models import ProcessNote
from securebase.clinic.notes.queries import process_notes_visible_to
from securebase.clinic.notes.showing import (
    NOBODY,
    hide_apart,
    notes_shown_to,
    read_shown,
    show_apart,
    supervisors_for,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.PROCESS, Action.SHARE, of="notes.ProcessNote")
@require_POST
def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one process note to the supervisor chosen, or stop showing it."""
    at, me = timezone.now(), request.user
    own = process_notes_visible_to(me, at=at).select_related("patient")
    note: ProcessNote = get_object_or_404(own, pk=pk)
    if request.POST.get("do") == "hide":
        hide_apart(note=note, by=me, at=at)
        messages.success(request, "Taken back. It is for you alone again.")
        return redirect("desk_apart_note", pk=pk)
    chosen = request.POST.get("supervisor", "")
    supervisor = next((u for u in supervisors_for(note, at=at) if str(u.pk) == chosen), None)
    try:
        if supervisor is None:
            raise ValidationError(NOBODY)
        show_apart(note=note, supervisor=supervisor, by=me, at=at)
    except ValidationError as refused:
        messages.warning(request, f"Not shown. {refused.messages[0]}")
    else:
        messages.success(request, f"Shown to {supervisor.get_full_name()}.")
    return redirect("desk_apart_note", pk=pk)


@for_audience(Audience.SUPERVISOR, Category.PROCESS, of="notes.ProcessNote")
@require_safe
@in_practice_time
def shown(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let a supervisor read a process note that its author shows to them."""
    at = timezone.now()
    open_here = notes_shown_to(request.user, at=at).select_related("patient", "author")
    note: ProcessNote = get_object_or_404(open_here, pk=pk)
    read_shown(note=note, by=request.user, at=at)
    context = {"note": note, "pk": note.patient_id, "initials": note.patient.initials}
    return render(request, "clinician/shown.html", context)
