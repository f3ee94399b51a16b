"""What the two of you wrote together, and goals: seen, changed and taken back here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.formulation.actions import agree, take_back
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.clinic.formulation.policies import can_write
from securebase.clinic.formulation.queries import (
    formulations_visible_to,
    goals_visible_to,
    newest_of,
    shared_with,
)
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.understanding import (
    added,
    closed,
    form_for,
    goals_shown,
    keep,
    rated,
    shown,
    told_over,
)
from securebase.people.access.words import Action, Category


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: SignedInRequest) -> HttpResponse:
    """Show what was written together, and keep the patient's own next version."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    given = request.POST if request.method == "POST" else None
    form = form_for(newest_of(patient), given)
    if given is not None and keep(form, patient=patient, by=request.user, at=at):
        messages.success(request, "Kept. Your therapist sees it and can agree to it.")
        return redirect("me_together")
    mine = formulations_visible_to(request.user, at=at).filter(patient=patient)
    newest, now = mine.first(), shared_with(patient)
    context = {
        "shown": shown(now),
        "shared": now,
        "offered": newest if newest and newest.taken_at is None else None,
        "waiting": newest if newest and newest.offered_at is None else None,
        "form": form if can_write(request.user, patient, at=at) else None,
        "meanwhile": told_over(form, newest),
        "goals": goals_shown(goals_visible_to(request.user, at=at).filter(patient=patient)),
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/together.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE, of="formulation.Formulation")
@require_POST
def show_here(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Agree that what was written stands on the patient's own pages."""
    at = timezone.now()
    agree(formulation=_version(request, pk, at=at), by=request.user, at=at)
    messages.success(request, "It is here now. You can take it off at any time.")
    return redirect("me_together")


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE, of="formulation.Formulation")
@require_POST
def take_off(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take what was written off the patient's own pages."""
    at = timezone.now()
    take_back(formulation=_version(request, pk, at=at), by=request.user, at=at)
    messages.success(request, "It is off this page. Your therapist still has it.")
    return redirect("me_together")


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE)
@require_POST
def goal(request: SignedInRequest) -> HttpResponse:
    """Keep a goal."""
    at = timezone.now()
    patient, words = own_record(request.user, at=at), request.POST.get("words", "")
    messages.info(request, added(patient, words, by=request.user, at=at))
    return redirect("me_together")


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE, of="formulation.Goal")
@require_POST
def rate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep how far a goal is."""
    at = timezone.now()
    found, value = _goal(request, pk, at=at), request.POST.get("value", "")
    messages.info(request, rated(found, value, by=request.user, at=at))
    return redirect("me_together")


@for_audience(Audience.PATIENT, Category.PLAN, Action.WRITE, of="formulation.Goal")
@require_POST
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that a goal is reached, or set aside."""
    at = timezone.now()
    found, state = _goal(request, pk, at=at), request.POST.get("state", "")
    messages.info(request, closed(found, state, by=request.user, at=at))
    return redirect("me_together")


def _version(request: SignedInRequest, pk: UUID, *, at: datetime) -> Formulation:
    patient = own_record(request.user, at=at)
    mine = formulations_visible_to(request.user, at=at).filter(patient=patient)
    return get_object_or_404(mine, pk=pk)


def _goal(request: SignedInRequest, pk: UUID, *, at: datetime) -> Goal:
    patient = own_record(request.user, at=at)
    return get_object_or_404(
        goals_visible_to(request.user, at=at).filter(patient=patient), pk=pk
    )
