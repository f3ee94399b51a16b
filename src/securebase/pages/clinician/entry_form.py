"""A paper form on the screen: one row for each question, one key for each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from securebase.clinic.measurement.models import Target
from securebase.pages.clinician.forms import DateInput
from securebase.science.groups import number_of, put_together, question_of, ticks
from securebase.science.reporting import codes_of
from securebase.science.words import Instrument, Item, Wording
from securebase.stories.enter_answers import LONGEST_TEXT, PaperForm

SKIP = "skip"
"""What the button "not answered" sends; no answer at all means the same."""
TICKED = "1"
"""What a tick box sends; one that is not ticked sends nothing."""
DIGITS = range(10)
TEN = "t"
"""The key for the eleventh answer of a scale from 0 to 10, or from 0 to 100 by ten."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer with the key that gives it."""

    value: int
    key: str
    label: str = ""

    @property
    def says_key(self) -> bool:
        """Whether the key is not plain from the answer itself."""
        return self.key != str(self.value)


@dataclass(frozen=True, slots=True)
class Box:
    """One tick box of a question, with the key that ticks it."""

    field: forms.BoundField
    key: str
    label: str

    @property
    def ticked(self) -> bool:
        """Whether it was ticked."""
        return str(self.field.value() or "") == TICKED


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it is entered."""

    item: Item
    text: str
    options: tuple[Option, ...]
    field: forms.BoundField
    boxes: tuple[Box, ...] = ()

    @property
    def number(self) -> str:
        """The number it goes by on the paper."""
        return number_of(self.item)

    @property
    def chosen(self) -> str:
        """What was entered so far."""
        return str(self.field.value() or "")

    @property
    def allowed(self) -> str:
        """The answers there are, in words."""
        return codes_of(self.item)


class EntryForm(forms.Form):
    """The day on the paper, whom it is about where that matters, and every answer."""

    filled_on = forms.DateField(
        label="Day on the paper",
        widget=DateInput(),
        help_text="The day it was filled in, which may be weeks ago.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        asked: Instrument,
        wording: Wording | None,
        targets: Sequence[Target] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.wording = asked, wording
        self.targets = {target.key: target for target in targets}
        if asked.target:
            self.fields["target"] = forms.ChoiceField(
                label="This paper is about",
                choices=[
                    ("", "Choose"),
                    *((key, _called(one)) for key, one in self.targets.items()),
                ],
            )
        for item in asked.items:
            self.fields[f"item-{item.id}"] = _field(item)

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields that stand above the questions."""
        return [self[name] for name in ("filled_on", "target") if name in self.fields]

    def rows(self) -> list[Row]:
        """Return every question in the order of the paper."""
        return [self._row(put) for put in put_together(self.asked.items)]

    def _row(self, put: tuple[Item, ...]) -> Row:
        item = put[0]
        return Row(
            item=item,
            text=question_of(put, self.wording) if self.wording else "",
            options=() if item.group else options_of(item, self.wording),
            field=self[f"item-{item.id}"],
            boxes=tuple(self._boxes(put)) if item.group else (),
        )

    def _boxes(self, put: tuple[Item, ...]) -> Iterator[Box]:
        for place, item in enumerate(put, 1):
            label = self.wording.items.get(item.id, item.id) if self.wording else item.id
            yield Box(self[f"item-{item.id}"], str(place), label)

    def paper(self) -> PaperForm:
        """Return what was entered."""
        said = self.cleaned_data
        texts = {item.id for item in self.asked.items if item.kind == "text"}
        given = {item.id: said[f"item-{item.id}"] for item in self.asked.items}
        answers = {i: _number(value) for i, value in given.items() if i not in texts}
        for put in put_together(self.asked.items):
            if put[0].group:
                ids = [item.id for item in put]
                answers |= ticks(ids, [i for i in ids if answers[i]])
        return PaperForm(
            instrument=self.asked.slug,
            answers=answers,
            texts={i: value for i, value in given.items() if i in texts and value},
            filled_on=said["filled_on"],
            key=said["key"],
            target=self.targets.get(said.get("target", "")),
        )


def options_of(item: Item, wording: Wording | None) -> tuple[Option, ...]:
    """Return the answers to an item, each with a key: its own digit where it has one."""
    if item.kind == "text":
        return ()
    values = item.codes or tuple(range(item.low, item.high + 1))
    labels = wording.answers.get(item.scale, {}) if wording else {}
    own = all(value in DIGITS for value in values)
    keys = [str(value) if own else _key(place) for place, value in enumerate(values)]
    return tuple(
        Option(value, key, labels.get(value, ""))
        for value, key in zip(values, keys, strict=True)
    )


def _key(place: int) -> str:
    return str(place) if place in DIGITS else TEN


def _field(item: Item) -> forms.Field:
    if item.kind == "text":
        area = forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
        return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=area)
    values = [str(option.value) for option in options_of(item, None)]
    return forms.ChoiceField(
        required=False,
        choices=[(value, value) for value in (*values, SKIP)],
        error_messages={
            "invalid_choice": f"%(value)s is no answer here: give {codes_of(item)}, or none."
        },
    )


def _number(value: str) -> int | None:
    return None if value in ("", SKIP) else int(value)


def _called(target: Target) -> str:
    return target.name or target.get_kind_display()
