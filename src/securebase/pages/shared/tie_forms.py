"""What is filled in about ties: who, and from which day to which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from securebase.clinic.care.cover import colleagues_of
from securebase.clinic.care.days import Days
from securebase.pages.shared.asking import AskingForm
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys

MOST_WORDS = 1000


class DayInput(forms.DateInput):
    """The device's own way to choose a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person of the practice, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the name, which is kept sealed."""
        return str(obj.get_full_name())


class KeepOutForm(AskingForm):
    """Whom somebody keeps out of their record."""

    person = PersonField(None, label="Who", error_messages={"required": "Please choose."})

    def __init__(self, *args: Any, staff: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        choose_among(self.fields["person"], staff)


class ColleagueForm(AskingForm):
    """Which colleague of somebody who treats."""

    colleague = PersonField(None, label="Colleague")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["colleague"], colleagues_of(by))


class DaysForm(AskingForm):
    """A first and a last day, both counted."""

    first = forms.DateField(label="First day", widget=DayInput())
    last = forms.DateField(
        label="Last day",
        widget=DayInput(),
        help_text="It ends by itself when this day is over.",
    )

    def days(self, zone: str) -> Days:
        """Return the days as filled in, on the clock of the practice."""
        return Days(self.cleaned_data["first"], self.cleaned_data["last"], zone)


class SupervisionForm(DaysForm):
    """Who supervises whom, from when until when, and what was agreed."""

    supervisee = PersonField(None, label="Whose work")
    supervisor = PersonField(None, label="Supervisor")
    note = forms.CharField(
        label="What was agreed",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="How often, and about what. Kept encrypted; no word about a patient.",
    )
    field_order = ("supervisee", "supervisor", "first", "last", "note")

    def __init__(
        self,
        *args: Any,
        supervisors: QuerySet[User],
        supervisees: QuerySet[User] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["supervisor"], supervisors)
        if supervisees is None:
            del self.fields["supervisee"]
        else:
            choose_among(self.fields["supervisee"], supervisees)

    def agreed(self, zone: str) -> dict[str, Any]:
        """Return what the contract says, on the clock of the practice."""
        who = {name: self.cleaned_data[name] for name in self.fields if "super" in name}
        return {**who, "note": self.cleaned_data["note"], "days": self.days(zone)}


def choose_among(field: forms.Field, people: QuerySet[User]) -> None:
    """Let a field choose among these people, their names opened with one query."""
    hold_keys(people.values_list("pk", flat=True))
    if isinstance(field, forms.ModelChoiceField):
        field.queryset, field.empty_label = people, gettext_noop("Choose somebody")
