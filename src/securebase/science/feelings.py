"""Words for feelings: three levels, where they lie, and what they may be asking for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys, check_words
from securebase.science.errors import ContentError

FILE = "feelings.toml"
FARTHEST = 2
"""How far a word lies from the middle of either axis."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word for a feeling, and its place in the list."""

    slug: str
    name: str
    level: int
    """1 for the family, 2 and 3 for nearer words."""
    above: str
    """Slug of the wider word; empty for a family."""
    pleasant: int
    """-2 (unpleasant) to 2 (pleasant): where its family lies, without unit."""
    energy: int
    """-2 (little) to 2 (much): where its family lies, without unit."""
    needs: tuple[str, ...]
    """Slugs of what its family may be asking for, likeliest first."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word, place and need by its slug, in the order of the page."""

    version: str
    words: Mapping[str, Word]
    needs: Mapping[str, str]
    places: Mapping[str, str]

    def nearer(self, slug: str = "") -> tuple[Word, ...]:
        """Return the words right below one; the families if none is named."""
        return tuple(word for word in self.words.values() if word.above == slug)

    def path(self, slug: str) -> tuple[Word, ...]:
        """Return a word and the wider ones above it, the family first."""
        word = self.words[slug]
        return (*(self.path(word.above) if word.above else ()), word)

    def families_near(self, *, pleasant: int | None, energy: int | None) -> tuple[Word, ...]:
        """Return the families, those first that lie where somebody feels they are.

        Parameters
        ----------
        pleasant : int or None
            -1, 0 or 1; None if they could not say.
        energy : int or None
            -1, 0 or 1; None if they could not say.

        Returns
        -------
        tuple of Word
            All families; nothing is left out.
        """
        return tuple(
            sorted(
                self.nearer(),
                key=lambda word: _apart(pleasant, word.pleasant) + _apart(energy, word.energy),
            )
        )


def _apart(said: int | None, lies: int) -> int:
    return 0 if said is None else abs(said * FARTHEST - lies)


@cache
def vocabulary() -> Vocabulary:
    """Return the list that comes with the program, checked.

    Returns
    -------
    Vocabulary
        Words, places and needs.

    Raises
    ------
    ContentError
        If the file is not of its form.

    Examples
    --------
    >>> [word.name for word in vocabulary().path("tense")]
    ['Afraid', 'Worried', 'Tense']
    """
    return read_vocabulary(content_toml(FILE))


def read_vocabulary(found: Mapping[str, Any]) -> Vocabulary:
    """Understand a parsed list of words for feelings, or refuse it.

    Parameters
    ----------
    found : mapping
        ``feelings.toml`` as parsed.

    Returns
    -------
    Vocabulary
        The list in the order of the file.

    Raises
    ------
    ContentError
        Naming the word and what is wrong with it.
    """
    check_keys(found, name=FILE, required=_KEYS)
    words: dict[str, Word] = {}
    for word in _words(found):
        if word.slug in words:
            raise ContentError(f"{FILE}: {word.name!r} stands there twice. Use another word.")
        words[word.slug] = word
    return Vocabulary(found["version"], words, found["needs"], found["places"])


_KEYS: dict[str, type] = {
    "version": str,
    "source": str,
    "verified": bool,
    "needs": dict,
    "places": dict,
    "families": list,
}
_FAMILY: dict[str, type] = {
    "slug": str,
    "name": str,
    "pleasant": int,
    "energy": int,
    "needs": list,
    "nearer": dict,
}


def _words(found: Mapping[str, Any]) -> Iterator[Word]:
    for family in found["families"]:
        name = f"{FILE}, {family.get('slug', 'a family without a slug')}"
        check_keys(family, name=name, required=_FAMILY)
        needs = check_words(family["needs"], what=f"{name}: needs")
        strange = [need for need in needs if need not in found["needs"]]
        outside = not {family["pleasant"], family["energy"]} <= set(
            range(-FARTHEST, FARTHEST + 1)
        )
        if strange or outside:
            raise ContentError(
                f"{name}: needs {list(needs)}, pleasant {family['pleasant']}, energy "
                f"{family['energy']}; needs are named under [needs], the others are -2 to 2."
            )
        yield from _family(family, needs)


def _family(family: Mapping[str, Any], needs: tuple[str, ...]) -> Iterator[Word]:
    def word(name: str, level: int, above: str, slug: str = "") -> Word:
        at = (family["pleasant"], family["energy"])
        return Word(slug or _slug(name), name, level, above, *at, needs)

    yield word(family["name"], 1, "", family["slug"])
    for second, thirds in family["nearer"].items():
        name = second.replace("-", " ")
        yield word(name, 2, family["slug"])
        yield from (word(third, 3, _slug(name)) for third in thirds)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")
