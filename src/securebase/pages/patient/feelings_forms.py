"""Forms for naming a feeling: every part may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_noop

from securebase.clinic.said.actions import LONGEST_WORDS
from securebase.clinic.said.feelings import Named
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.language.content import spoken
from securebase.science.feelings import vocabulary

CANNOT_SAY = ""
PLEASANT = [
    ("1", gettext_noop("Pleasant")),
    ("0", gettext_noop("Both, or neither")),
    ("-1", gettext_noop("Unpleasant")),
]
ENERGY = [
    ("1", gettext_noop("A lot of energy")),
    ("0", gettext_noop("Some")),
    ("-1", gettext_noop("Hardly any")),
]


class LikeForm(forms.Form):
    """Where a feeling lies, for somebody who has no word for it yet."""

    pleasant = forms.TypedChoiceField(
        label="Is it pleasant?",
        choices=[*PLEASANT, (CANNOT_SAY, gettext_noop("I can't say"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    energy = forms.TypedChoiceField(
        label="How much energy is in it?",
        choices=[*ENERGY, (CANNOT_SAY, gettext_noop("I can't say"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class FeelingForm(AskingForm):
    """The rest of what there is to say of a feeling."""

    strength = forms.IntegerField(
        label="How strong is it, from 0 to 10?",
        required=False,
        min_value=0,
        max_value=10,
        error_messages={
            "min_value": "Choose a number from 0 to 10.",
            "max_value": "Choose a number from 0 to 10.",
            "invalid": "Choose a number from 0 to 10.",
        },
    )
    places = forms.MultipleChoiceField(
        label="Where in your body?", required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.MultipleChoiceField(
        label="What might help?", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label="Anything else?",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"max_length": "This is too long to keep. Make it a little shorter."},
    )
    shown = forms.BooleanField(label="My therapist may see this", required=False)

    def __init__(self, *args: Any, likely: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        known = vocabulary()
        self.fields["places"].choices = list(spoken(known.places).items())  # type: ignore[attr-defined]
        first = [slug for slug in likely if slug in known.needs]
        rest = [slug for slug in known.needs if slug not in first]
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (slug, spoken(known.needs[slug])) for slug in (*first, *rest)
        ]

    def named(self, word: str, like: LikeForm) -> Named:
        """Return the feeling as it was named, with where it lies if that was said."""
        said = self.cleaned_data
        lies = like.cleaned_data if like.is_valid() else {}
        return Named(
            word=word,
            strength=said["strength"],
            places=tuple(said["places"]),
            needs=tuple(said["needs"]),
            note=said["note"].strip(),
            pleasant=lies.get("pleasant"),
            energy=lies.get("energy"),
        )
