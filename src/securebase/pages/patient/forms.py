"""Forms of the patient pages: one question, one field, never required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from securebase.clinic.checkins.questions import LONGEST_TEXT
from securebase.science.groups import ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict

    from securebase.clinic.checkins.questions import Question, Value

TOO_LONG = (
    "This is longer than we can keep in one answer. Please make it a little shorter. "
    "Nothing you wrote is lost."
)
NOT_AN_ANSWER = "Please choose one of these answers, or skip this one."


class AnswerForm(forms.Form):
    """The answer to one question; left empty it is a question not answered.

    Tick boxes have a field of another name, so that a tick is never taken for words.
    """

    def __init__(
        self, data: QueryDict | None, *, question: Question, kept: Value | list[str]
    ) -> None:
        super().__init__(data, label_suffix="")
        self.question, self.name = question, "ticked" if question.boxes else "answer"
        self.fields[self.name] = FIELDS.get(question.kind, _choice)(question)
        self.initial = {self.name: kept}

    @property
    def answer(self) -> forms.BoundField:
        """The one field there is."""
        return self[self.name]

    def given(self) -> Mapping[str, Value]:
        """Return the valid answers by ref; None for what was left empty.

        Of tick boxes, each has an answer as soon as one is ticked, and none before.
        """
        value = self.cleaned_data[self.name]
        if self.question.boxes:
            return ticks(self.question.refs, value)
        return {self.question.ref: None if value == "" else value}


def choices_of(question: Question) -> list[tuple[int, str]]:
    """Return every value a question takes with its label; empty where none is worded."""
    labels = dict(question.answers)
    return [(n, labels.get(n, "")) for n in question.values]


def answer_form(
    question: Question, *, data: QueryDict | None, kept: Value | list[str]
) -> AnswerForm:
    """Return the form of one question, filled with what was sent or else kept."""
    return AnswerForm(data, question=question, kept=kept)


def _words(question: Question) -> forms.CharField:
    return forms.CharField(
        label=question.text,
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )


def _choice(question: Question) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=question.text,
        required=False,
        coerce=int,
        empty_value=None,
        choices=choices_of(question),
        error_messages={"invalid_choice": NOT_AN_ANSWER},
    )


def _boxes(question: Question) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=question.text,
        required=False,
        choices=question.boxes,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_AN_ANSWER, "invalid_list": NOT_AN_ANSWER},
    )


FIELDS: Mapping[str, Callable[[Question], forms.Field]] = {"text": _words, "boxes": _boxes}
"""What takes an answer, by the kind of its question; the others take a choice."""
