"""The terms of one consent, and the rules no consent may break. Pure: no database."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from securebase.clinic.consent.words import SUPPORT, offered
from securebase.people.access.words import Category


@dataclass(frozen=True, slots=True)
class Terms:
    """What is shared, for what, from when until when, and which text was shown."""

    categories: frozenset[Category]
    purpose: str
    since: datetime
    until: datetime
    text_version: str


def check_terms(terms: Terms, *, at: datetime) -> None:
    """Raise unless a person may agree to these terms at that moment."""
    _check_categories(terms.categories, terms.purpose)
    _check_purpose(terms.purpose)
    _check_span(terms, at=at)
    text = offered().text_for(terms.categories, terms.purpose)
    if terms.text_version != text.version:
        raise ValidationError(
            f"The text shown was version {terms.text_version}, now it is {text.version}. "
            "Show the new text and ask again."
        )


def in_words(categories: Iterable[Category]) -> str:
    """Return kinds as the ledger keeps them: their slugs in order, with spaces between."""
    return " ".join(sorted(category.value for category in categories))


def latest_end(at: datetime) -> datetime:
    """Return the latest moment at which a consent given now may end."""
    months = at.month - 1 + offered().longest_months
    year, month = at.year + months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def _check_categories(categories: frozenset[Category], purpose: str) -> None:
    if not categories:
        raise ValidationError("No kind of content is chosen. Choose at least one.")
    if Category.SUBSTANCE in categories and len(categories) > 1:
        raise ValidationError(
            "Alcohol and drugs stand alone: they need their own consent, with its own text."
        )
    known = offered().kinds_for(purpose)
    never = categories - frozenset(known)
    if never:
        raise ValidationError(
            f"{in_words(never)} cannot be shared by consent. What can: {in_words(known)}."
        )


def _check_purpose(purpose: str) -> None:
    if purpose != SUPPORT and purpose not in offered().purposes:
        raise ValidationError(
            f"The purpose is {purpose!r}. Choose one of: {', '.join(offered().purposes)}."
        )


def _check_span(terms: Terms, *, at: datetime) -> None:
    if terms.since < at:
        raise ValidationError("Sharing cannot begin in the past. Let it begin now or later.")
    if terms.until <= terms.since:
        raise ValidationError("Sharing would end before it begins. Choose a later day.")
    if terms.until > latest_end(at):
        raise ValidationError(
            f"Sharing lasts {offered().longest_months} months at most. Choose a day "
            f"up to {latest_end(at):%-d %B %Y}; it can be agreed again then."
        )
