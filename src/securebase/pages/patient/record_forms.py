"""Forms of the patient's record: what somebody does not recognise."""

from __future__ import annotations

from django import forms

from securebase.pages.shared.asking import AskingForm
from securebase.stories.raise_concern import LONGEST


class ConcernForm(AskingForm):
    """What somebody does not recognise; it may stay empty."""

    words = forms.CharField(
        label="What do you want us to know?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={
            "max_length": "This is longer than we can keep. Please make it a little shorter."
        },
    )
