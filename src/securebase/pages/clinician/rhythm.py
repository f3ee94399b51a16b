"""Planning check-ins: when they come, what they ask, and what the patient will see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.asking import answered_once, too_often
from securebase.clinic.checkins.entries import entry_of
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.checkins.queries import current_rhythm
from securebase.clinic.checkins.questions import minutes_for
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.targets import targets_of
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import WEEKDAYS
from securebase.pages.clinician.overtaken import Both, Meeting, mark_sent, overtaken, seen_by
from securebase.pages.clinician.rhythm_form import (
    READ,
    TURNS,
    RhythmForm,
    entries_of,
    needs_people,
    said_to_clinician,
    turn_of,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.library import instruments
from securebase.stories.write_over import Overtaken, rhythm_of, write_over

FIRST_PLAN = {"weekdays": ["6"], "at_time": "19:00", "every_weeks": 1, "open_hours": 48}


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Agree when check-ins come and what they ask."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    now, people = current_rhythm(patient), list(targets_of(patient))
    episode = open_episode_of(patient)
    initial = _initial(now, today=timezone.localdate(at)) | _wished(request, now, people)
    initial |= dict.fromkeys(answered_once(patient), "")
    form = RhythmForm(request.POST or None, initial=initial, people=people)
    try:
        if form.took(lambda: _keep(form, patient, request, at=at)):
            messages.success(request, "Agreed. The patient sees it on their first page.")
            for one in too_often(form.terms()):
                messages.warning(request, one.says)
            return redirect("desk_rhythm", pk=pk)
    except Overtaken as first:
        return overtaken(request, _met(form, patient, first))
    context = {
        "patient": patient,
        "rhythm": now,
        "seen": seen_by_patient(now) if now else [],
        "mark": seen_by(request, rhythm_of(patient)),
        "people": [said_to_clinician(person) for person in people],
        "about_people": needs_people(),
        "phase": episode.get_phase_display() if episode else "",
    }
    return form_page(request, "clinician/rhythm.html", form, context)


def _keep(
    form: RhythmForm, patient: Patient, request: SignedInRequest, *, at: datetime
) -> None:
    """Keep the rhythm over the one that was read."""
    write_over(
        patient=patient,
        seen=mark_sent(request),
        look=partial(rhythm_of, patient),
        act=lambda: plan_rhythm(patient=patient, terms=form.terms(), by=request.user, at=at),
    )


def _met(form: RhythmForm, patient: Patient, first: Overtaken) -> Meeting:
    """Return both agreements, each as the patient would read it."""
    held = current_rhythm(patient)
    terms = form.terms()
    wanted = Rhythm(
        weekdays=terms.weekdays,
        at_time=terms.at_time,
        time_zone=patient.time_zone,
        every_weeks=terms.every_weeks,
        open_hours=terms.open_hours,
        instruments=list(terms.instruments),
    )
    both = Both("Check-ins", _told(held) if held else "None agreed.", _told(wanted))
    return Meeting(patient, first.now, [both], reverse("desk_rhythm", args=[patient.pk]))


def _told(rhythm: Rhythm) -> str:
    """Return an agreement in full: when it comes, and what it asks."""
    names = [
        f"{entry_of(one['slug']).instrument.name}, {dict(TURNS)[str(one['every'])]}"
        for one in rhythm.instruments
    ]
    return "\n".join([*seen_by_patient(rhythm)[:-2], *names])


def _wished(
    request: SignedInRequest, rhythm: Rhythm | None, people: Sequence[Target]
) -> dict[str, str]:
    """Return what the library sent somebody here to ask, unless it is asked already."""
    slug = request.GET.get("ask", "")
    planned = {entry_of(one["slug"]).slug for one in rhythm.instruments} if rhythm else set()
    if slug not in instruments() or slug in planned:
        return {}
    asked = instruments()[slug]
    return dict.fromkeys((one.name for one in entries_of(asked, people)), turn_of(asked))


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
        **{READ.format(one["slug"]): one.get("cautioned", False) for one in rhythm.instruments},
    }


def seen_by_patient(rhythm: Rhythm) -> list[str]:
    """Say in words what the patient will be asked, how long it takes, and when it closes."""
    names = dict(WEEKDAYS)
    days = " and ".join(names[weekday] for weekday in sorted(rhythm.weekdays))
    weeks = "every week" if rhythm.every_weeks == 1 else f"every {rhythm.every_weeks} weeks"
    every = [one["slug"] for one in rhythm.instruments]
    always = [one["slug"] for one in rhythm.instruments if one["every"] == 1]
    usual = sum(len(entry_of(name).instrument.items) for name in always)
    longest = sum(len(entry_of(name).instrument.items) for name in every)
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
