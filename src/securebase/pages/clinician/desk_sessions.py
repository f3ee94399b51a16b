"""The therapy desk: the sessions of the day, the brief before one, and the hour itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.care.actions import note_list_read, note_read
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.notes.policies import can_sign, can_write
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.policies import can_notice
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.clinic.therapy.working import (
    CLOSING_MINUTES,
    agenda_visible_to,
    bring,
    note_skill,
    tick,
)
from securebase.pages.clinician.answers import heard
from securebase.pages.clinician.changes import changes, since_words
from securebase.pages.clinician.forms import RuptureForm
from securebase.pages.clinician.note_forms import (
    AgendaForm,
    BeginForm,
    NoteForm,
    PromiseForm,
    SkillForm,
)
from securebase.pages.clinician.wording import says
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.exercises import exercise
from securebase.stories.begin_note import begin_note
from securebase.stories.brief_before import Brief, brief_before
from securebase.stories.list_sessions import list_sessions


@for_audience(Audience.CLINICIAN, Category.SCHEDULE)
@require_safe
@in_practice_time
def sessions(request: SignedInRequest) -> HttpResponse:
    """Show the sessions of these days, what of them is still to write, and what follows."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    context = {"listed": list_sessions(user=request.user, at=at), "now": at}
    return render(request, "clinician/desk_sessions.html", context)


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="therapy.TherapySession")
@require_safe
@in_practice_time
def before(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the two-minute brief before a session."""
    at = timezone.now()
    brief = _brief(request, pk, at=at)
    return render(request, "clinician/brief.html", _shown(brief))


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="therapy.TherapySession")
@require_safe
@in_practice_time
def hour(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the session itself: agenda and clock, the work, and the person."""
    at = timezone.now()
    brief = _brief(request, pk, at=at)
    return render(request, "clinician/hour.html", _hour(request, brief, at=at))


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="therapy.TherapySession")
@require_POST
@in_practice_time
def begin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Begin the note of a session, in the shape chosen."""
    at = timezone.now()
    session, form = _session(request, pk, at=at), BeginForm(request.POST)
    shape = form.cleaned_data["shape"] if form.is_valid() else ""
    begin_note(patient=session.patient, session=session, shape=shape, by=request.user, at=at)
    return redirect("desk_session", pk=pk)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="therapy.TherapySession")
@require_POST
@in_practice_time
def agenda(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put something on the agenda."""
    at = timezone.now()
    session, form = _session(request, pk, at=at), AgendaForm(request.POST)
    if not form.took(
        lambda: bring(patient=session.patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.warning(request, "Not added: write a few words, at most 500 characters.")
    return redirect("desk_session", pk=pk)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="therapy.AgendaItem")
@require_POST
def done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Tick something off the agenda."""
    at = timezone.now()
    item = get_object_or_404(agenda_visible_to(request.user, at=at), pk=pk)
    tick(item=item, by=request.user, at=at)
    session = request.POST.get("session", "")
    mine = sessions_visible_to(request.user, at=at).filter(patient=item.patient_id)
    found = next((one for one in mine if str(one.pk) == session), None)
    if found is None:
        return redirect("desk_person", pk=item.patient_id)
    return redirect("desk_session", pk=found.pk)


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="therapy.TherapySession")
@require_POST
@in_practice_time
def skill(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note a skill that was practised, with distress before and after it."""
    at = timezone.now()
    session, form = _session(request, pk, at=at), SkillForm(request.POST)
    if form.took(
        lambda: note_skill(session=session, skill=form.skill(), by=request.user, at=at)
    ):
        messages.success(request, "The skill is noted.")
    else:
        messages.warning(request, "Not noted: choose a skill and ratings from 0 to 10.")
    return redirect("desk_session", pk=pk)


def _session(request: SignedInRequest, pk: UUID, *, at: datetime) -> TherapySession:
    treated = patients_treated_by(request.user, at=at).values("pk")
    theirs = sessions_visible_to(request.user, at=at).filter(patient__in=treated)
    return get_object_or_404(theirs.select_related("patient", "clinician"), pk=pk)


def _brief(request: SignedInRequest, pk: UUID, *, at: datetime) -> Brief:
    session = _session(request, pk, at=at)
    note_read(patient=session.patient, by=request.user, at=at)
    return brief_before(session=session, user=request.user, at=at)


def _shown(brief: Brief) -> dict[str, Any]:
    record, last = brief.record, brief.last
    answered = record.answered[:1]
    return {
        "brief": brief,
        "session": brief.session,
        "patient": record.patient,
        "since": since_words(record),
        "changes": changes(record),
        "heard": [(one, heard(one)) for one in answered],
        "reasons": [(noticed.signal, says(noticed.signal)) for noticed in record.noticed],
        "taught": [(one, exercise(one.exercise)) for one in brief.taught_last],
        "last": last,
        "now": record.at,
    }


def _hour(request: SignedInRequest, brief: Brief, *, at: datetime) -> dict[str, Any]:
    user, session = request.user, brief.session
    draft = brief.drafts[0] if brief.drafts else None
    closing = session.ended_at - timedelta(minutes=CLOSING_MINUTES)
    return _shown(brief) | {
        "draft": draft,
        "form": NoteForm(draft, user) if draft else None,
        "may_sign": draft is not None and can_sign(user, draft, at=at),
        "begin_form": BeginForm() if can_write(user, session.patient, at=at) else None,
        "agenda_form": AgendaForm(),
        "skill_form": SkillForm(),
        "rupture_form": RuptureForm() if can_notice(user, session.patient, at=at) else None,
        "promise_form": PromiseForm(),
        "taught_now": [(one, exercise(one.exercise)) for one in brief.taught_now],
        "closing_at": closing,
        "closing_ms": int(closing.timestamp() * 1000),
        "closing": closing <= at < session.ended_at,
    }
