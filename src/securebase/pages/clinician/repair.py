"""The log of one strain: what was noticed, wished for and done, and how far it is mended."""

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

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.clinic.therapy.queries import ruptures_visible_to, sessions_visible_to
from securebase.clinic.therapy.repairing import MOST_WORDS, Lines, say_spoken_of, write_log
from securebase.clinic.therapy.repairs import RepairEntry
from securebase.pages.clinician.wording import day
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.strain_markers import strain_markers
from securebase.stories.repair_found import repair_found

RESOLVED = [
    ("", "Not said"),
    (1, "1: not at all"),
    (2, "2: a little"),
    (3, "3: about half"),
    (4, "4: mostly"),
    (5, "5: fully"),
]


class LogForm(AskingForm):
    """One or more steps of a repair, in the order in which they are taken."""

    marker = forms.CharField(
        label="1. What was noticed, and said openly",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    wish = forms.CharField(
        label="2. What the patient wished for or needed from you",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    action = forms.CharField(
        label="3. What you did or changed",
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    resolved = forms.TypedChoiceField(
        label="4. How far it is resolved, as the two of you see it",
        choices=RESOLVED,
        coerce=int,
        required=False,
        empty_value=None,
    )
    session: forms.ModelChoiceField[TherapySession] = forms.ModelChoiceField(
        label="In which session", queryset=None, required=False, empty_label="Between sessions"
    )

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["session"]
        chosen.queryset = sessions
        chosen.label_from_instance = lambda one: day(one.starts_at)

    def lines(self) -> Lines:
        """Return what was written, as the log keeps it."""
        said = self.cleaned_data
        words = {step: said[step] for step in ("marker", "wish", "action")}
        return Lines(words=words, resolved=said["resolved"], session=said["session"])


class CloseStrainForm(AskingForm):
    """Why a clinician closes a strain."""

    because = forms.CharField(
        label="Why you close it",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Say so if the patient has not said themselves that it is mended.",
    )


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="therapy.Rupture")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def log(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the log of a strain, and add to it."""
    at = timezone.now()
    strain = _find(request, pk, at=at)
    given = request.POST if request.method == "POST" else None
    form = LogForm(given, sessions=_sessions(request, strain, at=at))
    if form.took(lambda: write_log(rupture=strain, lines=form.lines(), by=request.user, at=at)):
        messages.success(request, "Kept. Earlier lines stay as they are.")
        return redirect("desk_rupture", pk=pk)
    if request.method != "POST":
        note_read(patient=strain.patient, by=request.user, at=at)
    return _page(request, strain, form=form, close=CloseStrainForm())


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="therapy.Rupture")
@require_POST
@in_practice_time
def spoken(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note that the strain was spoken of, so that the patient can say when it is mended."""
    at = timezone.now()
    say_spoken_of(rupture=_find(request, pk, at=at), by=request.user, at=at)
    messages.success(request, "Noted. The patient can now say for themselves how it is.")
    return redirect("desk_rupture", pk=pk)


@for_audience(Audience.CLINICIAN, Category.PROGRESS, Action.WRITE, of="therapy.Rupture")
@require_POST
@in_practice_time
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close a strain with a reason."""
    at = timezone.now()
    strain, form = _find(request, pk, at=at), CloseStrainForm(request.POST)
    if not form.took(
        lambda: repair_found(rupture=strain, by=request.user, at=at, **form.cleaned_data)
    ):
        empty = LogForm(sessions=_sessions(request, strain, at=at))
        return _page(request, strain, form=empty, close=form)
    messages.success(request, "Closed, with your reason in the log.")
    return redirect("desk_rupture", pk=pk)


def _find(request: SignedInRequest, pk: UUID, *, at: datetime) -> Rupture:
    treated = patients_treated_by(request.user, at=at).values("pk")
    mine = ruptures_visible_to(request.user, at=at).filter(patient__in=treated)
    return get_object_or_404(mine.select_related("patient", "noticed_by"), pk=pk)


def _sessions(request: SignedInRequest, strain: Rupture, *, at: datetime) -> Any:
    mine = sessions_visible_to(request.user, at=at)
    held = mine.filter(patient=strain.patient_id, starts_at__lte=at)
    return held.exclude(state=TherapySession.State.CANCELLED).order_by("-starts_at")


def _page(
    request: SignedInRequest, strain: Rupture, *, form: LogForm, close: CloseStrainForm
) -> HttpResponse:
    marker = strain_markers().get(strain.marker)
    context = {
        "patient": strain.patient,
        "rupture": strain,
        "own_note": strain.note if strain.noticed_by_id == request.user.pk else "",
        "marker": marker.words if marker else "",
        "entries": _entries(strain),
        "close": close,
    }
    status = 422 if close.errors else None
    return form_page(request, "clinician/repair.html", form, context, status=status)


def _entries(strain: Rupture) -> list[RepairEntry]:
    """Return the lines of the log, the oldest first, and those of one moment by step."""
    steps = RepairEntry.Step.values
    written = strain.entries.select_related("by", "session")
    return sorted(written, key=lambda one: (one.at, steps.index(one.step)))
