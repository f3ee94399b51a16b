"""What a patient gives to be kept: one doing, one entry of the kit, one file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError

from securebase.clinic.practice.models import KitEntry, Window
from securebase.clinic.practice.pictures import stripped
from securebase.clinic.practice.sounds import sound_type
from securebase.science.exercises import exercise
from securebase.science.kit_terms import kit_terms

DISTRESS = range(11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One time of doing an exercise, as it is sent; ``key`` is made by whoever sends it."""

    key: UUID
    exercise: str
    before: int | None = None
    after: int | None = None
    window_before: str = ""
    window_after: str = ""
    made_worse: bool = False

    def check(self) -> None:
        """Refuse an unknown exercise, and a number or a word that was not offered."""
        exercise(self.exercise)
        for number in (self.before, self.after):
            if number is not None and number not in DISTRESS:
                raise ValidationError(
                    f"Distress is {number}; it runs from 0 to 10. Choose one of these, "
                    "or leave it out."
                )
        for word in (self.window_before, self.window_after):
            if word and word not in Window.values:
                raise ValidationError(
                    f"{word!r} was not offered; choose {', '.join(Window.values)}, or none."
                )


@dataclass(frozen=True, slots=True)
class File:
    """One picture or sound, checked and without what it need not carry."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One entry of the kit, as it is given."""

    kind: str
    title: str = ""
    words: str = ""
    exercise: str = ""
    file: bytes | None = None

    def check(self) -> File | None:
        """Refuse what cannot be kept; return the file as it may be kept."""
        _check_words(self)
        if self.kind == KitEntry.Kind.EXERCISE:
            exercise(self.exercise)
        if self.kind == KitEntry.Kind.PICTURE:
            return _picture(self.file)
        return _sound(self.file) if self.kind == KitEntry.Kind.SOUND else None


def _check_words(kept: Kept) -> None:
    terms = kit_terms()
    if kept.kind not in KitEntry.Kind.values:
        raise ValidationError(f"{kept.kind!r} is no kind of thing that a kit can hold.")
    own = kept.kind != KitEntry.Kind.EXERCISE
    if own and not kept.title.strip():
        raise ValidationError("Please give it a name, so that you can find it again.")
    if len(kept.title) > terms.title_letters or len(kept.words) > terms.words_letters:
        raise ValidationError(
            f"That is longer than we can keep: {terms.title_letters} letters for the name, "
            f"{terms.words_letters} for the words. Please make it a little shorter."
        )


def _picture(data: bytes | None) -> File:
    most = kit_terms().picture_bytes
    _check_size(data, most, "picture")
    media_type, clean = stripped(data or b"")
    return File(media_type, clean)


def _sound(data: bytes | None) -> File:
    _check_size(data, kit_terms().sound_bytes, "recording")
    return File(sound_type(data or b""), data or b"")


def _check_size(data: bytes | None, most: int, what: str) -> None:
    if not data:
        raise ValidationError(f"There is no {what} yet. Choose or make one, please.")
    if len(data) > most:
        raise ValidationError(
            f"This {what} has {len(data) / 1e6:.1f} MB; up to {most / 1e6:.1f} MB can be "
            "kept. Choose a smaller or shorter one."
        )
