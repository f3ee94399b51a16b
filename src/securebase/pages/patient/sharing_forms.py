"""Forms of the sharing pages: whom, what, for what, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext

from securebase.clinic.consent.terms import Terms, latest_end
from securebase.clinic.consent.words import SUPPORT, offered
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.language.content import spoken
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.stories.who_sees import OnTheTeam

A_DAY = timedelta(days=1)
AT_FIRST = timedelta(days=90)
"""What the page suggests as an end; any other day may be chosen."""


class DayInput(forms.DateInput):
    """The device's own way to choose a day, between two days."""

    input_type = "date"

    def __init__(self, *, first: date, last: date) -> None:
        between = {"min": first.isoformat(), "max": last.isoformat()}
        super().__init__(attrs=between, format="%Y-%m-%d")


def last_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the last day that may be chosen: its end is within the longest time."""
    return latest_end(at.astimezone(zone)).date() - A_DAY


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day is over where the patient lives."""
    return datetime.combine(day + A_DAY, time(), tzinfo=zone)


def _day_field(at: datetime, zone: ZoneInfo, last: date) -> forms.DateField:
    first = at.astimezone(zone).date()
    return forms.DateField(
        label="Until which day",
        help_text=gettext(
            "It ends by itself that night. The last day you can choose is %(day)s."
        )
        % {"day": date_format(last, gettext("j F Y"))},
        widget=DayInput(first=first, last=last),
        error_messages={"required": "Please choose a day.", "invalid": "Please choose a day."},
    )


def _kinds_field(
    categories: Iterable[Category], *, purpose: str = ""
) -> forms.MultipleChoiceField:
    known = offered().kinds_for(purpose)
    kinds = [k for c, k in known.items() if c in frozenset(categories)]
    return forms.MultipleChoiceField(
        label="What they can see",
        choices=[(k.category.value, f"{spoken(k.name)}. {spoken(k.says)}") for k in kinds],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Please tick at least one."},
    )


class _SharingForm(AskingForm):
    """What every sharing needs: kinds, a reason and an end."""

    def __init__(self, *args: Any, at: datetime, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.at, self.zone = at, zone

    def clean_until(self) -> date:
        """Refuse a day that is over, or too far ahead."""
        chosen: date = self.cleaned_data["until"]
        first = self.at.astimezone(self.zone).date()
        last = self.fields["until"].widget.attrs["max"]
        if not first <= chosen <= date.fromisoformat(last):
            raise forms.ValidationError(
                gettext("Please choose a day from today to %(day)s.")
                % {"day": date_format(date.fromisoformat(last), gettext("j F Y"))}
            )
        return chosen

    @property
    def categories(self) -> frozenset[Category]:
        """The kinds that were ticked."""
        return frozenset(map(Category, self.cleaned_data["kinds"]))

    def terms(self, *, purpose: str, text_version: str) -> Terms:
        """Return what was filled in as the terms of a consent."""
        return Terms(
            categories=self.categories,
            purpose=purpose,
            since=self.at,
            until=end_of(self.cleaned_data["until"], self.zone),
            text_version=text_version,
        )


class BeginForm(_SharingForm):
    """A new sharing with somebody on the care team."""

    def __init__(
        self,
        *args: Any,
        team: Sequence[OnTheTeam],
        substance: bool,
        at: datetime,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, at=at, zone=zone, **kwargs)
        self.team = {str(one.account.pk): one for one in team}
        self.fields["person"] = forms.ChoiceField(
            label="Who",
            choices=[(pk, described(one)) for pk, one in self.team.items()],
            widget=forms.RadioSelect,
            error_messages={"required": "Please choose a person."},
        )
        kinds = {Category.SUBSTANCE} if substance else offered().general
        self.fields["kinds"] = _kinds_field(kinds)
        self.fields["purpose"] = forms.ChoiceField(
            label="What for",
            choices=list(offered().purposes.items()),
            widget=forms.RadioSelect,
            error_messages={"required": "Please choose a reason."},
        )
        self.fields["until"] = _day_field(at, zone, last_day(at, zone))
        self.initial.setdefault("until", (at + AT_FIRST).astimezone(zone).date())

    @property
    def recipient(self) -> User:
        """The partner who was chosen."""
        return self.team[self.cleaned_data["person"]].account


class LessForm(_SharingForm):
    """The same sharing, made smaller or shorter."""

    def __init__(
        self,
        *args: Any,
        scope: frozenset[Category],
        last: date,
        at: datetime,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, at=at, zone=zone, **kwargs)
        self.fields["kinds"] = _kinds_field(scope)
        self.fields["until"] = _day_field(at, zone, last)
        self.initial.setdefault("kinds", [c.value for c in scope])
        self.initial.setdefault("until", last)


class SupportForm(_SharingForm):
    """What somebody close sees, and until when. Nothing is ticked at first."""

    def __init__(self, *args: Any, at: datetime, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, at=at, zone=zone, **kwargs)
        self.fields["kinds"] = _kinds_field(offered().support.kinds, purpose=SUPPORT)
        self.fields["until"] = _day_field(at, zone, last_day(at, zone))
        self.initial.setdefault("until", (at + AT_FIRST).astimezone(zone).date())


class AskSupporterForm(AskingForm):
    """Somebody close whom the patient asks to be there."""

    name = forms.CharField(
        label="Their name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Their e-mail",
        help_text="Only they should read it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    called = forms.CharField(
        label="What they call you",
        max_length=60,
        help_text="They see this name and no other.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class ProposeForm(AskingForm):
    """Somebody the patient would like on their care team."""

    name = forms.CharField(
        label="Their name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Their e-mail at work", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    profession = forms.ChoiceField(
        label="What they do",
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose one."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["profession"].choices = list(offered().professions.items())  # type: ignore[attr-defined]


def described(one: OnTheTeam) -> str:
    """Return a partner as people tell them apart: name and profession."""
    return f"{one.account.get_full_name()}, {one.proposal.profession_words.lower()}"
