"""People to reach in a crisis, by country, and whether anybody has tried them lately.

A number that does not answer at two in the morning does harm, so an entry says when a
person last tried it; one that nobody has tried says so on the page.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys, check_one_of, check_words
from securebase.science.errors import ContentError

FILE = "crisis.toml"
EVERYWHERE = "*"
"""Stands for every country in ``countries``."""


class Way(StrEnum):
    """How somebody is reached; emergency services come first on the page."""

    EMERGENCY = "emergency"
    CALL = "call"
    TEXT = "text"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """One way to reach people, in words a patient reads."""

    name: str
    way: Way
    number: str
    """As people write it: ``116 123``; for the web an address without its scheme."""
    note: str
    countries: tuple[str, ...]
    source: str
    verified: bool
    verified_on: date | None = None
    expires_on: date | None = None
    """The first day on which trying it again is due; None where nobody has tried it."""

    @property
    def href(self) -> str:
        """The address of a link that does what ``way`` says."""
        if self.way is Way.WEB:
            return f"https://{self.number}"
        digits = self.number.replace(" ", "")
        return f"sms:{digits}" if self.way is Way.TEXT else f"tel:{digits}"


@dataclass(frozen=True, slots=True)
class CrisisPage:
    """All contacts and the two sentences that go with them."""

    version: str
    valid_months: int
    check_notice: str
    foot: str
    contacts: tuple[CrisisContact, ...]


@cache
def crisis_page() -> CrisisPage:
    """Return the contacts that come with the program, checked.

    Raises
    ------
    ContentError
        If the file is not of its form, or an entry claims a check without its day.
    """
    return read_crisis(content_toml(FILE))


def read_crisis(found: Mapping[str, Any]) -> CrisisPage:
    """Understand a parsed list of crisis contacts, or refuse it.

    Parameters
    ----------
    found : mapping
        ``crisis.toml`` as parsed.

    Returns
    -------
    CrisisPage
        The contacts in the order of the file, each with the day it falls due.

    Raises
    ------
    ContentError
        Naming the entry and what is wrong with it.
    """
    check_keys(found, name=FILE, required=_KEYS)
    months = found["valid_months"]
    return CrisisPage(
        version=found["version"],
        valid_months=months,
        check_notice=found["check_notice"],
        foot=found["foot"],
        contacts=tuple(_contact(entry, months=months) for entry in found["contacts"]),
    )


def contacts_in(country: str) -> tuple[CrisisContact, ...]:
    """Return whom a patient in one country can reach, emergency services first.

    Parameters
    ----------
    country : str
        ISO 3166-1 code, two letters, for instance ``GB``. A country we know nothing
        about gets the directories that cover many.

    Returns
    -------
    tuple of CrisisContact
        Never empty.

    Examples
    --------
    >>> [contact.number for contact in contacts_in("GB")][:2]
    ['999', '116 123']
    """
    here = [c for c in crisis_page().contacts if {country, EVERYWHERE} & set(c.countries)]
    order = list(Way)
    return tuple(sorted(here, key=lambda contact: order.index(contact.way)))


def countries_known() -> frozenset[str]:
    """Return the countries that have contacts of their own."""
    named = {code for contact in crisis_page().contacts for code in contact.countries}
    return frozenset(named - {EVERYWHERE})


def is_stale(contact: CrisisContact, *, on: date) -> bool:
    """Whether nobody has tried a contact, or not since it fell due.

    Parameters
    ----------
    contact : CrisisContact
        One entry.
    on : date
        The day on which the page is shown.

    Returns
    -------
    bool
        True if the page must ask its reader to check the number.
    """
    return contact.expires_on is None or on >= contact.expires_on


def notice(contacts: Sequence[CrisisContact], *, on: date) -> str:
    """Return what the page says about the age of its numbers; empty if all are fresh."""
    stale = any(is_stale(contact, on=on) for contact in contacts)
    return crisis_page().check_notice if stale else ""


def months_after(day: date, months: int) -> date:
    """Return the same day of the month some months later, or that month's last day.

    Examples
    --------
    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


_KEYS: dict[str, type] = {
    "version": str,
    "valid_months": int,
    "check_notice": str,
    "foot": str,
    "contacts": list,
}
_CONTACT_KEYS: dict[str, type] = {
    "countries": list,
    "name": str,
    "way": str,
    "number": str,
    "note": str,
    "source": str,
    "verified": bool,
}


def _contact(entry: Mapping[str, Any], *, months: int) -> CrisisContact:
    name = f"{FILE}, {entry.get('name', 'a contact without a name')}"
    check_keys(entry, name=name, required=_CONTACT_KEYS, optional={"verified_on": date})
    verified_on = entry.get("verified_on")
    if entry["verified"] != (verified_on is not None):
        raise ContentError(
            f"{name}: verified is {entry['verified']} and verified_on is {verified_on}. "
            "Give the day on which somebody tried it, or set verified = false without one."
        )
    return CrisisContact(
        name=entry["name"],
        way=Way(check_one_of(entry["way"], list(Way), what=f"{name}: way")),
        number=entry["number"],
        note=entry["note"],
        countries=_countries(entry["countries"], name=name),
        source=entry["source"],
        verified=entry["verified"],
        verified_on=verified_on,
        expires_on=months_after(verified_on, months) if verified_on else None,
    )


def _countries(found: object, *, name: str) -> tuple[str, ...]:
    codes: Collection[str] = check_words(found, what=f"{name}: countries")
    strange = [c for c in codes if c != EVERYWHERE and not re.fullmatch("[A-Z]{2}", c)]
    if strange or not codes:
        raise ContentError(
            f"{name}: countries is {list(codes)}; use codes of two capital letters such as "
            f"GB, or {EVERYWHERE} for all."
        )
    return tuple(codes)
