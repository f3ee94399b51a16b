"""The safety plan of somebody in care: read it, and write it together with them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.safety.actions import PlanChanged, read_plan, write_plan
from securebase.clinic.safety.models import SafetyPlan
from securebase.clinic.safety.policies import can_write_plan
from securebase.clinic.safety.queries import plans_visible_to
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.safety_plan import PlanForm, first_words, review_after, shown
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the plan and its versions, and keep what was written together."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    held = read_plan(patient=patient, by=request.user, at=at)
    first = {
        **(first_words(held.lines) if held else {}),
        "seen": held.number if held else 0,
        "review_on": review_after(timezone.localdate(at)),
    }
    form = PlanForm(request.POST or None, initial=first)

    def write() -> SafetyPlan:
        return write_plan(
            patient=patient,
            lines=form.lines(),
            review_on=form.cleaned_data["review_on"],
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=at,
        )

    try:
        if request.method == "POST" and form.took(write):
            messages.success(request, "Kept. The patient has it on their page.")
            return redirect("desk_safety", pk=pk)
    except PlanChanged as changed:
        warning = "The plan was changed meanwhile. Yours is in the boxes; theirs is shown."
        messages.warning(request, warning)
        return _page(request, form.again(changed.plan.number), patient, changed.plan)
    return _page(request, form, patient, held)


def _page(
    request: SignedInRequest, form: PlanForm, patient: Patient, held: SafetyPlan | None
) -> HttpResponse:
    at = timezone.now()
    versions = plans_visible_to(request.user, at=at).filter(patient=patient)
    context = {
        "patient": patient,
        "plan": held,
        "parts": shown(held.lines) if held else [],
        "versions": versions.select_related("written_by"),
        "may_write": can_write_plan(request.user, patient, at=at),
        "today": timezone.localdate(at),
    }
    return form_page(request, "clinician/safety_plan.html", form, context)
