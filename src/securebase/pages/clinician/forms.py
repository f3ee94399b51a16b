"""What a clinician fills in; every rule behind it lives with the action."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from securebase.clinic.therapy.actions import MOST_DAYS, Minute
from securebase.clinic.therapy.models import MOST_DISTRESS, Rupture, TherapySession
from securebase.pages.shared.asking import AskingForm
from securebase.people.post.languages import spoken_here
from securebase.science.strain_markers import strain_markers

WEEKDAYS = (
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
)
CLOSE_REASONS = (
    ("talked", "We talked about it"),
    ("repaired", "It is repaired"),
    ("acted", "I acted on it in another way"),
    ("passed", "It passed by itself"),
    ("noise", "I think it was noise"),
    ("other", "Another reason"),
)
MOST_REASON = 1000
TENSION = (
    ("", "Not said"),
    (0, "0: none"),
    (1, "1: a little"),
    (2, "2: some"),
    (3, "3: quite a lot"),
    (4, "4: a lot"),
)


class DateInput(forms.DateInput):
    """The device's own way to choose a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The device's own way to choose a time."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class InviteForm(AskingForm):
    """Who is invited, and what is planned."""

    name = forms.CharField(
        max_length=120,
        help_text="As this person wants to be called. Kept encrypted.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pronouns = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="E-mail",
        help_text="The link goes here. The mail has no name, no practice and no clinical word.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        choices=lambda: list(spoken_here().items()),
        help_text="Their pages and mails speak it. They can change it.",
    )
    planned_sessions = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=200,
        help_text="Needed to say how likely improvement is by the end. You can leave it open.",
    )


class ReasonForm(forms.Form):
    """A reason in a line or two."""

    reason = forms.CharField(
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept encrypted with this signal.",
    )


class CloseForm(forms.Form):
    """Why a signal is closed."""

    reason_code = forms.ChoiceField(
        label="Because", choices=CLOSE_REASONS, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="In your words",
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LaterForm(forms.Form):
    """The day on which a signal comes back."""

    day = forms.DateField(label="Show it again on", widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": timezone.localdate() + timedelta(days=7)})
        super().__init__(*args, **kwargs)

    def clean_day(self) -> date:
        """Refuse a day that is not ahead."""
        chosen: date = self.cleaned_data["day"]
        if chosen <= timezone.localdate():
            raise forms.ValidationError("Choose tomorrow or a later day.")
        return chosen


class SessionForm(forms.Form):
    """When the next meeting is."""

    day = forms.DateField(widget=DateInput())
    time = forms.TimeField(widget=TimeInput())
    minutes = forms.IntegerField(min_value=10, max_value=240, initial=50)


class SessionClosedForm(forms.Form):
    """How a session went: one word, and a minute more if there is one."""

    state = forms.ChoiceField(
        label="The session was",
        choices=[
            (state.value, state.label)
            for state in TherapySession.State
            if state is not TherapySession.State.PLANNED
        ],
        initial=TherapySession.State.HELD.value,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether it was held, missed or cancelled.",
            "invalid_choice": "Say whether it was held, missed or cancelled.",
        },
    )
    tension = forms.TypedChoiceField(
        label="Tension between you, as you noticed it",
        choices=TENSION,
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text="Compared with what the patient says, where they are asked.",
    )
    distress = forms.IntegerField(
        label="Distress at the end, as the patient rated it",
        required=False,
        min_value=0,
        max_value=MOST_DISTRESS,
        help_text="0 is none, 10 the most there can be. Leave it empty if you did not ask.",
    )
    processed = forms.BooleanField(
        label="We worked on a memory (processing)",
        required=False,
        help_text=(
            "For 14 days after the first time, prompts about worse symptoms are held. "
            "Safety answers are shown as always."
        ),
    )

    def minute(self) -> Minute:
        """Return what was said beside the one word."""
        said = self.cleaned_data
        return Minute(
            tension=said["tension"], distress=said["distress"], processed=said["processed"]
        )

    def clean(self) -> dict[str, Any]:
        """Refuse to rate a session that did not take place."""
        said: dict[str, Any] = self.cleaned_data
        rated = [name for name in ("tension", "distress") if said.get(name) is not None]
        held = said.get("state") in {TherapySession.State.HELD.value, None}
        if not held and (rated or said.get("processed")):
            raise forms.ValidationError(
                "A session that did not take place has nothing to rate. "
                "Leave the rest empty, or say that it was held."
            )
        return said


class IntervalForm(forms.Form):
    """How many days lie between sessions."""

    days = forms.IntegerField(
        label="Days between sessions",
        min_value=1,
        max_value=MOST_DAYS,
        help_text="7 is every week, 14 every other week.",
    )


def marker_choices() -> list[tuple[str, Any]]:
    """Return the markers of a strain by family, with an empty one first."""
    families: list[tuple[str, Any]] = [
        (
            str(kind.label),
            [(m.key, m.words) for m in strain_markers().values() if m.kind == kind],
        )
        for kind in (Rupture.Kind.WITHDRAWAL, Rupture.Kind.CONFRONTATION)
    ]
    return [("", "Not said"), *families]


class RuptureForm(forms.Form):
    """A strain in the working relationship, as it was noticed."""

    kind = forms.ChoiceField(
        label="How it showed", choices=Rupture.Kind, widget=forms.RadioSelect
    )
    marker = forms.ChoiceField(
        label="What you saw, if you can say",
        choices=marker_choices,
        required=False,
    )
    note = forms.CharField(
        label="What you noticed",
        required=False,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A process note: for your eyes, kept encrypted.",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a marker of the other family."""
        said: dict[str, Any] = self.cleaned_data
        chosen = said.get("marker")
        if chosen and strain_markers()[chosen].kind != said.get("kind"):
            raise forms.ValidationError(
                "What you saw belongs to the other family. Change one of the two."
            )
        return said


class HistoryForm(forms.Form):
    """A table of past scores."""

    file = forms.FileField(
        label="A CSV file",
        help_text="Columns at, measure, value; or at and one for each measure. At most 1 MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
