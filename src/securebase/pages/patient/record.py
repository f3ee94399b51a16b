"""The patient's own record: who has seen it, and asking about what looks wrong."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.record_forms import ConcernForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.seen import shown, wanted_of
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.stories.raise_concern import answer_within, own_concerns, raise_concern
from securebase.stories.read_trail import events_visible_to, line_of, read_trail


@for_audience(Audience.PATIENT, Category.AUDIT)
@require_safe
def record(request: SignedInRequest) -> HttpResponse:
    """Show the ways into the record, and what was asked and answered."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    asked = own_concerns(patient=patient, by=request.user, at=at)
    context = {"asked": asked, "home": Link("Home", reverse("me_home"))}
    return show(request, "patient/record.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.AUDIT)
@require_safe
def seen(request: SignedInRequest) -> HttpResponse:
    """Show who has seen the record, by day and person."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    found = read_trail(patient=patient, wanted=wanted_of(request.GET), by=request.user, at=at)
    context = shown(found) | {"back": Link("Your record", reverse("me_record"))}
    return show(request, "patient/record_seen.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.AUDIT, of="audit.AuditEvent")
@require_http_methods(["GET", "HEAD", "POST"])
def unknown(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask the practice about one line."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    event = get_object_or_404(events_visible_to(request.user, patient, at=at), number=number)
    line = line_of(event, patient=patient, you=request.user)
    form = ConcernForm(request.POST or None, label_suffix="")
    if line.concern is not None:
        return redirect("me_record")
    if form.took(
        lambda: raise_concern(
            patient=patient, event=event, by=request.user, at=at, **form.cleaned_data
        )
    ):
        messages.success(request, "Sent. The answer will be on this page.")
        return redirect("me_record")
    context = {
        "line": line,
        "by": at + answer_within(),
        "reader": _reader(patient, at=at),
        "back": Link("Who has seen it", reverse("me_seen")),
    }
    return show(request, "patient/record_unknown.html", context, patient=patient, form=form)


def _reader(patient: Patient, *, at: datetime) -> str:
    bond = bond_of_record(patient, at=at)
    return bond.clinician.get_full_name() if bond else ""
