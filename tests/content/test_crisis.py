"""Crisis contacts.

Numbers are shown in the words of a tired person, and the page says when nobody has
tried them lately.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from securebase.content import content_file
from securebase.science.crisis import (
    CrisisContact,
    Way,
    contacts_in,
    countries_known,
    crisis_page,
    is_stale,
    months_after,
    notice,
    read_crisis,
)
from securebase.science.errors import ContentError
from tests.reading import grade, sentences

FOUND = tomllib.loads(content_file("crisis.toml").read_text(encoding="utf-8"))
COUNTRIES = tomllib.loads(content_file("countries.toml").read_text(encoding="utf-8"))[
    "countries"
]
TODAY = date(2026, 11, 23)


def tried(on: date | None) -> CrisisContact:
    """Return the first contact as if somebody had tried it on that day."""
    entry = {**FOUND["contacts"][0], "verified": on is not None}
    if on is not None:
        entry["verified_on"] = on
    return read_crisis({**FOUND, "contacts": [entry]}).contacts[0]


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        # where   whom one can reach, emergency services first
        ("GB", ["999", "116 123", "111", "85258", "findahelpline.com"]),
        ("IE", ["112", "116 123", "findahelpline.com"]),
        ("US", ["911", "988", "988", "findahelpline.com"]),
        ("AU", ["000", "13 11 14", "findahelpline.com"]),
        ("NZ", ["111", "1737", "findahelpline.com"]),
        ("DE", ["112", "findahelpline.com"]),
        ("BR", ["findahelpline.com"]),  # we know nobody there: the directory
    ],
)
def test_each_country_has_its_own_people(country: str, numbers: list[str]) -> None:
    assert [contact.number for contact in contacts_in(country)] == numbers


def test_the_countries_named_exist() -> None:
    assert countries_known() <= set(COUNTRIES)
    assert {"GB", "IE", "US", "CA", "AU", "NZ", "DE"} <= countries_known()


@pytest.mark.parametrize(
    ("verified_on", "on", "stale"),
    [
        # tried on             shown on             must be checked
        (None, TODAY, True),
        (TODAY, TODAY, False),
        (TODAY, date(2027, 5, 22), False),
        (TODAY, date(2027, 5, 23), True),  # six months to the day
        (date(2026, 8, 31), date(2027, 2, 27), False),
        (date(2026, 8, 31), date(2027, 2, 28), True),  # no 31st of February
    ],
)
def test_a_number_nobody_tried_for_six_months_must_be_checked(
    verified_on: date | None, on: date, stale: bool
) -> None:
    assert is_stale(tried(verified_on), on=on) is stale


def test_what_was_never_tried_claims_no_day() -> None:
    untried = [c for c in crisis_page().contacts if not c.verified]

    assert all(c.verified_on is None and c.expires_on is None for c in untried)


def test_the_page_asks_to_check_if_one_number_is_stale_and_is_silent_if_none_is() -> None:
    assert notice([tried(TODAY), tried(None)], on=TODAY) == crisis_page().check_notice
    assert notice([tried(TODAY)], on=TODAY) == ""


def test_the_foot_says_that_nobody_watches() -> None:
    assert "not watched day and night" in crisis_page().foot


@pytest.mark.parametrize(
    ("way", "number", "href"),
    [
        (Way.EMERGENCY, "999", "tel:999"),
        (Way.CALL, "116 123", "tel:116123"),
        (Way.TEXT, "85258", "sms:85258"),
        (Way.WEB, "findahelpline.com", "https://findahelpline.com"),
    ],
)
def test_each_contact_is_one_tap_away(way: Way, number: str, href: str) -> None:
    entry = {**FOUND["contacts"][0], "way": way.value, "number": number}

    assert read_crisis({**FOUND, "contacts": [entry]}).contacts[0].href == href


def test_the_words_are_easy_and_calm() -> None:
    page = crisis_page()
    texts = [page.check_notice, page.foot, *(c.note for c in page.contacts)]

    assert grade(" ".join(texts)) <= 5
    assert all(len(s) <= 20 for text in texts for s in sentences(text))
    assert not re.search(r"!|\brisk\b|\bmust\b", " ".join(texts))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        # what is wrong                             refused because
        (lambda c: c.pop("number"), "missing keys: number"),
        (lambda c: c.update(way="pigeon"), "way is 'pigeon'"),
        (lambda c: c.update(countries=["gb"]), "use codes of two capital letters"),
        (lambda c: c.update(countries=[]), "use codes of two capital letters"),
        (lambda c: c.update(verified=True), "Give the day on which somebody tried it"),
        (lambda c: c.update(verified_on=TODAY), "Give the day on which somebody tried it"),
    ],
)
def test_an_entry_that_is_not_honest_or_not_whole_is_refused(
    change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    found = copy.deepcopy(FOUND)
    change(found["contacts"][0])

    with pytest.raises(ContentError, match=re.escape(reason)):
        read_crisis(found)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 23), 6, date(2027, 5, 23)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
