"""Planning check-ins: when they come, what they ask, and what the patient will see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.checkins.queries import current_rhythm
from securebase.clinic.checkins.questions import minutes_for
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.pages.clinician.finding import find_patient, in_practice_time
from securebase.pages.clinician.forms import WEEKDAYS, DateInput, TimeInput
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Action, Category
from securebase.science.library import instruments, may_be_shown
from securebase.science.words import Instrument

TURNS = (
    ("", "not asked"),
    ("1", "every check-in"),
    ("2", "every 2nd check-in"),
    ("4", "every 4th check-in"),
    ("8", "every 8th check-in"),
)
FIRST_PLAN = {"weekdays": ["6"], "at_time": "19:00", "every_weeks": 1, "open_hours": 48}


@dataclass(frozen=True, slots=True)
class Choice:
    """One instrument to choose, with what one should know before asking it."""

    instrument: Instrument
    field: forms.BoundField

    @property
    def notes(self) -> str:
        """Minutes, number of questions, whether validated, and whose words they are."""
        asked = self.instrument
        count = len(asked.items)
        validated = "validated" if asked.validated else "not validated"
        return (
            f"{count} question{'' if count == 1 else 's'}, about {asked.minutes:g} min, "
            f"{validated}. {asked.licence.notice or asked.licence.statement}"
        )


class RhythmForm(forms.Form):
    """Weekdays, time and first day; the instruments are added from the library."""

    weekdays = forms.MultipleChoiceField(
        label="Days", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    at_time = forms.TimeField(label="Time", widget=TimeInput())
    every_weeks = forms.IntegerField(label="Every how many weeks", min_value=1, max_value=8)
    open_hours = forms.IntegerField(
        label="Open for how many hours",
        min_value=1,
        max_value=168,
        help_text="After this it closes quietly; nothing is lost and nobody is blamed.",
    )
    starts_on = forms.DateField(label="First day", widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in showable():
            self.fields[asked.slug] = forms.ChoiceField(
                label=asked.name, choices=TURNS, required=False
            )

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields that say when."""
        return [self[name] for name in self.base_fields]

    @property
    def what(self) -> list[Choice]:
        """The fields that say what is asked."""
        return [Choice(asked, self[asked.slug]) for asked in showable()]

    def terms(self) -> Terms:
        """Return what was filled in as the terms of a rhythm."""
        said = self.cleaned_data
        return Terms(
            weekdays=[int(weekday) for weekday in said["weekdays"]],
            at_time=said["at_time"],
            instruments=[
                Asked(slug=asked.slug, every=int(said[asked.slug]))
                for asked in showable()
                if said.get(asked.slug)
            ],
            starts_on=said["starts_on"],
            every_weeks=said["every_weeks"],
            open_hours=said["open_hours"],
        )


def showable() -> list[Instrument]:
    """Return what may be shown and asked again and again, shortest first.

    What is asked once, or of one person or memory at a time, is no part of a rhythm.
    Nor is a screen made of safety questions alone: it is asked by somebody who can stay.
    """
    worded = [
        asked
        for asked in instruments().values()
        if may_be_shown(asked) and not asked.once and not asked.target
        if not all(item.safety for item in asked.items)
    ]
    return sorted(worded, key=lambda asked: (asked.minutes, asked.name))


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Agree when check-ins come and what they ask."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    now = current_rhythm(patient)
    form = RhythmForm(request.POST or None, initial=_initial(now, today=timezone.localdate(at)))
    if form.is_bound and form.is_valid() and _kept(form, patient, request, at=at):
        messages.success(request, "Agreed. The patient sees it on their first page.")
        return redirect("desk_rhythm", pk=pk)
    return render(
        request,
        "clinician/rhythm.html",
        {
            "patient": patient,
            "form": form,
            "rhythm": now,
            "seen": seen_by_patient(now) if now else [],
        },
        status=422 if form.errors else 200,
    )


def _kept(
    form: RhythmForm, patient: Patient, request: SignedInRequest, *, at: datetime
) -> bool:
    """Keep the rhythm; if it cannot be kept, put the reason into the form."""
    try:
        plan_rhythm(patient=patient, terms=form.terms(), by=request.user, at=at)
    except ValidationError as refused:
        for name, problems in refused.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    return True


def _initial(rhythm: Rhythm | None, *, today: date) -> dict[str, Any]:
    if rhythm is None:
        return {**FIRST_PLAN, "starts_on": today, "session-check-in": "1"}
    return {
        "weekdays": [str(weekday) for weekday in rhythm.weekdays],
        "at_time": rhythm.at_time,
        "every_weeks": rhythm.every_weeks,
        "open_hours": rhythm.open_hours,
        "starts_on": max(rhythm.starts_on, today),
        **{one["slug"]: str(one["every"]) for one in rhythm.instruments},
    }


def seen_by_patient(rhythm: Rhythm) -> list[str]:
    """Say in words what the patient will be asked, how long it takes, and when it closes."""
    names = dict(WEEKDAYS)
    days = " and ".join(names[weekday] for weekday in sorted(rhythm.weekdays))
    weeks = "every week" if rhythm.every_weeks == 1 else f"every {rhythm.every_weeks} weeks"
    library = instruments()
    asked = [library[one["slug"]] for one in rhythm.instruments]
    always = [one["slug"] for one in rhythm.instruments if one["every"] == 1]
    usual = sum(len(library[slug].items) for slug in always)
    every = [one.slug for one in asked]
    longest = sum(len(one.items) for one in asked)
    lines = [
        f"A check-in on {days}, {weeks}, at {rhythm.at_time:%H:%M} ({rhythm.time_zone}).",
        f"Usually {_length(usual, minutes_for(always))}.",
    ]
    if longest > usual:
        lines.append(f"Now and then up to {_length(longest, minutes_for(every))}.")
    lines += [
        "One question on a page. Each can be skipped; stopping keeps what was answered.",
        f"It stays open for {rhythm.open_hours} hours, then it closes without a word of blame.",
        "Before the first question they read who will see the answers and when.",
    ]
    return lines


def _length(questions: int, minutes: int) -> str:
    plural = "" if minutes == 1 else "s"
    return f"{questions} questions, about {minutes} minute{plural}"
