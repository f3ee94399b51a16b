"""What a clinician writes at the therapy desk; every rule behind it lives with the action.

A form about somebody carries a seal of whom it is about and who opened it. A page left
open while somebody else was looked at, or signed in, then writes where it says or nowhere.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone

from securebase.clinic.notes.actions import MOST_REASON, Said
from securebase.clinic.notes.body import Body
from securebase.clinic.notes.models import NoteDraft, ProcessNote, Promise
from securebase.clinic.notes.shapes import the_shapes
from securebase.clinic.therapy.working import MOST_WORDS, Skill
from securebase.pages.clinician.forms import DateInput
from securebase.pages.shared.asking import AskingForm
from securebase.people.accounts.models import User
from securebase.science.exercises import exercises

ROWS = 7
_signer = signing.Signer(salt="desk.form")
RATINGS = [("", "Not asked"), *((n, str(n)) for n in range(11))]


def seal_of(thing: NoteDraft | ProcessNote, user: User) -> str:
    """Return what ties a form to one thing, its patient and who opened it."""
    return _signer.signature(f"{thing.pk} {thing.patient_id} {user.pk}")


class WordsField(forms.CharField):
    """Words in any amount; whether they are too many, or none, the action says."""

    def __init__(self, *, label: str, hint: str = "", rows: int = ROWS) -> None:
        area = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(label=label, help_text=hint, strip=False, widget=area)

    def validate(self, value: Any) -> None:
        """Take what was written as it is."""


class WritingForm(AskingForm):
    """A form on words that others may be writing too: version, what they were, the seal."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    seal = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, thing: NoteDraft | ProcessNote, user: User, data: Any = None) -> None:
        super().__init__(data, auto_id="note-%s")
        self.initial = {"version": thing.version, "seal": seal_of(thing, user)}
        self.rightly_sealed = data is None or data.get("seal") == self.initial["seal"]

    @property
    def is_ours(self) -> bool:
        """Whether it came whole, from a page that was opened on this thing by this user."""
        return self.rightly_sealed and self.is_valid()

    def add_words(self, name: str, words: WordsField, *, now: str, was: str) -> None:
        """Add a field of words, and beside it, hidden, what it said when it was read."""
        self.fields[name] = words
        kept = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
        self.fields[f"was-{name}"] = kept
        self.initial = {**self.initial, name: now, f"was-{name}": was}


class NoteForm(WritingForm):
    """A progress note: one field for each of its parts."""

    def __init__(
        self, draft: NoteDraft, user: User, data: Any = None, *, body: Body | None = None
    ) -> None:
        super().__init__(draft, user, data)
        self.base, shown = draft.body, body or draft.body
        hints = _hints(draft.shape)
        for part, was in zip(shown.parts, self.base.parts, strict=True):
            words = WordsField(label=part.label, hint=hints.get(part.slug, ""))
            self.add_words(f"part-{part.slug}", words, now=part.text, was=was.text)

    def said(self) -> Said:
        """Return what the note shall say, and from which version it began."""
        return Said(self.cleaned_data["version"], self._texts("part-"))

    def was(self) -> Body:
        """Return the note as it stood when this form was read."""
        return self.base.saying(self._texts("was-part-"))

    def mine(self) -> Body:
        """Return the note as this form wants it."""
        return self.base.saying(self._texts("part-"))

    def _texts(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): text
            for name, text in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class ApartForm(WritingForm):
    """A process note: one field, for its author alone."""

    def __init__(
        self, note: ProcessNote, user: User, data: Any = None, *, now: str | None = None
    ) -> None:
        super().__init__(note, user, data)
        words = WordsField(label="For yourself", rows=16)
        self.add_words("text", words, now=note.text if now is None else now, was=note.text)


class SignForm(AskingForm):
    """The last look before signing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    held_because = forms.CharField(
        label="Hold it back for longer, because",
        required=False,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Leave it empty, and the patient can read the note after the usual wait.",
    )


class AddendumForm(AskingForm):
    """Something added to a signed note."""

    text = forms.CharField(label="What", widget=forms.Textarea(attrs={"rows": 4}))
    why = forms.CharField(label="Why now", max_length=MOST_REASON)


class BeginForm(forms.Form):
    """Which shape a note has."""

    shape = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        shapes = the_shapes().shapes
        field: Any = self.fields["shape"]
        field.choices = [(one.slug, f"{one.name}. {one.says}") for one in shapes]
        field.initial = shapes[0].slug


class AgendaForm(AskingForm):
    """Something for the next session."""

    text = forms.CharField(
        label="For the session",
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SkillForm(AskingForm):
    """A skill that was practised, with both ratings if they were asked."""

    exercise = forms.ChoiceField(label="Skill")
    before = forms.TypedChoiceField(
        label="Distress before, 0 to 10",
        required=False,
        choices=RATINGS,
        coerce=int,
        empty_value=None,
    )
    after = forms.TypedChoiceField(
        label="Distress after, 0 to 10",
        required=False,
        choices=RATINGS,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="skill")
        field: Any = self.fields["exercise"]
        field.choices = [(one.slug, one.title) for one in exercises()]

    def skill(self) -> Skill:
        """Return what was practised."""
        return Skill(**self.cleaned_data)


class PromiseForm(AskingForm):
    """What is promised, and by when."""

    kind = forms.ChoiceField(label="You promise", choices=Promise.Kind.choices)
    text = forms.CharField(label="In your words", required=False, max_length=MOST_REASON)
    day = forms.DateField(label="By the end of", widget=DateInput())

    def due_at(self) -> datetime:
        """Return the end of that day on the practice's clock."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], time(23, 59)))


def _hints(shape: str) -> dict[str, str]:
    """Return the hints of a shape by part; none where the practice dropped it since."""
    found = [one for one in the_shapes().shapes if one.name == shape]
    return {part.slug: part.hint for one in found for part in one.parts}
