"""Crisis help as pages show it: the same people and numbers wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from securebase.clinic.care.queries import the_practice
from securebase.science.crisis import (
    CrisisContact,
    contacts_in,
    countries_known,
    crisis_page,
    notice,
)


@dataclass(frozen=True, slots=True)
class CrisisHelp:
    """Whom to reach in one country, how old that knowledge is, and what we are not."""

    country: str
    contacts: tuple[CrisisContact, ...]
    notice: str
    foot: str


def crisis_help(country: str, *, on: date) -> CrisisHelp:
    """Return the people to reach in a country, with an honest word on their age."""
    contacts = contacts_in(country)
    return CrisisHelp(country, contacts, notice(contacts, on=on), crisis_page().foot)


def help_here(*, at: datetime) -> CrisisHelp:
    """Return the people to reach where the practice is."""
    practice = the_practice()
    country = practice.country if practice else settings.SECUREBASE_COUNTRY
    return crisis_help(country, on=at.date())


def crisis_help_elsewhere(country: str, *, on: date) -> list[CrisisHelp]:
    """Return the same for every other country that has numbers of its own."""
    return [crisis_help(code, on=on) for code in sorted(countries_known() - {country})]
