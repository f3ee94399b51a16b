"""Strategies: the ways of working a clinician may be offered, one card each."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from securebase.science.cards import (
    check_keys,
    check_minutes,
    check_one_of,
    check_words,
    entries,
    prose,
    read_folder,
)
from securebase.science.errors import ContentError, UnknownName
from securebase.science.literature import sources
from securebase.science.words import Kind, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from securebase.science.cards import Card

AREAS = {
    "safety-and-trust": "T",
    "regulation": "R",
    "attachment": "P",
    "connection-and-repair": "C",
    "support-outside": "X",
}
"""The five areas and the letter their codes begin with."""

GRADES = frozenset("ABCD")
"""A trials, B observation or laboratory, C consensus or duty, D opinion."""

HEADINGS = (
    "In short",
    "Steps",
    "Words to try",
    "May suit",
    "Take care",
    "How sure anyone is",
)

_CALL = re.compile(rf"S[0-7]|(?:{'|'.join(Kind)})(?:\.[A-Za-z0-9_-]+)?")
_KEYS: dict[str, type] = {
    "code": str,
    "title": str,
    "area": str,
    "evidence": str,
    "calls": list,
    "sources": list,
    "minutes": int,
    "reviewed_on": date,
    "version": str,
}


def strategies() -> tuple[Strategy, ...]:
    """Return every card, by area as in ``AREAS`` and within it by number.

    Raises
    ------
    ContentError
        If any card is not of its form, or two cards share a code.
    """
    return tuple(_by_slug().values())


def strategy(slug: str) -> Strategy:
    """Return one card.

    Parameters
    ----------
    slug : str
        The file's name without its ending, for instance ``repair-log``.

    Returns
    -------
    Strategy
        The card.

    Raises
    ------
    UnknownName
        If there is no such card.

    Examples
    --------
    >>> strategy("repair-log").code
    'C9'
    """
    try:
        return _by_slug()[slug]
    except KeyError:
        raise UnknownName(
            f"No strategy card is called {slug!r}. The cards are the files of "
            "content/strategies; look there for the name."
        ) from None


def by_code() -> dict[str, Strategy]:
    """Return every card by its short code, for instance ``C9``."""
    return {card.code: card for card in strategies()}


def read_strategy(card: Card) -> Strategy:
    """Understand one card as a strategy, or refuse it.

    Parameters
    ----------
    card : Card
        The file, taken apart under ``HEADINGS``.

    Returns
    -------
    Strategy
        The card, ready to be shown.

    Raises
    ------
    ContentError
        Naming the file and what in it is not allowed.
    """
    front, name = card.front, card.name
    check_keys(front, name=name, required=_KEYS)
    area = check_one_of(front["area"], AREAS, what=f"{name}: area")
    code = front["code"]
    if not re.fullmatch(rf"{AREAS[area]}[1-9]\d?", code):
        raise card.refuse(f"code is {code!r}; in {area} it must be {AREAS[area]}1 to 99.")
    return Strategy(
        slug=card.slug,
        code=code,
        area=area,
        title=front["title"],
        summary=prose(card.sections["In short"]),
        steps=entries(card, "Steps", least=3, most=6),
        words=entries(card, "Words to try", least=2, most=4),
        suits=_suits(card),
        caution=prose(card.sections["Take care"]),
        evidence=check_one_of(front["evidence"], GRADES, what=f"{name}: evidence"),
        evidence_text=prose(card.sections["How sure anyone is"]),
        calls=_calls(card),
        sources=sources(check_words(front["sources"], what=f"{name}: sources"), name=name),
        reviewed_on=front["reviewed_on"],
        minutes=check_minutes(card, most=60),
        version=front["version"],
    )


@cache
def _by_slug() -> dict[str, Strategy]:
    found = [read_strategy(card) for card in read_folder("strategies", headings=HEADINGS)]
    _check_codes(found)
    found.sort(key=lambda s: (list(AREAS).index(s.area), int(s.code[1:])))
    return {card.slug: card for card in found}


def _check_codes(found: Iterable[Strategy]) -> None:
    twice = [code for code, n in Counter(s.code for s in found).items() if n > 1]
    if twice:
        raise ContentError(
            f"strategies: {', '.join(twice)} is the code of more than one card. Give "
            "each card its own."
        )


def _suits(card: Card) -> tuple[str, ...]:
    found = entries(card, "May suit", least=1, most=4)
    bold = [line for line in found if not line.startswith("May suit ")]
    if bold:
        raise card.refuse(
            f"{bold[0]!r} must begin with 'May suit': fit to a pattern is a guess."
        )
    return found


def _calls(card: Card) -> tuple[str, ...]:
    calls = check_words(card.front["calls"], what=f"{card.name}: calls")
    strange = [call for call in calls if not _CALL.fullmatch(call)]
    if strange or not calls:
        raise card.refuse(
            f"calls is {list(calls)}; it must name kinds of signal ({', '.join(Kind)}), "
            "rules of a kind (RUP.R1) or nodes of the support tree (S0 to S7)."
        )
    return calls
