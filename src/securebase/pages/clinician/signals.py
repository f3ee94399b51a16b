"""Why?: everything behind a signal, and what one may do about it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to
from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.following import in_science_words
from securebase.clinic.episodes.models import Signal
from securebase.clinic.episodes.queries import signals_visible_to
from securebase.clinic.therapy.queries import ruptures_visible_to
from securebase.pages.clinician.finding import in_practice_time
from securebase.pages.clinician.forms import CloseForm, LaterForm, ReasonForm, RuptureForm
from securebase.pages.clinician.made_of import made_of
from securebase.pages.clinician.wording import STATES, day, offer_card, says, source_line
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import SuggestionCard
from securebase.people.access.words import Action, Category
from securebase.science.calibrate.telling import told_of
from securebase.science.signals.explain import explain
from securebase.science.words import Kind
from securebase.stories.match_pattern import region_wished_for
from securebase.stories.open_record import course_behind, offers_of, read_signal

MORNING = time(6, 0)
FORMS: dict[str, type[Form]] = {"disagree": ReasonForm, "close": CloseForm, "later": LaterForm}


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="episodes.Signal")
@require_safe
@in_practice_time
def why(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what a signal rests on, how often such signals are wrong, and what may help."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    read_signal(signal=signal, by=request.user, at=at)
    return _page(request, signal)


def find_signal(request: SignedInRequest, pk: UUID, *, at: datetime) -> Signal:
    """Return a signal of somebody in this clinician's care, or answer 404."""
    signals = signals_visible_to(request.user, at=at).select_related("patient", "episode")
    return get_object_or_404(signals, pk=pk)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def seen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Acknowledge a signal: it was seen and stays on the person's page."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    act_on_signal(signal=signal, act="seen", by=request.user, at=at)
    messages.success(request, "Noted as seen. It stays open on this person's page.")
    return redirect("desk_signal", pk=pk)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def disagree(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep that the clinician doubts a signal, and why."""
    at = timezone.now()
    signal, form = find_signal(request, pk, at=at), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, signal, disagree=form)
    act_on_signal(
        signal=signal,
        act="disagreed",
        by=request.user,
        at=at,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, "Your doubt is kept with the signal.")
    return redirect("desk_signal", pk=pk)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close a signal with a reason."""
    at = timezone.now()
    signal, form = find_signal(request, pk, at=at), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, signal, close=form)
    act_on_signal(
        signal=signal,
        act="closed",
        by=request.user,
        at=at,
        reason_code=form.cleaned_data["reason_code"],
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, "Closed. It stays in the timeline with your reason.")
    return redirect("desk_signal", pk=pk)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Open a closed signal again."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    act_on_signal(signal=signal, act="reopened", by=request.user, at=at)
    messages.success(request, "Open again, and back on Today.")
    return redirect("desk_signal", pk=pk)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def later(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put a signal off until a day; from Today this is one choice and back."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    form = LaterForm(request.POST) if request.method == "POST" else LaterForm()
    if not form.is_valid():
        context = {"signal": signal, "form": form, "line": says(signal)}
        status = 422 if form.is_bound else 200
        return render(request, "clinician/later.html", context, status=status)
    until = timezone.make_aware(datetime.combine(form.cleaned_data["day"], MORNING))
    act_on_signal(signal=signal, act="later", by=request.user, at=at, later_until=until)
    messages.success(request, f"Put off. It comes back on {day(until)}.")
    return redirect("desk_today")


def _page(request: SignedInRequest, signal: Signal, **filled: Form) -> HttpResponse:
    return render(
        request,
        "clinician/why.html",
        {
            "signal": signal,
            "patient": signal.patient,
            "state": STATES[signal.tier],
            "open": signal.state != Signal.State.CLOSED,
            "acts": signal.acts.select_related("by"),
            "cards": _cards(request, signal),
            "forms": {name: filled.get(name, form()) for name, form in FORMS.items()},
            "checkin": _raised_by(request, signal),
            **_explained(signal),
            "made": made_of(course) if (course := course_behind(signal)) else None,
            **_rupture(request, signal),
        },
        status=422 if filled else 200,
    )


def _cards(request: SignedInRequest, signal: Signal) -> list[SuggestionCard]:
    """Return what is offered, with the pattern it may suit if the clinician wishes that."""
    region = region_wished_for(request.user, signal.patient, at=timezone.now())
    return [offer_card(o, region=region) for o in offers_of([signal]).get(signal.pk, ())]


def _raised_by(request: SignedInRequest, signal: Signal) -> CheckIn | None:
    """Return the check-in whose sending raised a signal; None if something else did."""
    theirs = checkins_visible_to(request.user, at=timezone.now())
    return theirs.filter(patient=signal.patient, submitted_at=signal.raised_at).first()


def _explained(signal: Signal) -> dict[str, Any]:
    known = in_science_words(signal)
    said, sessions = explain(known), known.data.get("planned") or known.data.get("session")
    return {
        "why": said,
        "worlds": told_of(known.rule, sessions=float(sessions or 0)),
        "sources": [source_line(source) for source in said.sources],
        "versions": [
            ("Rule", f"{said.rule}, version {said.rule_version}"),
            ("Parameters", said.parameters_version or "none used"),
            ("Texts reviewed", f"{said.reviewed_on:%-d %B %Y}"),
        ],
    }


def _rupture(request: SignedInRequest, signal: Signal) -> dict[str, Any]:
    if signal.kind not in {Kind.RUPTURE, Kind.OPEN_RUPTURE}:
        return {}
    strains = ruptures_visible_to(request.user, at=timezone.now())
    waiting = strains.filter(patient=signal.patient, repaired_at__isnull=True)
    return {"rupture_form": RuptureForm(), "open_ruptures": waiting}
