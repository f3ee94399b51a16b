"""Exercises: what a patient can do alone, now, in a few minutes, and when to stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from securebase.science.cards import (
    Card,
    check_keys,
    check_minutes,
    check_one_of,
    check_words,
    entries,
    prose,
    read_folder,
)
from securebase.science.errors import UnknownName
from securebase.science.literature import sources
from securebase.science.strategies import GRADES
from securebase.science.words import Source

HEADINGS = ("In short", "Steps", "Stop if", "Take care", "How sure anyone is")

NEEDS = {
    "too-much": "It is too much",
    "too-far-away": "I am too far away",
    "cannot-sleep": "I can't sleep",
    "alone": "I feel alone",
}
"""What a patient may say brings them here, in the order of the page."""

MOST_MINUTES = 10
SHORTEST_BREATH, LONGEST_BREATH = 8, 12
"""Seconds of one breath in and out: five to seven and a half breaths a minute."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One breath in and out, in seconds; nothing is held."""

    inhale: int
    exhale: int

    @property
    def per_minute(self) -> float:
        """Breaths per minute."""
        return 60 / (self.inhale + self.exhale)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise as a patient reads it, with what it rests on."""

    slug: str
    title: str
    needs: tuple[str, ...]
    """Keys of ``NEEDS``, best fit first."""
    summary: str
    steps: tuple[str, ...]
    stop_if: tuple[str, ...]
    caution: str
    evidence: str
    """A, B, C or D, as for strategies."""
    evidence_text: str
    sources: tuple[Source, ...]
    instead: str
    """Slug of the exercise to offer when this one makes things worse."""
    minutes: int
    reviewed_on: date
    version: str
    paces: tuple[Pace, ...] = ()
    """Breathing only: the first is the one to begin with, the others may be chosen."""


def exercises(need: str | None = None) -> tuple[Exercise, ...]:
    """Return the exercises, all or those for one need.

    Parameters
    ----------
    need : str, optional
        A key of ``NEEDS``; then those come first that fit it best.

    Returns
    -------
    tuple of Exercise
        In order of name, or of fit.

    Raises
    ------
    UnknownName
        If there is no such need.

    Examples
    --------
    >>> exercises("too-far-away")[0].slug
    'look-around'
    """
    every = tuple(_by_slug().values())
    if need is None:
        return every
    if need not in NEEDS:
        raise UnknownName(f"No need is called {need!r}; use one of {', '.join(NEEDS)}.")
    return tuple(
        sorted((e for e in every if need in e.needs), key=lambda e: e.needs.index(need))
    )


def exercise(slug: str) -> Exercise:
    """Return one exercise.

    Parameters
    ----------
    slug : str
        The file's name without its ending, for instance ``slow-breathing``.

    Returns
    -------
    Exercise
        The exercise.

    Raises
    ------
    UnknownName
        If there is none of that name.
    """
    try:
        return _by_slug()[slug]
    except KeyError:
        raise UnknownName(
            f"No exercise is called {slug!r}. There are {', '.join(_by_slug())}."
        ) from None


def read_exercise(card: Card) -> Exercise:
    """Understand one card as an exercise, or refuse it.

    Parameters
    ----------
    card : Card
        The file, taken apart under ``HEADINGS``.

    Returns
    -------
    Exercise
        The exercise, ready to be shown.

    Raises
    ------
    ContentError
        Naming the file and what in it is not allowed.
    """
    front, name = card.front, card.name
    check_keys(front, name=name, required=_KEYS, optional={"paces": list})
    return Exercise(
        slug=card.slug,
        title=front["title"],
        needs=_needs(card),
        summary=prose(card.sections["In short"]),
        steps=entries(card, "Steps", least=3, most=8),
        stop_if=entries(card, "Stop if", least=1, most=4),
        caution=prose(card.sections["Take care"]),
        evidence=check_one_of(front["evidence"], GRADES, what=f"{name}: evidence"),
        evidence_text=prose(card.sections["How sure anyone is"]),
        sources=sources(check_words(front["sources"], what=f"{name}: sources"), name=name),
        instead=front["instead"],
        minutes=check_minutes(card, most=MOST_MINUTES),
        reviewed_on=front["reviewed_on"],
        version=front["version"],
        paces=tuple(_pace(card, entry) for entry in front.get("paces", [])),
    )


_KEYS: dict[str, type] = {
    "title": str,
    "needs": list,
    "evidence": str,
    "sources": list,
    "instead": str,
    "minutes": int,
    "reviewed_on": date,
    "version": str,
}


@cache
def _by_slug() -> Mapping[str, Exercise]:
    cards = read_folder("exercises", headings=HEADINGS)
    found = {card.slug: read_exercise(card) for card in cards}
    for card in cards:
        instead = found[card.slug].instead
        if instead not in found or instead == card.slug:
            raise card.refuse(
                f"instead is {instead!r}; it must be another exercise: {', '.join(found)}."
            )
    return found


def _needs(card: Card) -> tuple[str, ...]:
    needs = check_words(card.front["needs"], what=f"{card.name}: needs")
    if not needs or set(needs) - NEEDS.keys():
        raise card.refuse(
            f"needs is {list(needs)}; it must name one or more of {', '.join(NEEDS)}."
        )
    return needs


def _pace(card: Card, entry: Any) -> Pace:
    check_keys(entry, name=f"{card.name}, paces", required={"inhale": int, "exhale": int})
    pace = Pace(inhale=entry["inhale"], exhale=entry["exhale"])
    whole = pace.inhale + pace.exhale
    if pace.exhale < pace.inhale or not SHORTEST_BREATH <= whole <= LONGEST_BREATH:
        raise card.refuse(
            f"a breath of {pace.inhale} s in and {pace.exhale} s out is not allowed: out "
            f"at least as long as in, {SHORTEST_BREATH} to {LONGEST_BREATH} s in all."
        )
    return pace
