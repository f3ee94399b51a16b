"""Every page a patient can read, light and plain.

At most 70 KB over the line, at most 20 KB of it script; at most grade 6, exercises and
help at most grade 5; no sentence over twenty words; nothing that starts by itself.
``pytest tests/pages/test_every_patient_page.py`` leaves the figures of all pages in
``tests/.output/patient-pages.md``; the copy in ``docs/reference`` was made from it.
"""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.chromium import PICTURES
from tests.matrix.world import a_world
from tests.pages.patient_pages import Page, pages

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PLAINEST = ("/help-now", "/me/steady/<slug:slug>/")
FORMS_OF_OTHERS = re.compile(r"/me/check-in/<uuid:pk>/(<int:number>|review)/")
"""Pages that hold the words of an instrument, which are asked as they were published."""
MOVES = re.compile(r"<(?:audio|video)\b[^>]*\bautoplay|<marquee|<blink|http-equiv=.refresh")


@pytest.fixture(scope="module")
def shown(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Page]:
    """Return all pages, asked for once for all the tests here."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(make.NOW, tick=False),
        transaction.atomic(),
    ):
        world, client = a_world(), Client()
        sam = world.people["sam"]
        assert sam is not None
        client.force_login(sam)
        found = list(pages(client, world))
        transaction.set_rollback(True)
    write(found)
    return found


def write(found: list[Page]) -> None:
    """Leave the figures for people to read."""
    rows = [
        f"| `{p.address}` | {p.weight / 1000:.1f} | {p.script / 1000:.1f} | {p.grade:.1f} "
        f"| {len(p.longest)} |"
        for p in found
    ]
    head = (
        "| address | page, KB | script, KB | grade | longest sentence |\n|---|---|---|---|---|"
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "patient-pages.md").write_text("\n".join([head, *rows]) + "\n", "utf-8")


def test_all_doors_of_the_first_page_are_among_them(shown: list[Page]) -> None:
    [home] = [page for page in shown if page.address == "/me/"]
    doors = set(re.findall(r'href="(/me/[a-z-]+/)"', home.html))

    assert len(doors) > 10
    assert doors <= {page.address for page in shown}


def test_a_page_weighs_at_most_70_kilobytes(shown: list[Page]) -> None:
    assert [(p.address, p.weight) for p in shown if p.weight > 70_000] == []


def test_its_scripts_weigh_at_most_20(shown: list[Page]) -> None:
    assert [(p.address, p.script) for p in shown if p.script > 20_000] == []


def test_it_is_read_with_ease_by_somebody_of_twelve(shown: list[Page]) -> None:
    ours = [page for page in shown if not FORMS_OF_OTHERS.search(page.address)]

    assert [(p.address, round(p.grade, 1)) for p in ours if p.grade > 6] == []


def test_help_and_exercises_are_plainer_still(shown: list[Page]) -> None:
    most = [page for page in shown if page.address in PLAINEST]

    assert len(most) == len(PLAINEST)
    assert [(p.address, round(p.grade, 1)) for p in most if p.grade > 5] == []


def test_no_sentence_has_more_than_twenty_words(shown: list[Page]) -> None:
    ours = [page for page in shown if not FORMS_OF_OTHERS.search(page.address)]

    assert [(p.address, " ".join(p.longest)) for p in ours if len(p.longest) > 20] == []


def test_nothing_starts_by_itself(shown: list[Page]) -> None:
    assert [p.address for p in shown if MOVES.search(p.html)] == []
