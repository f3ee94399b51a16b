"""Sessions and strains: plan, note how it went, notice a rupture."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.therapy.actions import How, note_rupture, plan_session
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import RuptureForm, SessionClosedForm, SessionForm
from securebase.pages.clinician.wording import clock, day
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.words import Tier
from securebase.stories.begin_session import LATE, begin_session
from securebase.stories.close_session import close_session
from securebase.stories.plan_next import usual_next


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Begin a session with somebody, or plan the next one."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), SessionForm(request.POST)
    if request.method != "POST":
        return _choose(request, patient, at=at)
    if request.POST.get("do") == "begin":
        begun = begin_session(patient=patient, by=request.user, at=at)
        return redirect("desk_session", pk=begun.pk)
    if not form.is_valid():
        messages.warning(request, "Not planned: a session needs a day, a time and its minutes.")
        return redirect("desk_person", pk=pk)
    said = form.cleaned_data
    session = plan_session(
        patient=patient,
        clinician=request.user,
        starts_at=timezone.make_aware(datetime.combine(said["day"], said["time"])),
        minutes=said["minutes"],
        by=request.user,
        at=at,
    )
    messages.success(
        request, f"Planned for {day(session.starts_at)}, {clock(session.starts_at)}."
    )
    return redirect("desk_person", pk=pk)


def _choose(request: SignedInRequest, patient: Patient, *, at: datetime) -> HttpResponse:
    """Show the sessions that are planned, and offer to begin or plan one."""
    note_read(patient=patient, by=request.user, at=at)
    planned = sessions_visible_to(request.user, at=at).filter(
        patient=patient, state=TherapySession.State.PLANNED, starts_at__gt=at - LATE
    )
    usual = usual_next(patient, at=at)
    context = {
        "patient": patient,
        "coming": planned.order_by("starts_at"),
        "usual": usual,
        "form": SessionForm(initial=asdict(usual) if usual else None, label_suffix=""),
    }
    return render(request, "clinician/session_new.html", context)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="therapy.TherapySession")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask how a session went, and note it: one word, and a minute more if there is one."""
    at = timezone.now()
    theirs = sessions_visible_to(request.user, at=at).filter(
        patient__in=patients_treated_by(request.user, at=at).values("pk")
    )
    session, form = get_object_or_404(theirs, pk=pk), SessionClosedForm(request.POST or None)
    if not form.is_valid():
        context = {"session": session, "patient": session.patient}
        return form_page(request, "clinician/session_closed.html", form, context)
    state = form.cleaned_data["state"]
    signals = close_session(
        session=session, state=state, by=request.user, at=at, minute=form.minute()
    )
    messages.success(request, f"Noted: the session was {state}.")
    if any(signal.tier != Tier.INFO for signal in signals):
        messages.info(request, "Something here is worth a look.")
    return redirect("desk_person", pk=session.patient_id)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="care.Patient")
@require_POST
@in_practice_time
def rupture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note a strain in the working relationship."""
    at = timezone.now()
    patient, form = find_patient(request, pk, at=at), RuptureForm(request.POST)
    if form.is_valid():
        note_rupture(
            patient=patient,
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
            how=How(form.cleaned_data["marker"], _noticed(request)),
            by=request.user,
            at=at,
        )
        messages.success(request, "Noted. It stays open until it is repaired.")
    else:
        messages.warning(
            request, "Not noted: choose how it showed, and a sign of the same family."
        )
    return redirect(_back(request, patient_id=pk))


def _noticed(request: SignedInRequest) -> Rupture.Source:
    """Return what made the clinician note a strain: a rating, if the form was on its page."""
    on_signal = request.POST.get("back", "").startswith("/desk/signals/")
    return Rupture.Source.RATING if on_signal else Rupture.Source.CLINICIAN


def _back(request: SignedInRequest, *, patient_id: UUID) -> str:
    """Return the page the form was on, if it is one of ours, else the person's."""
    back = request.POST.get("back", "")
    if back.startswith("/desk/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("desk_person", args=[patient_id])
