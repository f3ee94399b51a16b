"""What the public pages ask."""

from __future__ import annotations

import tomllib
import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from securebase.content import content_text
from securebase.people.accounts.models import User
from securebase.people.accounts.passphrases import refuse_own_words, words_in
from securebase.stories.set_up_practice import Founder, Place

WORDS_FOR_CHOOSING = (
    "At least 15 characters. Four or five words that belong together only for you work "
    "well. Any characters count, spaces too."
)
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe")
OCEANS = ("Indian", "Pacific")


@lru_cache(maxsize=1)
def countries() -> list[tuple[str, str]]:
    """Return (code, name) of every country, in the order of their names."""
    text = content_text("countries.toml")
    named: dict[str, str] = tomllib.loads(text)["countries"]
    return sorted(named.items(), key=lambda pair: pair[1])


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """Return (name, name in words) of every place-named time zone."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones()
        if name.partition("/")[0] in REGIONS + OCEANS
    )
    return [(name, name.replace("_", " ")) for name in names]


def password_field(label: str) -> forms.CharField:
    """Return a field for a new passphrase, with what is asked of it said first."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=label, help_text=WORDS_FOR_CHOOSING, strip=False, max_length=256, widget=widget
    )


class PassphraseForm(forms.Form):
    """The one thing an invitation asks."""

    password = password_field("Choose a passphrase")

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse a passphrase that is too short or too common."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password


class SetUpForm(forms.Form):
    """The practice and the first person."""

    practice = forms.CharField(
        label="Name of the practice",
        max_length=120,
        help_text="Patients see it. A plain name keeps a screen seen by others quiet.",
    )
    country = forms.ChoiceField(
        label="Country", help_text="Decides which people and numbers for a crisis are shown."
    )
    time_zone = forms.ChoiceField(label="Time zone", initial="Europe/London")
    signals = forms.ChoiceField(
        label="Signals",
        widget=forms.RadioSelect,
        choices=[("off", "Keep signals off for now"), ("on", "Turn signals on")],
        initial="off",
    )
    name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = password_field("Choose a passphrase")

    PRACTICE_FIELDS = ("practice", "country", "time_zone")
    PERSON_FIELDS = ("name", "email", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]

    def practice_fields(self) -> list[forms.BoundField]:
        """Return what is asked about the practice."""
        return [self[name] for name in self.PRACTICE_FIELDS]

    def person_fields(self) -> list[forms.BoundField]:
        """Return what is asked about the person."""
        return [self[name] for name in self.PERSON_FIELDS]

    def clean_password(self) -> str:
        """Refuse a passphrase that is too short, too common, or of words just given."""
        password: str = self.cleaned_data["password"]
        given = self.cleaned_data
        validate_password(
            password, User(name=given.get("name", ""), email=given.get("email", ""))
        )
        refuse_own_words(password, words_in(given.get("practice", "")))
        return password

    def place(self) -> Place:
        """Return what was answered about the practice."""
        given = self.cleaned_data
        return Place(
            name=given["practice"],
            country=given["country"],
            time_zone=given["time_zone"],
            signals_on=given["signals"] == "on",
        )

    def founder(self) -> Founder:
        """Return what was answered about the person."""
        given = self.cleaned_data
        return Founder(email=given["email"], name=given["name"], password=given["password"])
