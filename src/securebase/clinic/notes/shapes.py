"""The shapes a note can have, read from content; a practice may bring its own.

A file ``note-shapes.toml`` in the data folder takes the place of the one we ship. It is
read again when it changes, and one that cannot be read is refused in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from securebase.content import content_text
from securebase.science.cards import read_toml
from securebase.science.errors import ContentError

FILE = "note-shapes.toml"
NOT_SHAPES = (LookupError, TypeError, AttributeError, ValueError, OverflowError)
"""What reading a file of another make ends in."""


@dataclass(frozen=True, slots=True)
class ShapePart:
    """One heading of a shape, and what belongs under it."""

    slug: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write a note: its parts in order."""

    slug: str
    name: str
    says: str
    parts: tuple[ShapePart, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Every shape of this practice, and the figures that hold for all of them."""

    shapes: tuple[Shape, ...]
    most_characters: int
    usual_wait: timedelta
    """From signing until the patient may read it."""
    longest_wait: timedelta
    """The same where the author gives a reason to hold it back."""

    def named(self, slug: str) -> Shape:
        """Return one shape, or say which there are."""
        for shape in self.shapes:
            if shape.slug == slug:
                return shape
        known = ", ".join(shape.slug for shape in self.shapes)
        raise ValidationError(f"There is no shape {slug!r} for a note; choose one of {known}.")


def the_shapes() -> Shapes:
    """Return the shapes this practice writes notes in."""
    own = Path(settings.DATA_DIR) / FILE
    if own.exists():
        return _of_practice(own, own.stat().st_mtime_ns)
    return _shipped()


def read_shapes(text: str) -> Shapes:
    """Read a file of shapes, or say what is wrong with it and where."""
    try:
        told = read_toml(text, name=FILE)
        return Shapes(
            shapes=tuple(_shape(one) for one in told["shape"]),
            most_characters=int(told["limits"]["most_characters"]),
            usual_wait=timedelta(days=told["open_notes"]["usual_days"]),
            longest_wait=timedelta(days=told["open_notes"]["longest_days"]),
        )
    except ContentError as problem:
        raise ValidationError(str(problem)) from problem
    except NOT_SHAPES as problem:
        raise ValidationError(
            f"{FILE}: {problem} is missing or not what it should be; take the shipped file "
            "as the pattern."
        ) from problem


@lru_cache(maxsize=1)
def _shipped() -> Shapes:
    return read_shapes(content_text(FILE))


@lru_cache(maxsize=2)
def _of_practice(path: Path, changed: int) -> Shapes:
    return read_shapes(path.read_text("utf-8"))


def _shape(told: Mapping[str, Any]) -> Shape:
    parts = tuple(
        ShapePart(_words(p, "slug"), _words(p, "label"), _words(p, "hint", ""))
        for p in told["part"]
    )
    slugs = [part.slug for part in parts]
    if not slugs or len(set(slugs)) != len(slugs):
        raise ValidationError(
            f"{FILE}: the shape {told['slug']!r} has the parts {slugs}; give it at least one, "
            "each with its own slug."
        )
    return Shape(_words(told, "slug"), _words(told, "name"), _words(told, "says", ""), parts)


def _words(told: Mapping[str, Any], key: str, otherwise: str | None = None) -> str:
    found = told[key] if otherwise is None else told.get(key, otherwise)
    if not isinstance(found, str):
        raise TypeError(f"{key} = {found!r}")
    return found
