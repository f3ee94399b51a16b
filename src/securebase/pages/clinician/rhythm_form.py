"""What is filled in to agree on check-ins: when they come, and what each asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from securebase.clinic.checkins.asking import DAYS
from securebase.clinic.checkins.entries import Entry
from securebase.clinic.checkins.terms import ONCE, Asked, Terms
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.wordings import Words, words_here
from securebase.pages.clinician.forms import WEEKDAYS, DateInput, TimeInput
from securebase.pages.shared.asking import AskingForm
from securebase.science.library import instruments
from securebase.science.words import Instrument

TURNS = (
    ("", "not asked"),
    ("1", "every check-in"),
    ("2", "every 2nd check-in"),
    ("4", "every 4th check-in"),
    ("8", "every 8th check-in"),
    ("12", "every 12th check-in"),
    ("0", "once, in the first check-in"),
)
ONLY_ONCE = (TURNS[0], TURNS[-1])
PERSON = "person"
ASKED_ONCE = "Asked once."
CAUTIONED = "I have read this, and ask it at home."
READ = "{}-read"
"""The name of the field that confirms the caution of an entry."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry to choose, with what one should know before asking it."""

    entry: Entry
    field: forms.BoundField
    confirm: forms.BoundField | None = None
    """Where the caution is confirmed, if it has one."""

    @property
    def instrument(self) -> Instrument:
        """The instrument behind it."""
        return self.entry.instrument

    @property
    def notes(self) -> str:
        """Minutes, number of questions, whether validated, and whose words they are."""
        asked = self.instrument
        count = len(asked.items)
        validated = "validated" if asked.validated else "not validated"
        told = [
            f"{count} question{'' if count == 1 else 's'}, about {asked.minutes:g} min, "
            f"{validated}.",
            f"Not sooner than after {asked.interval_days} days." if asked.interval_days else "",
            ASKED_ONCE if asked.once else "",
            asked.licence.notice or asked.licence.statement,
        ]
        return " ".join(filter(None, told))


class RhythmForm(AskingForm):
    """Weekdays, time and first day; what can be asked is added from the library."""

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

    def __init__(self, *args: Any, people: Sequence[Target] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = [entry for asked in showable() for entry in entries_of(asked, people)]
        for entry in self.entries:
            self.fields[entry.name] = forms.ChoiceField(
                label=_label(entry, people),
                choices=ONLY_ONCE if entry.instrument.once else TURNS,
                required=False,
            )
            if entry.instrument.at_home:
                confirm = forms.BooleanField(label=CAUTIONED, required=False)
                self.fields[READ.format(entry.name)] = confirm

    @property
    def when(self) -> list[forms.BoundField]:
        """The fields that say when."""
        return [self[name] for name in self.base_fields]

    @property
    def what(self) -> list[Choice]:
        """The fields that say what is asked."""
        return [Choice(entry, self[entry.name], self._confirm(entry)) for entry in self.entries]

    def clean(self) -> dict[str, Any]:
        """Ask for the confirmation of every caution of what is chosen."""
        said = super().clean() or self.cleaned_data
        for entry in self.entries:
            read = READ.format(entry.name)
            if said.get(entry.name) and read in self.fields and not said.get(read):
                self.add_error(read, "Read the caution and tick this, or leave it out.")
        return said

    def _confirm(self, entry: Entry) -> forms.BoundField | None:
        name = READ.format(entry.name)
        return self[name] if name in self.fields else None

    def terms(self) -> Terms:
        """Return what was filled in as the terms of a rhythm."""
        said = self.cleaned_data
        return Terms(
            weekdays=[int(weekday) for weekday in said["weekdays"]],
            at_time=said["at_time"],
            instruments=[
                _asked(entry.name, int(said[entry.name]), said)
                for entry in self.entries
                if said.get(entry.name)
            ],
            starts_on=said["starts_on"],
            every_weeks=said["every_weeks"],
            open_hours=said["open_hours"],
        )


def showable() -> list[Instrument]:
    """Return what may be shown here and asked while nobody sits beside, shortest first."""
    words = words_here()
    worded = [one for one in instruments().values() if can_be_planned(one, words[one.slug])]
    return sorted(worded, key=lambda asked: (asked.minutes, asked.name))


def can_be_planned(asked: Instrument, words: Words) -> bool:
    """Whether an instrument may be a part of check-ins.

    What is asked of one memory at a time is no part of a rhythm. Nor is a screen made of
    safety questions alone: it is asked by somebody who can stay.
    """
    alone = not all(item.safety for item in asked.items)
    return bool(words) and asked.target in ("", PERSON) and alone


def needs_people() -> bool:
    """Whether anything that can be planned asks about one person."""
    return any(asked.target for asked in showable())


def said_to_clinician(target: Target) -> str:
    """Return a person as the desk speaks of them: "Mum, mother or mother figure"."""
    kind = target.get_kind_display()
    return f"{target.name}, {kind}" if target.name else kind


def turn_of(asked: Instrument) -> str:
    """Return how often to ask in a weekly rhythm, as often as its authors allow."""
    if asked.once:
        return str(ONCE)
    turns = [value for value, _ in TURNS if value and value != str(ONCE)]
    rare = [turn for turn in turns if int(turn) * DAYS >= asked.interval_days]
    return rare[0] if rare else turns[-1]


def entries_of(asked: Instrument, people: Sequence[Target]) -> list[Entry]:
    """Return what can be asked of an instrument: itself, or itself about each person."""
    if not asked.target:
        return [Entry(asked.slug)]
    return [Entry(asked.slug, person.key) for person in people]


def _asked(name: str, every: int, said: Mapping[str, Any]) -> Asked:
    """Return one entry of the terms, with its caution confirmed where it has one."""
    if said.get(READ.format(name)):
        return Asked(slug=name, every=every, cautioned=True)
    return Asked(slug=name, every=every)


def _label(entry: Entry, people: Sequence[Target]) -> str:
    about = next((said_to_clinician(one) for one in people if one.key == entry.key), "")
    name = entry.instrument.name
    return f"{name}, about {about}" if about else name
