"""The frame of the work: when check-ins are read, and which phase of care this is."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.actions import promise_reading
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.episodes.actions import change_phase
from securebase.clinic.episodes.models import Episode
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.therapy.actions import agree_interval
from securebase.clinic.therapy.queries import interval_agreed
from securebase.pages.clinician.finding import find_patient, in_practice_time
from securebase.pages.clinician.forms import WEEKDAYS, IntervalForm, TimeInput
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category


class ReadingForm(forms.Form):
    """On which days, and by when, check-ins are read."""

    days = forms.TypedMultipleChoiceField(
        label="Days on which you read",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day; the patient is told."},
    )
    reading_by = forms.TimeField(label="By", widget=TimeInput())


class PhaseForm(forms.Form):
    """Which phase of care the work is in."""

    phase = forms.ChoiceField(
        label="Phase of care", choices=Episode.Phase, widget=forms.RadioSelect
    )


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def frame(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the frame, and keep what is promised about reading."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    bond, episode = bond_of_record(patient, at=at), open_episode_of(patient)
    agreed = interval_agreed(patient)
    promised = bond and {"days": bond.reading_days, "reading_by": bond.reading_by}
    form = ReadingForm(request.POST or None, initial=promised or {})
    if bond and form.is_valid():
        promise_reading(care=bond, by=request.user, at=at, **form.cleaned_data)
        messages.success(request, "Promised. The patient sees it on their first page.")
        return redirect("desk_frame", pk=pk)
    return render(
        request,
        "clinician/frame.html",
        {
            "patient": patient,
            "bond": bond,
            "form": form,
            "episode": episode,
            "phase_form": PhaseForm(initial={"phase": episode.phase}) if episode else None,
            "interval_form": IntervalForm(initial={"days": agreed.days} if agreed else {}),
            "changes": episode.phase_changes.all() if episode else [],
        },
        status=422 if form.errors else 200,
    )


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def phase(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that the work has moved to another phase; the charts show when."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), PhaseForm(request.POST)
    episode = open_episode_of(patient)
    if episode is None:
        raise Http404
    if not form.is_valid():
        messages.warning(request, "Not noted: choose one of the three phases.")
    elif form.cleaned_data["phase"] != episode.phase:
        change_phase(episode=episode, phase=form.cleaned_data["phase"], by=request.user, at=at)
        messages.success(request, "Noted. The charts show it from today on.")
    return redirect("desk_frame", pk=pk)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def interval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep how often sessions are, as agreed; a long gap is then noticed."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), IntervalForm(request.POST)
    if form.is_valid():
        days = form.cleaned_data["days"]
        agree_interval(patient=patient, days=days, by=request.user, at=at)
        messages.success(request, f"Kept: {days} days between sessions.")
    else:
        messages.warning(request, "Not kept: give the days between sessions, 1 to 365.")
    return redirect("desk_frame", pk=pk)
