"""German pages: nothing of ours stays English on them.

Every page that a patient or a visitor reads is asked for in both languages. What stands
the same on both was written by a person or is a name.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.matrix.world import a_world
from tests.pages.patient_pages import ASIDE, BREAK, Page, pages

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HANDED = re.compile(r'(?:aria-label|placeholder|alt|title|data-say[\w-]*)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
WRITTEN = ("Sea", "A title", "Some words", "Sleep", "securebase@localhost")
"""What the people of the invented world wrote."""
NAMES = (
    "English Deutsch", "Deutsch", "Willow House", "Malta", "Portugal", "Robin Ash",
    "Samaritans", "Shout", "Find A Helpline", "NHS 111, then option 2",
    "Depression (PHQ-9)", "Alliance",
)  # fmt: skip
"""Names of places, people, lines and measures."""
SAME_IN_BOTH = ("Passkey", "Passphrase")
"""German words that are English ones."""
A_COLLEAGUE = re.compile(r"Dr [A-Z][a-z]+ [A-Z][a-z]+(?:, psychiatrist)?")


@pytest.fixture(scope="module")
def both(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, tuple[set[str], set[str]]]:
    """Return what each page says, by its address, in English and in German."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(make.NOW, tick=False),
        transaction.atomic(),
    ):
        world = a_world()
        english: dict[str, set[str]] = {}
        german: dict[str, set[str]] = {}
        for language, told in (("en", english), ("de", german)):
            client = Client()
            sam = world.people["sam"]
            assert sam is not None
            client.force_login(sam)
            client.cookies["language"] = language
            told |= {page.address: said(page) for page in pages(client, world)}
        transaction.set_rollback(True)
    return {address: (english[address], german.get(address, set())) for address in english}


def said(page: Page) -> set[str]:
    """Return everything a page says, to eyes and to ears."""
    body = page.html[page.html.index("<body") :]
    told = [re.sub(r"<[^>]+>", " ", one) for one in BREAK.split(ASIDE.sub(" ", body))]
    told += HANDED.findall(body)
    return {" ".join(unescape(one).split()) for one in told if WORD.search(one)}


def test_every_page_is_there_in_german(both: dict[str, tuple[set[str], set[str]]]) -> None:
    assert [address for address, (_, german) in both.items() if not german] == []


def test_nothing_of_ours_stays_english(both: dict[str, tuple[set[str], set[str]]]) -> None:
    known = {*WRITTEN, *NAMES, *SAME_IN_BOTH}
    left = {
        f"{address}: {one}"
        for address, (english, german) in both.items()
        for one in english & german
        if one not in known and not A_COLLEAGUE.fullmatch(one)
    }

    assert left == set()
