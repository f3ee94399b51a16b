"""Entering a paper form: choose it, type it, look at it once more, keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.policies import check_can_record
from securebase.clinic.measurement.queries import responses_visible_to
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.clinic.measurement.targets import targets_of
from securebase.clinic.measurement.wordings import words_of
from securebase.pages.clinician.entered import Line, lines_of, missing_in, scores_in_words
from securebase.pages.clinician.entry_form import EntryForm
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.how_answered import how_answered
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.errors import ScienceError
from securebase.science.groups import put_together
from securebase.science.library import instrument, instruments
from securebase.science.scoring import score
from securebase.science.words import Instrument, Wording
from securebase.stories.enter_answers import (
    checked,
    days_late,
    enter_answers,
    enterable,
    has_twin,
)
from securebase.stories.what_follows import STILL_NEW

LATELY = 12
"""Papers entered last that can be looked at again from here."""
FALLBACK = "en"
KEPT_ALREADY = (
    "This form was kept already, with other answers. Open it afresh to enter another."
)


@dataclass(frozen=True, slots=True)
class Look:
    """A form before it is kept: its answers, what is missing, and what it scores."""

    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    marked: tuple[Line, ...]
    scores: tuple[str, ...]
    days_late: int
    is_old: bool
    """Too old to say anything about today."""
    twin: bool
    """Whether a form of this instrument and day is in the record."""


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="care.Patient")
@require_safe
@in_practice_time
def choose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List what can be entered, and what was entered lately."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    check_can_record(request.user, patient, Response.Source.PAPER, at=at)
    papers = responses_visible_to(request.user, at=at).filter(
        patient=patient, source=Response.Source.PAPER
    )
    context = {
        "patient": patient,
        "forms": [
            (one, len(put_together(one.items)))
            for one in instruments().values()
            if enterable(one)
        ],
        "papers": [
            (paper, instrument(paper.instrument).name)
            for paper in papers.order_by("-recorded_at")[:LATELY]
        ],
    }
    return render(request, "clinician/entry_choose.html", context)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def enter(request: SignedInRequest, pk: UUID, slug: str) -> HttpResponse:
    """Show the form, then what was typed, then keep it once confirmed."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    check_can_record(request.user, patient, Response.Source.PAPER, at=at)
    form = _form(request, patient, _asked(slug), at=at)
    do = request.POST.get("do", "look")
    if form.is_bound and do != "change" and form.is_valid():
        try:
            sheet = checked(form.paper(), patient=patient, at=at)
            if do == "keep":
                return _keep(request, form, patient, at=at)
            return _look(request, form, sheet, patient, at=at)
        except ScienceError as refused:
            form.add_error(None, str(refused))
        except PermissionDenied:
            form.add_error(None, KEPT_ALREADY)
    return form_page(request, "clinician/entry.html", form, _shown(form, patient))


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="measurement.Response")
@require_safe
@in_practice_time
def entered(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one form that was answered: its answers, its scores, and how it came here."""
    at = timezone.now()
    theirs = responses_visible_to(request.user, at=at).filter(
        patient__in=patients_treated_by(request.user, at=at).values("pk")
    )
    response = get_object_or_404(theirs.select_related("patient", "recorded_by"), pk=pk)
    asked, patient = instrument(response.instrument), response.patient
    lines = lines_of(asked, _wording(asked, patient), response.answers, response.safety)
    context = {
        "response": response,
        "patient": patient,
        "asked": asked,
        "lines": lines,
        "marked": [line for line in lines if line.marked],
        "scores": scores_in_words(asked, response.scores.all()),
        "days_late": days_late(response, zone=patient.time_zone),
        "how": how_answered(response) if response.answers else [],
    }
    return render(request, "clinician/entered.html", context)


def _asked(slug: str) -> Instrument:
    asked = instruments().get(slug)
    if asked is None or not enterable(asked):
        raise Http404
    return asked


def _wording(asked: Instrument, patient: Patient) -> Wording | None:
    """Return the words that may be shown here; None leaves the numbers of the paper."""
    words = words_of(asked)
    return words.get(patient.language) or words.get(FALLBACK)


def _form(
    request: SignedInRequest, patient: Patient, asked: Instrument, *, at: datetime
) -> EntryForm:
    today = timezone.localdate(at, ZoneInfo(patient.time_zone))
    return EntryForm(
        request.POST if request.method == "POST" else None,
        asked=asked,
        wording=_wording(asked, patient),
        targets=list(targets_of(patient)) if asked.target else (),
        initial={"filled_on": today, "key": uuid4()},
    )


def _shown(form: EntryForm, patient: Patient) -> dict[str, Any]:
    rows = form.rows()
    return {
        "patient": patient,
        "form": form,
        "asked": form.asked,
        "wording": form.wording,
        "rows": rows,
        "scales": list(_labels(form)),
        "boxes": any(row.boxes for row in rows),
        "answers": any(row.options for row in rows),
        "by_ten": any(option.key == "t" for row in rows for option in row.options),
    }


def _labels(form: EntryForm) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield the answer labels of each scale once, to be read above the rows."""
    if form.wording:
        for scale in dict.fromkeys(one.scale for one in form.asked.items if not one.group):
            if labels := form.wording.answers.get(scale):
                yield tuple(sorted(labels.items()))


def _look(
    request: SignedInRequest,
    form: EntryForm,
    sheet: AnswerSheet,
    patient: Patient,
    *,
    at: datetime,
) -> HttpResponse:
    result = score(form.asked, sheet.answers)
    lines = lines_of(form.asked, form.wording, sheet.answers, result.safety, sheet.texts)
    day = sheet.answered_at.astimezone(ZoneInfo(patient.time_zone)).date()
    today = timezone.localdate(at, ZoneInfo(patient.time_zone))
    look = Look(
        lines=tuple(lines),
        missing=missing_in(form.asked, sheet.answers),
        marked=tuple(line for line in lines if line.marked),
        scores=tuple(scores_in_words(form.asked, result.scores)),
        days_late=(today - day).days,
        is_old=sheet.answered_at <= at - STILL_NEW,
        twin=has_twin(sheet, patient=patient),
    )
    context = _shown(form, patient) | {"look": look, "day": day}
    return render(request, "clinician/entry_look.html", context)


def _keep(
    request: SignedInRequest, form: EntryForm, patient: Patient, *, at: datetime
) -> HttpResponse:
    response = enter_answers(patient=patient, form=form.paper(), by=request.user, at=at)
    messages.success(request, f"{form.asked.name} kept.")
    return redirect("desk_response", pk=response.pk)
