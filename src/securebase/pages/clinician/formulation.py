"""The formulation: written with the patient, shared when both agree; and goals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.formulation.actions import (
    agree,
    take_back,
)
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.clinic.formulation.policies import can_write
from securebase.clinic.formulation.queries import (
    formulations_visible_to,
    goals_visible_to,
    newest_of,
    shared_with,
)
from securebase.clinic.formulation.words import NAMES
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.understanding import (
    added,
    closed,
    form_for,
    goals_shown,
    keep,
    lines_of,
    rated,
    shown,
    told_over,
)
from securebase.people.access.words import Action, Category


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def formulation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what is understood so far, and keep the next version of it."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    given = request.POST if request.method == "POST" else None
    form = form_for(newest_of(patient), given)
    if given is not None and keep(form, patient=patient, by=request.user, at=at):
        messages.success(request, "Kept as the next version. Earlier ones stay.")
        return redirect("desk_formulation", pk=pk)
    if request.method != "POST":
        note_read(patient=patient, by=request.user, at=at)
    versions = list(_versions(request, at=at).filter(patient=patient))
    newest = versions[0] if versions else None
    context = {
        "patient": patient,
        "newest": newest,
        "shown": shown(newest),
        "shared": shared_with(patient),
        "form": form if can_write(request.user, patient, at=at) else None,
        "meanwhile": told_over(form, newest),
        "earlier": [(one, lines_of(one.parts, NAMES)) for one in versions[1:]],
        "goals": goals_shown(goals_visible_to(request.user, at=at).filter(patient=patient)),
    }
    return form_page(request, "clinician/formulation.html", form, context)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="formulation.Formulation")
@require_POST
def offer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Agree that the patient may have this version on their pages."""
    at = timezone.now()
    version = _version(request, pk, at=at)
    agree(formulation=version, by=request.user, at=at)
    messages.success(request, "Offered. It is shared once the patient agrees too.")
    return redirect("desk_formulation", pk=version.patient_id)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="formulation.Formulation")
@require_POST
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take back that the patient may have this version."""
    at = timezone.now()
    version = _version(request, pk, at=at)
    take_back(formulation=version, by=request.user, at=at)
    messages.success(request, "Taken back. The patient does not see this version now.")
    return redirect("desk_formulation", pk=version.patient_id)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_POST
def goals(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep a goal in the patient's words."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    words = request.POST.get("words", "")
    messages.info(request, added(patient, words, by=request.user, at=at))
    return redirect("desk_formulation", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="formulation.Goal")
@require_POST
def rate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep how far a goal is."""
    at = timezone.now()
    goal = _goal(request, pk, at=at)
    value = request.POST.get("value", "")
    messages.info(request, rated(goal, value, by=request.user, at=at))
    return redirect("desk_formulation", pk=goal.patient_id)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="formulation.Goal")
@require_POST
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that a goal is reached or set aside."""
    at = timezone.now()
    goal = _goal(request, pk, at=at)
    state = request.POST.get("state", "")
    messages.info(request, closed(goal, state, by=request.user, at=at))
    return redirect("desk_formulation", pk=goal.patient_id)


def _versions(request: SignedInRequest, *, at: datetime) -> QuerySet[Formulation]:
    return formulations_visible_to(request.user, at=at).select_related("written_by")


def _version(request: SignedInRequest, pk: UUID, *, at: datetime) -> Formulation:
    treated = patients_treated_by(request.user, at=at).values("pk")
    mine = formulations_visible_to(request.user, at=at).filter(patient__in=treated)
    return get_object_or_404(mine, pk=pk)


def _goal(request: SignedInRequest, pk: UUID, *, at: datetime) -> Goal:
    treated = patients_treated_by(request.user, at=at).values("pk")
    mine = goals_visible_to(request.user, at=at).filter(patient__in=treated)
    return get_object_or_404(mine, pk=pk)
