"""One question on a page: answered, skipped, left and come back to; kept at each step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.checkins.actions import keep_answers, keep_place
from securebase.clinic.checkins.policies import can_answer
from securebase.pages.patient.checkin import over, own_checkin, sheet_of
from securebase.pages.patient.forms import AnswerForm, answer_form, choices_of
from securebase.pages.patient.moments import reader_of, show
from securebase.pages.patient.telling import tell, tell_kept, tell_unfit
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category
from securebase.science.adaptive.forms import form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from securebase.clinic.checkins.models import CheckIn
    from securebase.clinic.checkins.questions import Question, Value
    from securebase.pages.patient.sheet import Sheet

CLOSED = gettext_noop("Not kept: this check-in is closed. Please copy your words.")


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit to one question by the person the check-in belongs to."""

    request: SignedInRequest
    checkin: CheckIn
    sheet: Sheet
    number: int
    question: Question
    at: datetime

    @property
    def wish(self) -> str:
        """Which button was pressed; an answer by itself means going on."""
        return self.request.POST.get("do", "continue")

    @property
    def held(self) -> Value | list[str]:
        """What is kept of the answer so far: of tick boxes, those that are ticked."""
        if self.question.boxes:
            return self.sheet.ticked(self.question)
        return self.sheet.given.get(self.question.ref)

    @property
    def answers(self) -> bool:
        """Whether an answer came along; of tick boxes, none ticked comes as nothing."""
        return bool(self.question.boxes) or "answer" in self.request.POST

    def form(self) -> AnswerForm:
        """Return the question's form, filled with what was sent or else kept."""
        data = self.request.POST if self.request.method == "POST" else None
        return answer_form(self.question, data=data, kept=self.held)


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE, of="checkins.CheckIn")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """Ask one question; keep its answer and go where the patient wants."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    if not can_answer(request.user, checkin, at=at):
        return over(request, checkin, at=at, words=request.POST.get("answer", ""))
    turn = _turn(request, checkin, number, at=at)
    if request.method != "POST":
        return _ask(turn, turn.form())
    form = turn.form()
    if turn.wish != "skip" and not form.is_valid():
        return _ask(turn, form)
    try:
        return _keep_and_go(turn, form)
    except PermissionDenied:
        checkin.refresh_from_db()
        return over(request, checkin, at=at, words=request.POST.get("answer", ""))


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE, of="checkins.CheckIn")
@require_POST
def keep(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    """Keep an answer while it is being written, and say in a few words that it is kept."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    turn = _turn(request, checkin, number, at=at)
    form = turn.form()
    if not form.is_valid():
        return tell_unfit(form)
    try:
        _keep(turn, form.given(), passed=False)
    except PermissionDenied:
        return tell(CLOSED, status=HTTPStatus.CONFLICT)
    return tell_kept(checkin.patient, at=at)


def _turn(request: SignedInRequest, checkin: CheckIn, number: int, *, at: datetime) -> Turn:
    sheet = sheet_of(checkin, by=request.user)
    asked = sheet.question(number)
    if asked is None:
        raise Http404
    return Turn(request, checkin, sheet, number, asked, at)


def _ask(turn: Turn, form: AnswerForm) -> HttpResponse:
    patient = turn.checkin.patient
    context = {
        "checkin": turn.checkin,
        "sheet": turn.sheet,
        "number": turn.number,
        "question": turn.question,
        "choices": choices_of(turn.question),
        "held": turn.held,
        "begins": turn.sheet.begins(turn.number),
        "previous": turn.sheet.before(turn.number),
        "reader": reader_of(patient, after=turn.at, at=turn.at),
    }
    return show(turn.request, "patient/question.html", context, patient=patient, form=form)


@transaction.atomic
def _keep_and_go(turn: Turn, form: AnswerForm) -> HttpResponse:
    """Keep what was given, remember the place, and go there."""
    sheet = turn.sheet
    if turn.wish == "skip":
        sheet = _keep(turn, dict.fromkeys(turn.question.refs), passed=True)
    elif turn.answers:
        sheet = _keep(turn, form.given(), passed=turn.wish == "continue")
    number = _number_after(turn, sheet)
    keep_place(checkin=turn.checkin, place=number - 1, by=turn.request.user, at=turn.at)
    if turn.wish == "stop":
        return redirect("me_kept", pk=turn.checkin.pk)
    if number > len(sheet):
        return redirect("me_review", pk=turn.checkin.pk)
    return redirect("me_question", pk=turn.checkin.pk, number=number)


def _keep(turn: Turn, given: Mapping[str, Value], *, passed: bool) -> Sheet:
    """Keep an answer; an empty one only if the question is passed or held one before."""
    empty = all(value is None for value in given.values())
    if empty and not passed and not given.keys() & turn.sheet.given.keys():
        return turn.sheet
    keep_answers(checkin=turn.checkin, given=given, by=turn.request.user, at=turn.at)
    if form_of(turn.question.instrument) is not None:
        return sheet_of(turn.checkin, by=turn.request.user)
    return replace(turn.sheet, given={**turn.sheet.given, **given})


def _number_after(turn: Turn, sheet: Sheet) -> int:
    """Return the number of the question to go to; one past the last is the review."""
    if turn.wish == "stop":
        return turn.number
    if turn.wish == "back":
        return sheet.before(turn.number) or turn.number
    return sheet.after(turn.number) or len(sheet) + 1
