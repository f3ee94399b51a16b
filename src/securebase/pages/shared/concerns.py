"""The page on which the practice answers what a patient did not recognise."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from securebase.pages.shared.access import SignedInRequest
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.shapes import Link
from securebase.people.audit.models import Concern
from securebase.stories.raise_concern import (
    LONGEST,
    answer_concern,
    check_can_answer,
    open_concern,
    patient_of,
)


class AnswerForm(AskingForm):
    """What the practice found out, in words for the patient."""

    words = forms.CharField(
        label="Your answer",
        help_text="The patient reads these words, with your name. Say who it was and why.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={
            "required": "Write what happened; the patient reads it.",
            "max_length": "This is longer than can be kept. Please make it a little shorter.",
        },
    )


def concern_page(
    request: SignedInRequest, concern: Concern, *, template: str, back: Link
) -> HttpResponse:
    """Show one concern; a valid answer is sent and leads back."""
    at, patient = timezone.now(), patient_of(concern)
    check_can_answer(request.user, patient, at=at)
    form = AnswerForm(request.POST or None, label_suffix="")
    if form.took(
        lambda: answer_concern(concern=concern, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Answered. The patient sees it with their record.")
        return redirect(back.url)
    asked = open_concern(concern=concern, by=request.user, at=at)
    context = {"asked": asked, "patient": patient, "back": back}
    return form_page(request, template, form, context)
