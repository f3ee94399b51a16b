"""My progress: only what the patient wants to see, in words, their own goals first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.queries import goals_visible_to
from securebase.clinic.said.actions import LONGEST_WORDS
from securebase.clinic.said.feelings import choose_course, write_beside
from securebase.clinic.said.models import CourseView
from securebase.clinic.said.queries import course_notes_visible_to, view_of_course
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.charts import trajectory_chart
from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.science.progress import in_plain_words, progress_words
from securebase.stories.open_record import Course, courses_of

GOALS = "goals"
MOST_NOTES = 20


class ViewForm(AskingForm):
    """What somebody wants to see; nothing chosen hides it all."""

    measures = forms.MultipleChoiceField(
        label="What I want to see", required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.BooleanField(
        label="Show me numbers and a picture too",
        required=False,
        help_text="Without this there are only words.",
    )

    def __init__(self, *args: Any, offered: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["measures"].choices = list(offered.items())  # type: ignore[attr-defined]


class NoteForm(AskingForm):
    """A day, and what it was like."""

    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day."},
    )
    words = forms.CharField(
        label="What was going on",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Write a few words, or leave it for another day."},
    )
    shown = forms.BooleanField(label="My therapist may see this", required=False)


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: SignedInRequest) -> HttpResponse:
    """Show what was chosen, and keep a note beside it; before a choice, nothing."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = NoteForm(request.POST or None, initial={"day": _today(patient, at=at)})
    form.label_suffix = ""
    if request.method == "POST" and form.took(lambda: _note(form, request, patient, at=at)):
        messages.success(request, "Kept.")
        return redirect("me_progress")
    view = view_of_course(patient)
    chosen = view.measures if view else []
    own = course_notes_visible_to(request.user, at=at).filter(patient=patient)
    goals = goals_visible_to(request.user, at=at).filter(patient=patient)
    context = {
        "view": view,
        "goals": [(g, list(g.ratings.all())) for g in goals] if GOALS in chosen else None,
        "courses": _shown(patient, view),
        "notes": own[:MOST_NOTES],
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/progress.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose what to see; choosing nothing hides it all again."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    view = view_of_course(patient)
    first = {"measures": view.measures if view else [], "numbers": bool(view and view.numbers)}
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        offered=_offered(patient),
    )
    if form.took(
        lambda: choose_course(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept. You can change it at any time.")
        return redirect("me_progress")
    context = {"back": Link("My progress", reverse("me_progress"))}
    return show(request, "patient/progress_choose.html", context, patient=patient, form=form)


def _note(form: NoteForm, request: SignedInRequest, patient: Patient, *, at: datetime) -> None:
    said = form.cleaned_data
    if said["day"] > _today(patient, at=at):
        raise ValidationError({"day": "This day is still to come. Choose today or before."})
    write_beside(patient=patient, by=request.user, at=at, **said)


def _today(patient: Patient, *, at: datetime) -> date:
    return at.astimezone(ZoneInfo(patient.time_zone)).date()


def _named(patient: Patient) -> dict[str, Course]:
    """Return the courses that have a plain name, one for each name, by measure."""
    names = progress_words().measures
    found: dict[str, Course] = {}
    for course in courses_of(patient):
        measure = course.prior.measure
        if measure in names and names[measure] not in {names[m] for m in found}:
            found[measure] = course
    return found


def _offered(patient: Patient) -> dict[str, str]:
    names = progress_words().measures
    return spoken({GOALS: "My own goals"} | {one: names[one] for one in _named(patient)})


def _shown(patient: Patient, view: CourseView | None) -> list[dict[str, Any]]:
    if view is None:
        return []
    names = progress_words().measures
    return [
        {
            "name": names[measure],
            "sentences": in_plain_words(course.trajectory),
            "chart": _chart(course, names[measure]) if view.numbers else "",
        }
        for measure, course in _named(patient).items()
        if measure in view.measures
    ]


def _chart(course: Course, name: str) -> str:
    prior = course.prior
    return trajectory_chart(
        course.trajectory,
        title=spoken(name),
        key=prior.measure.replace(".", "-"),
        span=(prior.low, prior.high),
    )
