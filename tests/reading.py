"""How hard a text is to read: the Flesch-Kincaid grade, used as a smoke alarm only."""

from __future__ import annotations

import re


def sentences(text: str) -> list[list[str]]:
    """Return the sentences of a text, each as its words."""
    parts = (re.findall(r"[A-Za-z'-]+", part) for part in re.split(r"(?<=[.?!:])\s+", text))
    return [part for part in parts if part]


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least one."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = bool(re.search(r"[^aeiouyl]e$|[^aeioutd]ed$", word.lower()))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the US school grade at which a text is read with ease.

    Source: Kincaid et al. 1975: 0.39 words per sentence + 11.8 syllables per word - 15.59.
    """
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(found) + 11.8 * per_word - 15.59
