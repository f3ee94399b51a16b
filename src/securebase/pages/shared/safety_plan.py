"""A safety plan as pages show it: its parts in order, with lines that can be dialled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from securebase.clinic.safety.actions import Lines, PlanChanged
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.language.content import spoken
from securebase.science.crisis import months_after
from securebase.science.safety_plan import Part, number_in, plan_form


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the number in it as a telephone dials it; empty if there is none."""

    text: str
    number: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of a plan with its lines."""

    part: Part
    lines: tuple[Line, ...]


def shown(lines: Mapping[str, Sequence[str]]) -> list[Shown]:
    """Return the parts that hold something, in order."""
    return [
        Shown(part, tuple(Line(text, number_in(text)) for text in lines[part.slug]))
        for part in plan_form().parts
        if lines.get(part.slug)
    ]


def review_after(today: date) -> date:
    """Return the day on which a plan is looked at again, unless another is chosen."""
    return months_after(today, plan_form().review_months)


class PlanForm(AskingForm):
    """All parts as boxes, one line for each thing; every box may stay empty."""

    review_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day on which to look at it again.")},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for part in spoken(plan_form().parts):
            self.fields[part.slug] = forms.CharField(
                label=part.name,
                required=False,
                help_text=f"{part.asks} For instance: {part.example}.",
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            )
        self.order_fields([part.slug for part in plan_form().parts])

    def lines(self) -> Lines:
        """Return what was written, without empty lines."""
        return Lines(
            {
                part.slug: [
                    line.strip()
                    for line in self.cleaned_data[part.slug].splitlines()
                    if line.strip()
                ]
                for part in plan_form().parts
            }
        )

    def refuse(self, refused: ValidationError) -> None:
        """Put a refusal beside its part; a newer version is for the page to show."""
        if isinstance(refused, PlanChanged):
            raise refused
        super().refuse(refused)

    def again(self, number: int) -> PlanForm:
        """Return the form with the same words, now knowing of a newer version."""
        sent = {name: self.data[name] for name in self.data}
        return PlanForm({**sent, "seen": str(number)})


def first_words(lines: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what the boxes hold when a plan is opened to be changed."""
    return {slug: "\n".join(written) for slug, written in lines.items()}
