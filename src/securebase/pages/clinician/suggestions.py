"""Deciding on a suggestion: accept, later, or no with one of six reasons."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.pages.clinician.forms import MOST_REASON
from securebase.pages.clinician.overtaken import Both, Meeting, mark_sent, overtaken
from securebase.pages.clinician.wording import day
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.strategies import strategy
from securebase.stories.write_over import Overtaken, decision_on, write_over

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
    wanted = Decision(
        choice=choice,
        reason_code=code,
        reason=request.POST.get("reason", "").strip()[:MOST_REASON],
        return_at=at + A_WHILE if choice == Decision.Choice.LATER else None,
        at=at,
    )
    try:
        messages.success(request, _said(_keep(request, suggestion, wanted)))
    except Overtaken as first:
        return overtaken(request, _met(suggestion, wanted, first))
    return back


def _keep(request: SignedInRequest, suggestion: Suggestion, wanted: Decision) -> Decision:
    """Keep a decision over the one that was read, or over none."""
    return write_over(
        patient=suggestion.patient,
        seen=mark_sent(request),
        look=partial(decision_on, suggestion),
        act=lambda: decide(
            suggestion=suggestion,
            choice=wanted.choice,
            by=request.user,
            at=wanted.at,
            reason_code=wanted.reason_code,
            reason=wanted.reason,
            return_at=wanted.return_at,
        ),
    )


def _met(suggestion: Suggestion, wanted: Decision, first: Overtaken) -> Meeting:
    """Return both decisions in words."""
    held = suggestion.decisions.first()
    both = Both(
        strategy(suggestion.strategy).title,
        _in_words(held) if held else "Not decided.",
        _in_words(wanted),
    )
    back = reverse("desk_signal", args=[suggestion.signal_id])
    return Meeting(suggestion.patient, first.now, [both], back)


def _in_words(decision: Decision) -> str:
    """Return what was decided, whoever did and whenever."""
    parts = (
        str(decision.get_choice_display()).capitalize(),
        decision.get_reason_code_display() if decision.reason_code else "",
        f"until {day(decision.return_at)}" if decision.return_at else "",
        decision.reason,
    )
    return "\n".join(part for part in parts if part)


def _said(kept: Decision) -> str:
    if kept.return_at is not None:
        return f"Later: it comes back on {day(kept.return_at)}."
    return f"Kept: {kept.get_choice_display()}."
