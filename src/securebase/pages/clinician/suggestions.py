"""Deciding on a suggestion: accept, later, or no with one of six reasons."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Decision
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.pages.clinician.finding import in_practice_time
from securebase.pages.clinician.forms import MOST_REASON
from securebase.pages.clinician.wording import day
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category

A_WHILE = timedelta(days=7)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="guidance.Suggestion")
@require_POST
@in_practice_time
def decision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep what the clinician decided, and go back to the signal it answers."""
    at = timezone.now()
    suggestion = get_object_or_404(suggestions_visible_to(request.user, at=at), pk=pk)
    choice = request.POST.get("decision", "")
    code = request.POST.get("reason_code", "") if choice == Decision.Choice.NO else ""
    back = redirect("desk_signal", pk=suggestion.signal_id)
    if choice not in Decision.Choice or (choice == "no" and code not in Decision.Reason):
        messages.warning(request, "Not kept: for a no, choose one of the six reasons.")
        return back
    kept = decide(
        suggestion=suggestion,
        choice=choice,
        by=request.user,
        at=at,
        reason_code=code,
        reason=request.POST.get("reason", "").strip()[:MOST_REASON],
        return_at=at + A_WHILE if choice == Decision.Choice.LATER else None,
    )
    messages.success(request, _said(kept))
    return back


def _said(kept: Decision) -> str:
    if kept.return_at is not None:
        return f"Later: it comes back on {day(kept.return_at)}."
    return f"Kept: {kept.get_choice_display()}."
