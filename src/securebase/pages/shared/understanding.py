"""The form two people keep of what they understand together, and its words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.safestring import SafeString

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.actions import (
    WrittenMeanwhile,
    close_goal,
    rate_goal,
    set_goal,
    write_formulation,
)
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.clinic.formulation.words import MOST_WORDS, NAMES, Parts
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.charts.window import window_chart

LABELS = {
    "need": "What I need",
    "fear": "What I fear will happen if I show it",
    "strategy": "What I do to stay safe",
    "cost": "What that costs me",
    "triggers": "What sets it off",
    "signs": "How I notice it early",
    "helps": "What helps",
    "above": "When it is too much",
    "within": "When it is just right",
    "below": "When it is too little, or I shut down",
}
PATTERN, WATCH, WINDOW = NAMES[:4], NAMES[4:7], NAMES[7:]


class UnderstandingForm(AskingForm):
    """Ten short parts, in the patient's own words; each may stay empty."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                required=False,
                max_length=MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
            )

    def parts(self) -> Parts:
        """Return what was written."""
        return Parts(**{name: self.cleaned_data[name] for name in NAMES})


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Another version that was kept while somebody wrote."""

    version: Formulation
    lines: tuple[tuple[str, str], ...]


def form_for(newest: Formulation | None, data: Any = None) -> UnderstandingForm:
    """Return the form, filled with the newest version."""
    initial = asdict(newest.parts) if newest else {}
    return UnderstandingForm(data, initial={**initial, "seen": newest.number if newest else 0})


def keep(form: UnderstandingForm, **who: Any) -> Formulation | None:
    """Keep the next version; None if it is refused, and then the form says why."""
    return form.made(
        lambda: write_formulation(parts=form.parts(), seen=form.cleaned_data["seen"], **who)
    )


def told_over(form: UnderstandingForm, newest: Formulation | None) -> Meanwhile | None:
    """Return the version kept meanwhile, and let the form be kept over that one next."""
    codes = [type(error) for error in form.non_field_errors().as_data()] if form.errors else []
    if newest is None or WrittenMeanwhile not in codes:
        return None
    kept: Any = form.data
    form.data = {**kept.dict(), "seen": newest.number}
    return Meanwhile(newest, lines_of(newest.parts, NAMES))


def lines_of(parts: Parts, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the parts that were written, each with its label."""
    written = asdict(parts)
    return tuple((LABELS[name], written[name]) for name in names if written[name].strip())


def shown(version: Formulation | None, *, key: str = "window") -> dict[str, Any]:
    """Return one version as the template shows it; empty without one."""
    if version is None:
        return {}
    parts = version.parts
    return {
        "version": version,
        "pattern": lines_of(parts, PATTERN),
        "watch": lines_of(parts, WATCH),
        "window_words": lines_of(parts, WINDOW),
        "window": _window(parts, key=key),
    }


def rated(goal: Goal, said: str, **who: Any) -> str:
    """Keep how far a goal is; return what to answer, with the reason if it is not kept."""
    if not said.isdecimal():
        return "Not kept: progress is a number from 0 to 10."
    try:
        kept = rate_goal(goal=goal, value=int(said), **who)
    except ValidationError as refused:
        return f"Not kept. {refused.messages[0]}"
    return f"Kept: {kept.value} of 10."


def closed(goal: Goal, said: str, **who: Any) -> str:
    """Note that a goal is reached or set aside; return what to answer."""
    if said not in (Goal.State.REACHED, Goal.State.SET_ASIDE):
        return "Not noted: say whether it is reached or set aside."
    return f"Noted: {close_goal(goal=goal, state=said, **who).get_state_display()}."


def added(patient: Patient, words: str, **who: Any) -> str:
    """Keep a goal; return what to answer, with the reason if it is not kept."""
    try:
        set_goal(patient=patient, words=words, **who)
    except ValidationError as refused:
        return f"Not kept. {refused.messages[0]}"
    except PermissionDenied as refused:
        return f"Not kept. {refused}"
    return "Kept, in these words."


@dataclass(frozen=True, slots=True)
class GoalShown:
    """One goal and how far it is: first rating, last rating, and all of them by day."""

    goal: Goal
    first: Any
    last: Any
    ratings: tuple[Any, ...]


def goals_shown(goals: Any) -> list[GoalShown]:
    """Return goals with their ratings, open ones first."""
    rows = []
    for goal in goals:
        ratings = tuple(goal.ratings.all())
        first, last = (ratings[0], ratings[-1]) if ratings else (None, None)
        rows.append(GoalShown(goal, first, last, ratings))
    return sorted(rows, key=lambda one: one.goal.state != Goal.State.OPEN)


def _window(parts: Parts, *, key: str) -> SafeString | str:
    if not parts.has_window:
        return ""
    return window_chart(above=parts.above, within=parts.within, below=parts.below, key=key)
