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

SOUNDS = ("tone", "rain")
"""Soft sounds a device can make by itself: one that follows the breath, one that goes on."""
SIDES = ("", "left", "right")
ORIENTING = "look-around"
"""What is offered first when an exercise makes things worse: back to the room."""


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
class Cue:
    """One thing to do for some seconds, for exercises that are led through."""

    say: str
    seconds: int
    size: int = 0
    """How large the shape grows meanwhile, in percent; 0 leaves it as it is."""
    side: str = ""
    """One of ``SIDES``: where the shape moves to."""


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
    cues: tuple[Cue, ...] = ()
    rounds: int = 1
    """How often the cues are gone through."""
    sound: str = ""
    """One of ``SOUNDS`` that may be switched on, or none."""
    careful: bool = False
    """Whether the caution is read first and others are offered before it."""

    @property
    def worse(self) -> str:
        """Slug of what to do at once when this one made things worse."""
        return self.instead if self.slug == ORIENTING else ORIENTING


def exercises(need: str | None = None) -> tuple[Exercise, ...]:
    """Return the exercises, all or those for one need.

    Parameters
    ----------
    need : str, optional
        A key of ``NEEDS``; then those come first that fit it best.

    Returns
    -------
    tuple of Exercise
        In order of name; or those that ask for no special care first, then by fit, and
        the shorter before the longer.

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
    fitting = (one for one in every if need in one.needs)
    return tuple(
        sorted(fitting, key=lambda one: (one.careful, one.needs.index(need), one.minutes))
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
    check_keys(front, name=name, required=_KEYS, optional=_MAY_HAVE)
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
        cues=_cues(card),
        rounds=front.get("rounds", 1),
        sound=check_one_of(front.get("sound", ""), ("", *SOUNDS), what=f"{name}: sound"),
        careful=front.get("careful", False),
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
_MAY_HAVE: dict[str, type] = {
    "paces": list,
    "cues": list,
    "rounds": int,
    "sound": str,
    "careful": bool,
}
_CUE: dict[str, type] = {"say": str, "seconds": int}
_CUE_MAY_HAVE: dict[str, type] = {"size": int, "side": str}


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


def _cues(card: Card) -> tuple[Cue, ...]:
    """Return the cues, if all rounds together fit into the minutes that are said."""
    cues = tuple(_cue(card, entry) for entry in card.front.get("cues", []))
    rounds = card.front.get("rounds", 1)
    seconds = rounds * sum(cue.seconds for cue in cues)
    if seconds > 60 * card.front["minutes"]:
        raise card.refuse(
            f"{rounds} rounds of cues take {seconds} s, longer than the "
            f"{card.front['minutes']} minutes it says. Say more minutes or take fewer rounds."
        )
    return cues


def _cue(card: Card, entry: Any) -> Cue:
    name = f"{card.name}, cues"
    check_keys(entry, name=name, required=_CUE, optional=_CUE_MAY_HAVE)
    side = check_one_of(entry.get("side", ""), SIDES, what=f"{name}: side")
    cue = Cue(entry["say"], entry["seconds"], entry.get("size", 0), side)
    if not (cue.say and cue.seconds > 0 and 0 <= cue.size <= 100):  # noqa: PLR2004
        raise card.refuse(
            f"the cue {cue.say!r} takes {cue.seconds} s at size {cue.size}; it must say "
            "something, take at least 1 s, and have a size from 0 to 100."
        )
    return cue
