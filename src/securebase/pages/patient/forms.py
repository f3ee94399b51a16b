"""Forms of the patient pages: one question, one field, never required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from securebase.clinic.checkins.questions import LONGEST_TEXT

if TYPE_CHECKING:
    from django.http import QueryDict

    from securebase.clinic.checkins.questions import Question, Value

TOO_LONG = (
    "This is longer than we can keep in one answer. Please make it a little shorter. "
    "Nothing you wrote is lost."
)
NOT_AN_ANSWER = "Please choose one of these answers, or skip this one."


class AnswerForm(forms.Form):
    """The answer to one question; left empty it is a question not answered."""

    answer: forms.Field

    def given(self) -> Value:
        """Return the valid answer; None if the field was left empty."""
        value: Value = self.cleaned_data["answer"]
        return None if value == "" else value


def choices_of(question: Question) -> list[tuple[int, str]]:
    """Return every value a question takes with its label; empty where none is worded."""
    labels = dict(question.answers)
    return [(n, labels.get(n, "")) for n in question.values]


def answer_form(question: Question, *, data: QueryDict | None, kept: Value) -> AnswerForm:
    """Return the form of one question, filled with what was sent or else kept."""
    form = AnswerForm(data, initial={"answer": kept}, label_suffix="")
    form.fields["answer"] = _words(question) if question.kind == "text" else _choice(question)
    return form


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
