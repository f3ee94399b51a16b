"""The frame of the work: when check-ins are read, and which phase of care this is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.actions import promise_reading
from securebase.clinic.care.language import choose_language
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.episodes.actions import change_phase
from securebase.clinic.episodes.models import Episode
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.therapy.actions import agree_interval
from securebase.clinic.therapy.queries import interval_agreed
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import WEEKDAYS, IntervalForm, TimeInput
from securebase.pages.clinician.overtaken import Both, Meeting, mark_sent, overtaken, seen_by
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.people.post.languages import spoken_here
from securebase.stories.write_over import (
    Look,
    Overtaken,
    Stands,
    interval_of,
    phase_of,
    reading_of,
    write_over,
)


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


class LanguageForm(AskingForm):
    """Which language the person's pages and mails speak."""

    language = forms.ChoiceField(choices=lambda: list(spoken_here().items()))


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
        return _over(
            request,
            patient,
            Writing(
                look=partial(reading_of, bond),
                act=lambda: promise_reading(
                    care=bond, by=request.user, at=at, **form.cleaned_data
                ),
                told=lambda: Both(
                    "When check-ins are read", _reading(bond), _promise(**form.cleaned_data)
                ),
                said="Promised. The patient sees it on their first page.",
            ),
        )
    context = {
        "patient": patient,
        "bond": bond,
        "episode": episode,
        "phase_form": PhaseForm(initial={"phase": episode.phase}) if episode else None,
        "language_form": LanguageForm(initial={"language": patient.language}),
        "interval_form": IntervalForm(initial={"days": agreed.days} if agreed else {}),
        "changes": episode.phase_changes.all() if episode else [],
        "marks": {
            "reading": seen_by(request, reading_of(bond) if bond else Stands()),
            "phase": (phase_of(episode) if episode else Stands()).mark,
            "interval": interval_of(patient).mark,
        },
    }
    return form_page(request, "clinician/frame.html", form, context)


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
        chosen = Episode.Phase(form.cleaned_data["phase"])
        return _over(
            request,
            patient,
            Writing(
                look=partial(phase_of, episode),
                act=lambda: change_phase(episode=episode, phase=chosen, by=request.user, at=at),
                told=lambda: Both(
                    "Phase of care", episode.get_phase_display(), str(chosen.label)
                ),
                said="Noted. The charts show it from today on.",
            ),
        )
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
        return _over(
            request,
            patient,
            Writing(
                look=partial(interval_of, patient),
                act=lambda: agree_interval(patient=patient, days=days, by=request.user, at=at),
                told=lambda: Both("How often you meet", _interval(patient), f"{days} days"),
                said=f"Kept: {days} days between sessions.",
            ),
        )
    messages.warning(request, "Not kept: give the days between sessions, 1 to 365.")
    return redirect("desk_frame", pk=pk)


@dataclass(frozen=True, slots=True)
class Writing:
    """One change of the frame: over what, the act, both in words, and what is said then."""

    look: Look
    act: Callable[[], object]
    told: Callable[[], Both]
    said: str


def _over(request: SignedInRequest, patient: Patient, writing: Writing) -> HttpResponse:
    """Do it over what was read; show both if somebody was here first."""
    back = reverse("desk_frame", args=[patient.pk])
    try:
        write_over(patient=patient, seen=mark_sent(request), look=writing.look, act=writing.act)
    except Overtaken as first:
        return overtaken(request, Meeting(patient, first.now, [writing.told()], back))
    messages.success(request, writing.said)
    return redirect(back)


def _reading(bond: Care) -> str:
    bond.refresh_from_db()
    return _promise(bond.reading_days, bond.reading_by)


def _promise(days: Iterable[int], reading_by: time) -> str:
    names = dict(WEEKDAYS)
    return f"{', '.join(names[day] for day in sorted(days))}, by {reading_by:%H:%M}"


def _interval(patient: Patient) -> str:
    agreed = interval_agreed(patient)
    return f"{agreed.days} days" if agreed else "Nothing agreed."


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def language(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep which language the person's pages and mails speak."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), LanguageForm(request.POST)
    if form.took(
        lambda: choose_language(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept. Their pages and mails speak it from now on.")
    else:
        messages.warning(request, "Not kept: choose one of the languages.")
    return redirect("desk_frame", pk=pk)
