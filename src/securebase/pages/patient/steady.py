"""Steady myself: short exercises, open to everybody, with nothing personal on the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.shapes import Link
from securebase.science import exercises as shelf
from securebase.science.errors import UnknownName

NOTHING_PERSONAL: dict[str, Any] = {"messages": ()}
"""Laid over the shell's words, so that no message meant for one person is shown here."""

FULL, EMPTY = 100, 55
"""How large the shape is after a breath in and after one out, in percent."""
LONGEST_BREATHING = 300
"""Seconds after which breathing along ends by itself."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One way of being led through an exercise: what the script reads from the page."""

    label: str
    cues: str
    """JSON: a list of ``[say, seconds, size, side]``; 0 seconds waits for a tap."""
    rounds: int
    breath: bool = False
    """Whether it leads a breath in and out."""


@for_audience(Audience.EVERYONE, impersonal="exercises")
@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """Show the exercises by what a person may feel, best fit first."""
    told = spoken(shelf.NEEDS)
    needs = [(words, spoken(shelf.exercises(need))) for need, words in told.items()]
    return render(request, "patient/steady.html", {"needs": needs, **NOTHING_PERSONAL})


@for_audience(Audience.EVERYONE, impersonal="one exercise")
@require_safe
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one exercise: its steps, how long, when to stop and what to do instead."""
    context = exercise_words(slug) | {
        "back": Link("Steady myself", reverse("me_steady")),
        **NOTHING_PERSONAL,
    }
    return render(request, "patient/exercise.html", context)


def exercise_words(slug: str) -> dict[str, Any]:
    """Return what a page about one exercise shows; 404 if there is none of that name."""
    try:
        chosen = spoken(shelf.exercise(slug))
    except UnknownName:
        raise Http404 from None
    return {
        "exercise": chosen,
        "instead": spoken(shelf.exercise(chosen.instead)),
        "worse": spoken(shelf.exercise(chosen.worse)),
        "leads": list(leads(chosen)),
    }


def leads(exercise: shelf.Exercise) -> Iterator[Lead]:
    """Yield the ways of being led: each pace of a breath, the cues, or step by step."""
    for pace in exercise.paces:
        breath = [
            [gettext("In"), pace.inhale, FULL, ""],
            [gettext("Out"), pace.exhale, EMPTY, ""],
        ]
        rounds = LONGEST_BREATHING // (pace.inhale + pace.exhale)
        told = {"inhale": pace.inhale, "exhale": pace.exhale}
        label = gettext("%(inhale)s in, %(exhale)s out") % told
        yield Lead(label, json.dumps(breath), rounds, breath=True)
    if exercise.cues:
        cues = [[cue.say, cue.seconds, cue.size, cue.side] for cue in exercise.cues]
        yield Lead(gettext("With me"), json.dumps(cues), exercise.rounds)
    elif not exercise.paces:
        steps = [[step, 0, 0, ""] for step in exercise.steps]
        yield Lead(gettext("Step by step"), json.dumps(steps), 1)
