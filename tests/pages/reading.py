"""How hard a text is to read: the Flesch-Kincaid grade, with syllables by hyphenation."""

from __future__ import annotations

import re

from pyphen import Pyphen  # type: ignore[import-untyped]

HYPHENATION = Pyphen(lang="en_US")


def sentences(text: str) -> list[list[str]]:
    """Return the sentences of a text, each as its words."""
    parts = (re.findall(r"[\w':]+", part) for part in re.split(r"(?<=[.?!:])\s+", text))
    return [part for part in parts if part]


def grade(text: str) -> float:
    """Return the school year that reads a text easily (Kincaid et al. 1975)."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    syllables = sum(len(HYPHENATION.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / len(found) + 11.8 * syllables / len(words) - 15.59
