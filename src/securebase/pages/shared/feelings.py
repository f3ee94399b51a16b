"""A feeling that was named, in words a page can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebase.pages.shared.language.content import spoken
from securebase.science.feelings import vocabulary

NOT_YET = "I don't know yet"


@dataclass(frozen=True, slots=True)
class InWords:
    """One feeling as it is shown: its word, where it was felt, and what it asked for."""

    name: str
    strength: int | None
    places: tuple[str, ...]
    needs: tuple[str, ...]
    note: str


def named_in_words(told: Mapping[str, Any]) -> InWords:
    """Return a feeling as it is shown; a word that is no longer in the list stays as it is."""
    known = vocabulary()
    word = told["word"]
    entry = known.words.get(word)
    return InWords(
        name=spoken(entry.name if entry else word or NOT_YET),
        strength=told["strength"],
        places=_names(told["places"], known.places),
        needs=_names(told["needs"], known.needs),
        note=told["note"],
    )


def _names(slugs: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(spoken(names.get(slug, slug)) for slug in slugs)
