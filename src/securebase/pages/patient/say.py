"""Say something: words kept for oneself, brought to a session, or sent and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.said.actions import (
    ChangedElsewhere,
    Words,
    begin_draft,
    keep_draft,
    throw_away,
)
from securebase.clinic.said.models import Draft
from securebase.clinic.said.promise import promise_for
from securebase.clinic.said.queries import (
    brought_visible_to,
    drafts_kept,
    drafts_visible_to,
    messages_visible_to,
)
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.say_forms import SayForm
from securebase.pages.patient.telling import tell, tell_kept, tell_unfit
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.science.prompts import prompts

MOST_SENT = 20
GONE = "Not kept: this was sent or thrown away meanwhile. Please copy your words."
CHANGED = "Not kept: this was changed on another page. Press Keep to see both."


@dataclass(frozen=True, slots=True)
class Writing:
    """One visit of a patient to a draft of theirs."""

    request: SignedInRequest
    draft: Draft
    at: datetime

    def form(self) -> SayForm:
        """Return the form, filled with what was sent or else kept."""
        kept = {
            "title": self.draft.title,
            "words": self.draft.words,
            "version": self.draft.version,
            "page": uuid4(),
        }
        data = self.request.POST if self.request.method == "POST" else None
        return SayForm(data, initial=kept, label_suffix="")

    def keep(self, form: SayForm) -> Draft:
        """Keep what the form holds, unless another page kept something else meanwhile."""
        said = Words(form.cleaned_data["title"], form.cleaned_data["words"])
        return keep_draft(
            draft=self.draft, said=said, seen=form.seen(), by=self.request.user, at=self.at
        )


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: SignedInRequest) -> HttpResponse:
    """Show the ways to begin, and what is kept, brought and sent."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    about = request.POST.get("about", "")
    if about in prompts():
        draft = begin_draft(patient=patient, about=about, by=request.user, at=at)
        return redirect("me_say_draft", pk=draft.pk)
    sent = messages_visible_to(request.user, at=at).filter(patient=patient)
    brought = brought_visible_to(request.user, at=at).filter(patient=patient)
    context = {
        "ways": prompts().values(),
        "drafts": drafts_kept(request.user, at=at),
        "brought": brought.filter(done_at__isnull=True),
        "sent": sent.select_related("answer")[:MOST_SENT],
        "promise": promise_for(patient, at=at),
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/say.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Draft")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write; keep it, and go on to bring it or to send it."""
    writing = writing_of(request, pk)
    form = writing.form()
    if request.method != "POST" or not form.is_valid():
        return written(writing, form)
    try:
        kept = writing.keep(form)
    except ChangedElsewhere as changed:
        return written(writing, form.again(changed.draft), other=changed.draft)
    if request.POST.get("do") == "keep" or not kept.words.strip():
        messages.success(request, "Kept. Only you can see it.")
        return redirect("me_say")
    to = "me_say_bring" if request.POST.get("do") == "bring" else "me_say_send"
    return redirect(to, pk=pk)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Draft")
@require_POST
def keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep words while they are being written, and say in a few words that they are kept."""
    writing = writing_of(request, pk)
    form = writing.form()
    if not form.is_valid():
        return tell_unfit(form)
    try:
        writing.keep(form)
    except ChangedElsewhere:
        return tell(CHANGED, status=HTTPStatus.CONFLICT)
    except PermissionDenied:
        return tell(GONE, status=HTTPStatus.CONFLICT)
    return tell_kept(writing.draft.patient, at=writing.at)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Draft")
@require_POST
def throw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away; nobody else has ever seen it."""
    writing = writing_of(request, pk)
    throw_away(draft=writing.draft, by=request.user, at=writing.at)
    messages.success(request, "It is gone. Nobody has read it.")
    return redirect("me_say")


def writing_of(request: SignedInRequest, pk: UUID) -> Writing:
    """Return the visit to a draft of whoever asks, or answer 404."""
    at = timezone.now()
    found = get_object_or_404(
        drafts_visible_to(request.user, at=at).select_related("patient", "brought"), pk=pk
    )
    return Writing(request, found, at)


def written(writing: Writing, form: SayForm, *, other: Draft | None = None) -> HttpResponse:
    """Show the page to write on; ``other`` is what another page kept meanwhile."""
    draft = writing.draft
    context = {
        "draft": draft,
        "other": other,
        "prompt": prompts()[draft.about],
        "promise": promise_for(draft.patient, at=writing.at),
        "back": Link("Say something", reverse("me_say")),
    }
    return show(
        writing.request,
        "patient/say_draft.html",
        context,
        patient=draft.patient,
        form=form,
        status=HTTPStatus.CONFLICT if other else None,
    )
