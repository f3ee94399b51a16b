"""Forms of the kit: how it was before and after, and what is put in."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_noop

from securebase.clinic.practice.entries import Done, Kept
from securebase.clinic.practice.models import KitEntry, Window
from securebase.pages.shared.asking import AskingForm
from securebase.science.kit_terms import kit_terms

NO_WINDOW = [("", gettext_noop("Leave out")), *Window.choices]
PICTURE, RECORDING = gettext_noop("The picture"), gettext_noop("The recording")
TITLES = {
    KitEntry.Kind.WORDS: gettext_noop("A name for these words"),
    KitEntry.Kind.PERSON: gettext_noop("Their name"),
    KitEntry.Kind.PLACE: gettext_noop("A name for the place"),
    KitEntry.Kind.PICTURE: gettext_noop("A name for the picture"),
    KitEntry.Kind.SOUND: gettext_noop("Whose voice, or what sound"),
}
WORDS = {
    KitEntry.Kind.WORDS: gettext_noop("The words"),
    KitEntry.Kind.PERSON: gettext_noop("Their number, and what they are good for"),
    KitEntry.Kind.PLACE: gettext_noop("How you get there, or what it is like"),
    KitEntry.Kind.PICTURE: gettext_noop("What it brings back"),
    KitEntry.Kind.SOUND: gettext_noop("What is said"),
}


def _distress(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=10, required=False)


def _window(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=NO_WINDOW, required=False, widget=forms.RadioSelect
    )


class DoingForm(AskingForm):
    """How it was before and after one exercise; the key is made when the page is."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    before = _distress(gettext_noop("How strong is it before?"))
    window_before = _window(gettext_noop("Is it"))
    after = _distress(gettext_noop("How strong is it now?"))
    window_after = _window(gettext_noop("Is it now"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"label_suffix": "", "initial": {"key": uuid4()}}
        super().__init__(*args, **kwargs)

    def done(self, exercise: str, *, worse: bool) -> Done:
        """Return what was given, as it is kept."""
        given = self.cleaned_data
        key: UUID = given["key"]
        return Done(
            key=key,
            exercise=exercise,
            before=given["before"],
            after=given["after"],
            window_before=given["window_before"],
            window_after=given["window_after"],
            made_worse=worse,
        )


class EntryForm(AskingForm):
    """One own thing: a name, some words, and a picture or a sound where it is one."""

    title = forms.CharField()
    words = forms.CharField(
        required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: str, entry: KitEntry | None = None, **kwargs: Any
    ) -> None:
        self.kind = kind
        if entry is not None:
            kwargs["initial"] = {
                "title": entry.title,
                "words": entry.words,
                "version": entry.version,
            }
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        terms = kit_terms()
        title, words = self.fields["title"], self.fields["words"]
        title.label, words.label = TITLES[KitEntry.Kind(kind)], WORDS[KitEntry.Kind(kind)]
        title.widget.attrs |= {"maxlength": terms.title_letters, "autocomplete": "off"}
        words.widget.attrs |= {"maxlength": terms.words_letters, "autocomplete": "off"}
        if entry is None and kind == KitEntry.Kind.PICTURE:
            self.fields["file"] = _file(
                gettext_noop("The picture"), "image/jpeg,image/png", "data-picture"
            )
        if entry is None and kind == KitEntry.Kind.SOUND:
            accepted = "audio/webm,audio/ogg,audio/mp4,.m4a,.webm,.ogg"
            self.fields["file"] = _file(
                gettext_noop("The recording"), accepted, "data-sound-file"
            )

    def kept(self) -> Kept:
        """Return what was given, as it is kept."""
        given = self.cleaned_data
        file: UploadedFile[bytes] | None = given.get("file")
        return Kept(
            kind=self.kind,
            title=given["title"],
            words=given["words"],
            file=_read(file) if file else None,
        )


def _file(label: str, accept: str, mark: str) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": accept, mark: True})
    return forms.FileField(label=label, widget=widget)


def _read(file: UploadedFile[bytes]) -> bytes:
    """Return the bytes of a file, unless it is larger than anything that may be kept."""
    most = max(kit_terms().picture_bytes, kit_terms().sound_bytes)
    if file.size is not None and file.size > most:
        raise ValidationError(
            f"This has {file.size / 1e6:.1f} MB; up to {most / 1e6:.1f} MB can be kept. "
            "Choose a smaller or shorter one."
        )
    data: bytes = file.read()
    return data
