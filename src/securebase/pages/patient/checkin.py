"""A check-in around its questions: before it, the look back, the sending, and after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.policies import can_answer
from securebase.clinic.checkins.queries import (
    checkins_visible_to,
    next_checkin,
    open_checkin,
)
from securebase.clinic.checkins.questions import Value, may_follow, minutes_of, questions_of
from securebase.pages.patient.moments import own_record, reader_of, show
from securebase.pages.patient.sheet import Sheet
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category
from securebase.stories.submit_checkin import submit_checkin

if TYPE_CHECKING:
    from securebase.people.accounts.models import User


def own_checkin(user: User, pk: UUID, *, at: datetime) -> CheckIn:
    """Return a check-in of the person who asks; 404 for anybody else's."""
    mine = checkins_visible_to(user, at=at).filter(patient__account=user)
    return get_object_or_404(mine.select_related("patient", "draft"), pk=pk)


def sheet_of(checkin: CheckIn, *, by: User) -> Sheet:
    """Return the questions of a check-in with what has been kept of the answers."""
    draft = read_draft(checkin=checkin, by=by)
    given: dict[str, Value] = {**draft["answers"], **draft["texts"]}
    questions = questions_of(checkin, given)
    return Sheet(
        questions=questions,
        given=given,
        more=may_follow(checkin, questions),
        place=draft["place"] + 1,
        kept_at=getattr(getattr(checkin, "draft", None), "kept_at", None),
    )


def go_on_url(checkin: CheckIn, sheet: Sheet) -> str:
    """Return the address of the place where the patient left off."""
    if sheet.place > len(sheet):
        return reverse("me_review", kwargs={"pk": checkin.pk})
    return reverse("me_question", kwargs={"pk": checkin.pk, "number": sheet.place})


def told_before(checkin: CheckIn, *, by: User, at: datetime) -> dict[str, Any]:
    """Return what somebody is told before the questions: how many, how long, who reads."""
    sheet = sheet_of(checkin, by=by)
    return {
        "checkin": checkin,
        "sheet": sheet,
        "go_on_url": go_on_url(checkin, sheet),
        "minutes": minutes_of(checkin),
        "about": list(dict.fromkeys(q.about for q in sheet.questions if q.about)),
        "notes": list(dict.fromkeys(q.content_note for q in sheet.questions if q.content_note)),
        "reader": reader_of(checkin.patient, after=at, at=at),
    }


@for_audience(Audience.PATIENT, Category.SCHEDULE)
@require_safe
def before(request: SignedInRequest) -> HttpResponse:
    """Say what a check-in will ask and who reads it, before anything is asked."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    checkin = open_checkin(patient, at=at)
    if checkin is None:
        coming = {"next_checkin": next_checkin(patient, at=at)}
        return show(request, "patient/checkin_none.html", coming, patient=patient)
    context = told_before(checkin, by=request.user, at=at) | {"not_now_url": reverse("me_home")}
    return show(request, "patient/checkin_before.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.SCHEDULE, of="checkins.CheckIn")
@require_safe
def kept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say that everything is kept and until when the patient may come back."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    if not can_answer(request.user, checkin, at=at):
        return over(request, checkin, at=at)
    sheet = sheet_of(checkin, by=request.user)
    context = {"checkin": checkin, "sheet": sheet, "go_on_url": go_on_url(checkin, sheet)}
    return show(request, "patient/checkin_kept.html", context, patient=checkin.patient)


@for_audience(Audience.PATIENT, Category.MEASURE, of="checkins.CheckIn")
@require_safe
def review(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show every answer before it is sent."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    if not can_answer(request.user, checkin, at=at):
        return over(request, checkin, at=at)
    context = {
        "checkin": checkin,
        "lines": list(sheet_of(checkin, by=request.user).lines()),
        "reader": reader_of(checkin.patient, after=at, at=at),
    }
    return show(request, "patient/checkin_review.html", context, patient=checkin.patient)


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE, of="checkins.CheckIn")
@require_POST
def send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send the answers; sending again, from any device, is the same sending.

    The key comes from the check-in itself, so that a double tap, a replayed request and
    a second device all carry the same one.
    """
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    try:
        submit_checkin(checkin=checkin, key=uuid5(checkin.pk, "send"), by=request.user, at=at)
    except PermissionDenied:
        checkin.refresh_from_db()
        return over(request, checkin, at=at)
    return redirect("me_sent", pk=checkin.pk)


def over(
    request: SignedInRequest, checkin: CheckIn, *, at: datetime, words: str = ""
) -> HttpResponse:
    """Say calmly that no answer can be added, and give back what was just written."""
    sent = checkin.state == CheckIn.State.SUBMITTED
    if sent and not words:
        return redirect("me_sent", pk=checkin.pk)
    context = {
        "checkin": checkin,
        "sent": sent,
        "words": words,
        "reader": reader_of(checkin.patient, after=at, at=at),
        "next_checkin": next_checkin(checkin.patient, at=at),
    }
    return show(
        request, "patient/checkin_over.html", context, patient=checkin.patient, status=409
    )
