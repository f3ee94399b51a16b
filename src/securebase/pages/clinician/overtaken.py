"""Somebody else was here first: both are shown, and nothing is written over unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from securebase.clinic.care.models import Patient
from securebase.pages.shared.access import SignedInRequest
from securebase.stories.write_over import NOTHING, Stands

SEEN = "seen"
"""The field that carries the mark of what was read."""


@dataclass(frozen=True, slots=True)
class Both:
    """One thing in two words: as it stands, and as it was to be written."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two writers of one thing, and where to go back to."""

    patient: Patient
    now: Stands
    both: Sequence[Both]
    back: str
    may_still: bool = True
    """Whether what was to be written can be written after the other."""


def seen_by(request: SignedInRequest, stands: Stands) -> str:
    """Return the mark for a form: the one it came with, else of what stands now."""
    return request.POST.get(SEEN, stands.mark)


def mark_sent(request: SignedInRequest) -> str:
    """Return the mark a form came with; a form without one had nothing before it."""
    return request.POST.get(SEEN, NOTHING)


def overtaken(request: SignedInRequest, meeting: Meeting) -> HttpResponse:
    """Show both, and offer to write one's own after the other.

    Where both wrote the same there is nothing to choose: a button was pressed twice.
    """
    pairs = [(one.label, one.theirs, one.mine, False) for one in meeting.both]
    if all(theirs == mine for _, theirs, mine, _ in pairs):
        return redirect(meeting.back)
    context = {
        "meeting": meeting,
        "patient": meeting.patient,
        "pairs": pairs,
        "form": sent_again(request.POST, over=meeting.now.mark) if meeting.may_still else None,
    }
    return render(request, "clinician/overtaken.html", context, status=HTTPStatus.CONFLICT)


def sent_again(given: QueryDict, *, over: str) -> forms.Form:
    """Return what was sent as hidden fields, to be written over what stands now."""
    form = forms.Form(initial={SEEN: [over]}, auto_id=False)
    for name, values in given.lists():
        if name not in (SEEN, "csrfmiddlewaretoken"):
            form.initial[name] = values
    for name in form.initial:
        form.fields[name] = forms.Field(widget=forms.MultipleHiddenInput)
    return form
