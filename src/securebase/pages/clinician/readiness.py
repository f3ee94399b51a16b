"""The readiness panel: each domain with its data and one's own view; never a lock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.care.actions import note_read
from securebase.clinic.guidance.models import ReadinessView
from securebase.clinic.guidance.readying import MOST_REASON, can_weigh, proceed, view_readiness
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.wording import source_line
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.readiness import State, readiness_panel
from securebase.stories.see_readiness import Weighed, see_readiness

PILLS = {State.SETTLED: "settled", State.DISCUSS: "look"}


class ProceedForm(AskingForm):
    """Why trauma processing begins now."""

    reason = forms.CharField(
        label="Why you go ahead",
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept encrypted, with how each domain stands today.",
    )


@for_audience(Audience.CLINICIAN, Category.PLAN, of="care.Patient")
@require_safe
@in_practice_time
def panel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show each domain, the data beside one's own view, and the decisions so far."""
    return _page(request, pk, ProceedForm())


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def view(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep how the clinician sees one domain."""
    at = timezone.now()
    patient, chosen = find_patient(request, pk, at=at), request.POST.get("view", "")
    if chosen not in ReadinessView.View:
        messages.warning(request, "Not kept: choose settled, or pause and discuss.")
        return redirect("desk_readiness", pk=pk)
    try:
        view_readiness(
            patient=patient,
            domain=request.POST.get("domain", ""),
            view=chosen,
            note=request.POST.get("note", ""),
            by=request.user,
            at=at,
        )
    except ValidationError as refused:
        messages.warning(request, f"Not kept. {refused.messages[0]}")
    else:
        messages.success(request, "Kept, beside your earlier views.")
    return redirect("desk_readiness", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def go_ahead(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep that trauma processing begins, and why."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), ProceedForm(request.POST)

    def go() -> None:
        standing = see_readiness(user=request.user, patient=patient, at=at).standing
        reason = form.cleaned_data["reason"]
        proceed(patient=patient, reason=reason, standing=standing, by=request.user, at=at)

    if not form.took(go):
        return _page(request, pk, form)
    messages.success(request, "Kept, with how each domain stands today.")
    return redirect("desk_readiness", pk=pk)


def _page(request: SignedInRequest, pk: UUID, form: ProceedForm) -> HttpResponse:
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if not form.is_bound:
        note_read(patient=patient, by=request.user, at=at)
    seen = see_readiness(user=request.user, patient=patient, at=at)
    context = {
        "patient": patient,
        "rows": [_shown(one) for one in seen.rows],
        "proceedings": seen.proceedings,
        "views": ReadinessView.View.choices,
        "form": form if can_weigh(request.user, patient, at=at) else None,
        "source": source_line(readiness_panel().source),
    }
    return form_page(request, "clinician/readiness.html", form, context)


def _shown(one: Weighed) -> dict[str, Any]:
    return {
        "domain": one.row.domain,
        "row": one.row,
        "pill": PILLS.get(one.row.state, ""),
        "view": one.view,
        "view_pill": PILLS.get(State(one.view.view), "") if one.view else "",
    }
