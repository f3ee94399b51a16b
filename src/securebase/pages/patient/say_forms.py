"""Forms of what a patient says: nothing in them has to be filled in to keep it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from securebase.clinic.said.actions import LONGEST_TITLE, LONGEST_WORDS, ChangedElsewhere, Seen
from securebase.clinic.said.models import Draft
from securebase.pages.shared.asking import AskingForm

TOO_LONG = "This is longer than we can keep. Please make it a little shorter."
ONLY_TITLE, WHOLE = "title", "whole"


class SayForm(forms.Form):
    """A title and words, and which version of them the page showed."""

    title = forms.CharField(
        label="A few words as a title",
        required=False,
        max_length=LONGEST_TITLE,
        help_text="You can leave it out.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = forms.CharField(
        label="What you want to say",
        required=False,
        max_length=LONGEST_WORDS,
        strip=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def seen(self) -> Seen:
        """Return what the page showed when these words were written."""
        return Seen(self.cleaned_data["version"], self.cleaned_data["page"])

    def again(self, draft: Draft) -> SayForm:
        """Return the form with the same words, now knowing of what another page kept."""
        sent = {name: self.data[name] for name in self.data}
        return SayForm({**sent, "version": str(draft.version)}, label_suffix="")


class BringForm(AskingForm):
    """How much of it the clinician may see before the session."""

    how = forms.ChoiceField(
        label="What your therapist may see",
        choices=[
            (ONLY_TITLE, "Only the title. I say the rest myself."),
            (WHOLE, "All of it, so that I do not have to begin."),
        ],
        initial=ONLY_TITLE,
        widget=forms.RadioSelect,
    )


class SendForm(AskingForm):
    """What was shown before sending, and whether an answer is wanted."""

    answer = forms.BooleanField(label="I would like an answer", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def seen(self) -> Seen:
        """Return what was shown before it was sent."""
        return Seen(self.cleaned_data["version"])

    def refuse(self, refused: ValidationError) -> None:
        """Put a refusal into the form; another page's words are for the page to show."""
        if isinstance(refused, ChangedElsewhere):
            raise refused
        super().refuse(refused)
