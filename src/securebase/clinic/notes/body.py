"""What stands in a note: texts under headings, as one sealed text keeps them. Pure.

The headings are kept with the words, so that a practice can change its shapes without
changing what was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from securebase.clinic.notes.merging import merge
from securebase.clinic.notes.shapes import Shape


@dataclass(frozen=True, slots=True)
class Part:
    """The words under one heading."""

    slug: str
    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A note as it stands: its parts in order."""

    parts: tuple[Part, ...]

    @classmethod
    def empty(cls, shape: Shape) -> Body:
        """Return a note of this shape with nothing in it."""
        return cls(tuple(Part(part.slug, part.label) for part in shape.parts))

    @classmethod
    def read(cls, kept: str) -> Body:
        """Return the note that a sealed text keeps."""
        return cls(tuple(Part(*one) for one in json.loads(kept)))

    def kept(self) -> str:
        """Return the note as one text, to be sealed."""
        return json.dumps([[part.slug, part.label, part.text] for part in self.parts])

    def saying(self, texts: Mapping[str, str]) -> Body:
        """Return the note with these texts by part; a part not named stays as it is."""
        return Body(
            tuple(
                replace(part, text=one_newline(texts.get(part.slug, part.text)))
                for part in self.parts
            )
        )

    @property
    def texts(self) -> dict[str, str]:
        """The words of each part."""
        return {part.slug: part.text for part in self.parts}

    @property
    def written(self) -> tuple[Part, ...]:
        """The parts that hold words."""
        return tuple(part for part in self.parts if part.text.strip())

    @property
    def length(self) -> int:
        """How many characters it has."""
        return sum(len(part.text) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two versions of a note put together, and the parts in which they met."""

    body: Body
    meeting: tuple[str, ...]
    """Slugs of parts in which both changed the same lines; both stand there."""


def join(*, base: Body, mine: Body, theirs: Body) -> Joined:
    """Put together two notes that began as the same one; no line of either is left out."""
    meeting, texts = [], {}
    for part, text, met in _each(base, mine, theirs):
        texts[part] = text
        if met:
            meeting.append(part)
    return Joined(theirs.saying(texts), tuple(meeting))


def one_newline(text: str) -> str:
    """Return a text with one kind of line end; browsers send two characters for it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _each(base: Body, mine: Body, theirs: Body) -> Iterator[tuple[str, str, bool]]:
    was, said = base.texts, mine.texts
    for part in theirs.parts:
        merged = merge(
            base=was.get(part.slug, ""), mine=said.get(part.slug, ""), theirs=part.text
        )
        yield part.slug, merged.text, merged.meets
