"""My plan: the patient's own safety plan, to read, dial, print, change and look over."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.care.models import Patient
from securebase.clinic.safety.actions import PlanChanged, look_over, write_plan
from securebase.clinic.safety.models import SafetyPlan
from securebase.clinic.safety.queries import current_plan, plans_visible_to
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.crisis import help_here
from securebase.pages.shared.safety_plan import PlanForm, first_words, review_after, shown
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.science.safety_plan import plan_form


@for_audience(Audience.PATIENT, Category.PLAN)
@require_safe
def plan(request: SignedInRequest) -> HttpResponse:
    """Show the plan that holds, with numbers that dial; it prints on one page."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    held = current_plan(patient)
    today = _today(patient, at=at)
    context = {
        "plan": held,
        "parts": shown(held.lines) if held else [],
        "due": held is not None and held.review_on <= today,
        "next_review": review_after(today),
        "help": help_here(at=at),
        "form": plan_form(),
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/plan.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest) -> HttpResponse:
    """Write the plan, or change it; every version before stays."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    held = current_plan(patient)
    form = PlanForm(request.POST or None, initial=_first(held, _today(patient, at=at)))

    def write() -> SafetyPlan:
        said = form.cleaned_data
        return write_plan(
            patient=patient,
            lines=form.lines(),
            review_on=said["review_on"],
            seen=said["seen"],
            by=request.user,
            at=at,
        )

    try:
        if request.method == "POST" and form.took(write):
            messages.success(request, "Kept. This is your plan from now on.")
            return redirect("me_plan")
    except PlanChanged as changed:
        return _write(request, form.again(changed.plan.number), patient, other=changed.plan)
    return _write(request, form, patient)


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE)
@require_POST
def still_fits(request: SignedInRequest) -> HttpResponse:
    """Note that the plan was looked over and still fits."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    held = current_plan(patient)
    if held is not None:
        day = review_after(_today(patient, at=at))
        look_over(plan=held, review_on=day, by=request.user, at=at)
        messages.success(request, f"Noted. You look at it again on {day:%-d %B %Y}.")
    return redirect("me_plan")


@for_audience(Audience.PATIENT, Category.PLAN)
@require_safe
def versions(request: SignedInRequest) -> HttpResponse:
    """Show every version, with who wrote it and when."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = plans_visible_to(request.user, at=at).filter(patient=patient)
    found = [(one, shown(one.lines)) for one in own.select_related("written_by")]
    context = {"versions": found, "back": Link("My plan", reverse("me_plan"))}
    return show(request, "patient/plan_versions.html", context, patient=patient)


def _today(patient: Patient, *, at: datetime) -> date:
    return at.astimezone(ZoneInfo(patient.time_zone)).date()


def _first(held: SafetyPlan | None, today: date) -> dict[str, object]:
    written = first_words(held.lines) if held else {}
    number = held.number if held else 0
    return {**written, "seen": number, "review_on": review_after(today)}


def _write(
    request: SignedInRequest,
    form: PlanForm,
    patient: Patient,
    *,
    other: SafetyPlan | None = None,
) -> HttpResponse:
    context = {
        "about": plan_form().about,
        "other": other,
        "other_parts": shown(other.lines) if other else [],
        "back": Link("My plan", reverse("me_plan")),
    }
    return show(
        request,
        "patient/plan_change.html",
        context,
        patient=patient,
        form=form,
        status=409 if other else None,
    )
