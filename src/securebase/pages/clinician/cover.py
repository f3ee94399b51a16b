"""Cover: naming a colleague who stands in, for one person or for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.cover import (
    arrange_cover,
    bonds_of_record,
    can_end_cover,
    colleagues_of,
    covers_arranged_by,
    covers_not_over,
    end_cover,
)
from securebase.clinic.care.days import last_day
from securebase.clinic.care.models import Care, Patient
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import ColleagueForm, DaysForm
from securebase.people.access.words import Action, Category
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_today import zone_of_practice

KEPT = "Arranged. {who} told on the first page."


class CoverForm(ColleagueForm, DaysForm):
    """Which colleague, and from which day to which."""

    field_order = ("colleague", "first", "last")


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def cover_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let a colleague cover for one person."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    if not bonds_of_record(request.user, at=at).filter(patient=patient).exists():
        raise Http404
    return _cover(request, [patient], at=at, patient=patient)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def cover_all(request: SignedInRequest) -> HttpResponse:
    """Let a colleague cover for everybody, as during an absence."""
    at = timezone.now()
    bonds = bonds_of_record(request.user, at=at).select_related("patient")
    return _cover(request, [bond.patient for bond in bonds], at=at)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Care")
@require_POST
@in_practice_time
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a cover before its day."""
    at = timezone.now()
    cover = get_object_or_404(covers_not_over(at=at), pk=pk)
    if not can_end_cover(request.user, cover, at=at):
        raise Http404
    end_cover(cover=cover, by=request.user, at=at)
    messages.success(request, "Ended. The record is closed to the covering clinician.")
    return redirect("desk_cover")


def _cover(
    request: SignedInRequest,
    patients: Sequence[Patient],
    *,
    at: datetime,
    patient: Patient | None = None,
) -> HttpResponse:
    form = CoverForm(request.POST or None, by=request.user)
    if form.took(
        lambda: arrange_cover(
            patients=patients,
            colleague=form.cleaned_data["colleague"],
            days=form.days(zone_of_practice().key),
            by=request.user,
            at=at,
        )
    ):
        who = "The patient is" if len(patients) == 1 else f"All {len(patients)} patients are"
        messages.success(request, KEPT.format(who=who))
        return redirect("desk_cover")
    arranged = covers_arranged_by(request.user, at=at)
    held = covers_not_over(at=at).filter(clinician=request.user)
    context = {
        "patient": patient,
        "people": len(patients),
        "somebody": colleagues_of(request.user).exists(),
        "arranged": _rows(arranged.filter(patient=patient) if patient else arranged, at=at),
        "held": [] if patient else _rows(held, at=at),
    }
    return form_page(request, "clinician/cover.html", form, context)


def _rows(covers: Sequence[Care] | Any, *, at: datetime) -> list[dict[str, Any]]:
    """Return covers for the page: whom, by whom, from when until when."""
    found, zone = list(covers), zone_of_practice().key
    hold_keys([cover.patient_id for cover in found] + [c.clinician_id for c in found])
    return [
        {
            "cover": cover,
            "now": cover.since <= at,
            "last": last_day(cover.until, zone) if cover.until else None,
        }
        for cover in found
    ]
