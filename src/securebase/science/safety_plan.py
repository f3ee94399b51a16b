"""The parts of a safety plan, and numbers in its lines that can be dialled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.crisis import Way, crisis_page
from securebase.science.errors import ContentError

FILE = "safety_plan.toml"
FEWEST_DIGITS, MOST_DIGITS = 6, 15
"""Digits of a telephone number, up to the longest of E.164. Shorter ones, such as 999, are
dialled only if the directory of crisis lines knows them: 500 mg is no number to call."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"(?<![\w.,:/-])\+?\d(?:[ \-()]{0,2}\d){2,17}(?![\w:/-])")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is for, how it asks, and an example that shows the form."""

    slug: str
    name: str
    asks: str
    example: str


@dataclass(frozen=True, slots=True)
class PlanForm:
    """All parts in order, and when a plan is looked at again."""

    version: str
    about: str
    review_months: int
    parts: tuple[Part, ...]


@cache
def plan_form() -> PlanForm:
    """Return the form that comes with the program, checked.

    Returns
    -------
    PlanForm
        Six parts and an optional last one.

    Raises
    ------
    ContentError
        If the file is not of its form.

    Examples
    --------
    >>> [part.slug for part in plan_form().parts][:3]
    ['signs', 'myself', 'elsewhere']
    """
    return read_plan_form(content_toml(FILE))


def read_plan_form(found: Mapping[str, Any]) -> PlanForm:
    """Understand the parsed form of a plan, or refuse it.

    Parameters
    ----------
    found : mapping
        ``safety_plan.toml`` as parsed.

    Returns
    -------
    PlanForm
        The parts in the order of the file.

    Raises
    ------
    ContentError
        Naming the part and what is wrong with it.
    """
    check_keys(found, name=FILE, required=_KEYS)
    parts = tuple(_part(entry) for entry in found["parts"])
    slugs = [part.slug for part in parts]
    if len(set(slugs)) != len(slugs):
        raise ContentError(f"{FILE}: a slug stands there twice in {slugs}. Use each once.")
    return PlanForm(found["version"], found["about"], found["review_months"], parts)


def number_in(line: str) -> str:
    """Return the number in a line as a telephone dials it; empty if there is none.

    Parameters
    ----------
    line : str
        One line of a plan, as somebody wrote it.

    Returns
    -------
    str
        Digits, with a plus before them if it was written.

    Examples
    --------
    >>> number_in("Mara, evenings: 020 7946 0123")
    '02079460123'
    >>> number_in("Call after 18:00")
    ''
    """
    for found in _NUMBER.finditer(_DAY.sub("", line)):
        digits = re.sub(r"\D", "", found[0])
        if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or digits in _short_numbers():
            return f"+{digits}" if found[0].startswith("+") else digits
    return ""


@cache
def _short_numbers() -> frozenset[str]:
    """Return the digits of every line that the directory knows, in any country."""
    dialled = (c for c in crisis_page().contacts if c.way is not Way.WEB)
    return frozenset(contact.number.replace(" ", "") for contact in dialled)


_KEYS: dict[str, type] = {
    "version": str,
    "reviewed_on": date,
    "review_again_by": date,
    "review_months": int,
    "source": str,
    "verified": bool,
    "about": str,
    "parts": list,
}


def _part(entry: Mapping[str, Any]) -> Part:
    name = f"{FILE}, {entry.get('slug', 'a part without a slug')}"
    check_keys(entry, name=name, required=dict.fromkeys(_PART, str))
    return Part(**{key: entry[key] for key in _PART})


_PART = ("slug", "name", "asks", "example")
