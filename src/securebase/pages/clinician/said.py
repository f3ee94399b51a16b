"""What a patient says: messages to read and answer, and what they bring to the session."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.safety.queries import current_plan
from securebase.clinic.said.actions import LONGEST_WORDS, note_done, read_message
from securebase.clinic.said.policies import can_answer, can_note_done
from securebase.clinic.said.queries import (
    brought_visible_to,
    course_notes_visible_to,
    feelings_visible_to,
    messages_visible_to,
)
from securebase.pages.clinician.leading_back import back_of
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.feelings import named_in_words
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import User
from securebase.stories.answer_message import answer_message

MOST = 5


class AnswerForm(AskingForm):
    """What is written back."""

    words = forms.CharField(
        label="Your answer",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off"}),
        help_text="The patient reads this on their page. It cannot be changed afterwards.",
        error_messages={"required": "Write a few words; the patient waits for them."},
    )


@for_audience(Audience.CLINICIAN, Category.MESSAGE, Action.WRITE, of="said.Message")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def message(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what a patient sent, which counts as read, and send the answer."""
    at = timezone.now()
    theirs = messages_visible_to(request.user, at=at).filter(
        patient__in=patients_treated_by(request.user, at=at).values("pk")
    )
    sent = get_object_or_404(theirs.select_related("patient"), pk=pk)
    form = AnswerForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.took(
        lambda: answer_message(
            message=sent, words=form.cleaned_data["words"], by=request.user, at=at
        )
    ):
        messages.success(request, "Answered. The patient finds it on their page.")
        return redirect("desk_person", pk=sent.patient_id)
    if request.method != "POST":
        sent = read_message(message=sent, by=request.user, at=at)
    context = {
        "message": sent,
        "patient": sent.patient,
        "may_answer": can_answer(request.user, sent, at=at),
        "now": at,
    }
    return form_page(request, "clinician/message.html", form, context)


@for_audience(Audience.CLINICIAN, Category.MESSAGE, Action.WRITE, of="said.Brought")
@require_POST
@in_practice_time
def done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that what a patient brought has been talked about."""
    at = timezone.now()
    theirs = brought_visible_to(request.user, at=at).filter(
        patient__in=patients_treated_by(request.user, at=at).values("pk"), done_at=None
    )
    brought = get_object_or_404(theirs.select_related("patient"), pk=pk)
    note_done(brought=brought, by=request.user, at=at)
    messages.success(request, "Noted. The patient sees it off their list.")
    return redirect(back_of(request, patient_id=brought.patient_id))


def said_of(patient: Patient, *, user: User, at: datetime) -> dict[str, Any]:
    """Return what the person page shows of what the patient says, and of their plan."""
    own = {"patient": patient}
    sent = messages_visible_to(user, at=at).filter(**own).select_related("answer")
    brought = list(brought_visible_to(user, at=at).filter(**own, done_at=None))
    feelings = feelings_visible_to(user, at=at).filter(**own)[:MOST]
    return {
        "brought": brought,
        "may_note_done": bool(brought) and can_note_done(user, brought[0], at=at),
        "sent": sent[:MOST],
        "feelings": [(one.named_at, named_in_words(one.told)) for one in feelings],
        "course_notes": course_notes_visible_to(user, at=at).filter(**own)[:MOST],
        "safety_plan": current_plan(patient),
        "today": timezone.localdate(at),
    }
