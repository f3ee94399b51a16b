"""Why?: everything behind a signal, and what one may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to
from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.following import in_science_words
from securebase.clinic.episodes.models import Signal, SignalAct
from securebase.clinic.episodes.policies import can_act
from securebase.clinic.episodes.queries import signals_visible_to
from securebase.clinic.therapy.queries import ruptures_visible_to
from securebase.pages.clinician.forms import CloseForm, LaterForm, ReasonForm, RuptureForm
from securebase.pages.clinician.made_of import made_of
from securebase.pages.clinician.overtaken import Both, Meeting, mark_sent, overtaken, seen_by
from securebase.pages.clinician.wording import STATES, day, offer_card, says, source_line
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import SuggestionCard
from securebase.people.access.words import Action, Category
from securebase.science.calibrate.telling import told_of
from securebase.science.signals.explain import explain
from securebase.science.words import Kind
from securebase.stories.match_pattern import region_wished_for
from securebase.stories.open_record import course_behind, offers_of, read_signal
from securebase.stories.write_over import Overtaken, acts_on, write_over

MORNING = time(6, 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do about a signal, and what they read once it is done."""

    act: str
    at: datetime
    said: str
    more: Mapping[str, Any] = field(default_factory=dict)
    """What belongs to the act: a reason, its code, a moment."""


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
    said = "Noted as seen. It stays open on this person's page."
    return _done(request, signal, Wanted("seen", at, said))


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def disagree(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep that the clinician doubts a signal, and why."""
    at = timezone.now()
    signal, form = find_signal(request, pk, at=at), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, signal, disagree=form)
    said = "Your doubt is kept with the signal."
    return _done(request, signal, Wanted("disagreed", at, said, form.cleaned_data))


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close a signal with a reason."""
    at = timezone.now()
    signal, form = find_signal(request, pk, at=at), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, signal, close=form)
    said = "Closed. It stays in the timeline with your reason."
    return _done(request, signal, Wanted("closed", at, said, form.cleaned_data))


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_POST
@in_practice_time
def reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Open a closed signal again."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    return _done(request, signal, Wanted("reopened", at, "Open again, and back on Today."))


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="episodes.Signal")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def later(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put a signal off until a day; from Today this is one choice and back."""
    at = timezone.now()
    signal = find_signal(request, pk, at=at)
    form = LaterForm(request.POST) if request.method == "POST" else LaterForm()
    if not form.is_valid():
        mark = seen_by(request, acts_on(signal))
        context = {"signal": signal, "line": says(signal), "mark": mark}
        return form_page(request, "clinician/later.html", form, context)
    until = timezone.make_aware(datetime.combine(form.cleaned_data["day"], MORNING))
    said = f"Put off. It comes back on {day(until)}."
    return _done(request, signal, Wanted("later", at, said, {"later_until": until}))


def _done(request: SignedInRequest, signal: Signal, wanted: Wanted) -> HttpResponse:
    """Do it over what was read of the signal; show both if somebody was here first."""
    try:
        write_over(
            patient=signal.patient,
            seen=mark_sent(request),
            look=partial(acts_on, signal),
            act=lambda: act_on_signal(
                signal=signal, act=wanted.act, by=request.user, at=wanted.at, **wanted.more
            ),
        )
    except Overtaken as first:
        return overtaken(request, _met(request, signal, wanted, first))
    messages.success(request, wanted.said)
    if wanted.act == SignalAct.Act.LATER:
        return redirect("desk_today")
    return redirect("desk_signal", pk=signal.pk)


def _met(request: SignedInRequest, signal: Signal, wanted: Wanted, first: Overtaken) -> Meeting:
    """Return what was done about a signal, and what was to be done."""
    signal.refresh_from_db()
    held = signal.acts.last()
    mine = SignalAct(signal=signal, act=wanted.act, reason=wanted.more.get("reason", ""))
    return Meeting(
        signal.patient,
        first.now,
        [Both(says(signal), _in_words(held) if held else "Nothing was done.", _in_words(mine))],
        reverse("desk_signal", args=[signal.pk]),
        may_still=can_act(request.user, signal, wanted.act, at=wanted.at),
    )


def _in_words(act: SignalAct) -> str:
    return "\n".join(filter(None, [str(act.get_act_display()).capitalize(), act.reason]))


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
            "mark": seen_by(request, acts_on(signal)),
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
