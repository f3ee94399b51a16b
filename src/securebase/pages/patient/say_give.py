"""Giving words away: to a session, or sent; and the answer that comes back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.said.actions import (
    ChangedElsewhere,
    bring,
    note_done,
    see_answer,
    send,
    take_back,
)
from securebase.clinic.said.promise import promise_for
from securebase.clinic.said.queries import brought_visible_to, messages_visible_to
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.say import Writing, writing_of
from securebase.pages.patient.say_forms import WHOLE, BringForm, SendForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Draft")
@require_http_methods(["GET", "HEAD", "POST"])
def to_session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose how much of a draft the clinician may see before the session."""
    writing = writing_of(request, pk)
    form = BringForm(request.POST or None, label_suffix="")

    def bring_it() -> None:
        whole = form.cleaned_data["how"] == WHOLE
        bring(draft=writing.draft, whole=whole, by=request.user, at=writing.at)

    if not form.took(bring_it):
        return _give(writing, "patient/say_bring.html", form)
    messages.success(request, "It is on the list for your session. You can take it back.")
    return redirect("me_say")


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Draft")
@require_http_methods(["GET", "HEAD", "POST"])
def to_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say who reads it and when; then send it."""
    if request.method == "POST" and _sent_before(request, pk):
        return redirect("me_say_sent", pk=pk)
    writing = writing_of(request, pk)
    first = {"version": writing.draft.version}
    form = SendForm(request.POST or None, initial=first, label_suffix="")

    def send_it() -> None:
        send(
            draft=writing.draft,
            seen=form.seen(),
            wants_answer=form.cleaned_data["answer"],
            by=request.user,
            at=writing.at,
        )

    try:
        if form.took(send_it):
            return redirect("me_say_sent", pk=pk)
    except ChangedElsewhere:
        messages.warning(request, "It was changed on another page. Please look once more.")
        return redirect("me_say_draft", pk=pk)
    return _give(writing, "patient/say_send.html", form)


@for_audience(Audience.PATIENT, Category.MESSAGE, of="said.Message")
@require_safe
def sent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what was sent, who reads it by when, and the answer."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = messages_visible_to(request.user, at=at).filter(patient=patient)
    message = get_object_or_404(own.select_related("answer__answered_by", "read_by"), pk=pk)
    if hasattr(message, "answer"):
        see_answer(message=message, by=request.user, at=at)
    context = {
        "message": message,
        "promise": promise_for(patient, at=message.sent_at),
        "waits": at <= message.due_at,
        "back": Link("Say something", reverse("me_say")),
    }
    return show(request, "patient/say_sent.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Brought")
@require_POST
def end_bringing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take something back from a session, or note that it was talked about."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = brought_visible_to(request.user, at=at).filter(patient=patient, done_at=None)
    brought = get_object_or_404(own, pk=pk)
    if request.POST.get("do") == "done":
        note_done(brought=brought, by=request.user, at=at)
        messages.success(request, "Noted. It is off the list.")
    else:
        take_back(brought=brought, by=request.user, at=at)
        messages.success(request, "Taken back. Your own words are still kept here.")
    return redirect("me_say")


def _sent_before(request: SignedInRequest, pk: UUID) -> bool:
    at = timezone.now()
    patient = own_record(request.user, at=at)
    return messages_visible_to(request.user, at=at).filter(patient=patient, pk=pk).exists()


def _give(writing: Writing, template: str, form: BringForm | SendForm) -> HttpResponse:
    draft = writing.draft
    context = {
        "draft": draft,
        "promise": promise_for(draft.patient, at=writing.at),
        "back": Link("Your words", reverse("me_say_draft", args=[draft.pk])),
    }
    return show(writing.request, template, context, patient=draft.patient, form=form)
