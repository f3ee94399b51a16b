"""An attack by words.

Somebody writes scripts wherever anything can be written: names, answers, notes, reasons,
doubts, the name of the practice. Then everybody opens every page that is theirs, on the
screen and as it would be printed, and a hand moves over all of it. Nothing runs, nothing
breaks the content security policy, no other host is asked for anything, and no title or
address of a page repeats a word; a title may name the practice.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

from securebase.clinic.care.models import Patient, Practice
from tests import factories as make
from tests.faults.payloads import PAYLOADS, bundles
from tests.faults.written import answered_in_words, write_everywhere
from tests.matrix.cells import addresses
from tests.matrix.test_matrix import EXPECTED
from tests.matrix.world import SAM, World, a_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

BUNDLES = bundles(6 if os.environ.get("ATTACK") == "long" else 1)
"""All at once is quick; six bundles leave each payload fewer others to hide behind."""
VISITORS = (
    "nobody",
    "sam",
    "of record",
    "covering",
    "emergency",
    "supervisor",
    "partner",
    "host",
)
LOOKS = """own => {
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    for (const name of ["mouseover", "mouseenter", "focusin", "toggle", "load"])
      one.dispatchEvent(new Event(name, {bubbles: name === "mouseover"}));
    for (const {name, value} of one.attributes) {
      if (/^on|^(data-)?hx-on|^srcdoc$|^formaction$/i.test(name))
        found.push(`${one.tagName} ${name}`);
      const words = /^(title|data-title|aria-label|value|alt|placeholder|content)$/;
      if (/pwn/.test(value) && !words.test(name)) found.push(`${one.tagName} ${name}`);
    }
    const data = one.type === "application/json";
    if (one.tagName === "SCRIPT" && !data && !one.src.startsWith(location.origin))
      found.push("SCRIPT");
    if (/^(IFRAME|OBJECT|EMBED|BASE|MARQUEE|MATH|PLAINTEXT)$/i.test(one.tagName))
      found.push(one.tagName);
  }
  if (window.__pwn !== undefined) found.push(`ran ${window.__pwn}`);
  if (/pwn/.test(location.href) || (/pwn/.test(document.title) && document.title !== own))
    found.push(`title ${document.title.slice(0, 60)}`);
  return found;
}"""
"""What of a page ran or could run, after a hand has moved over all of it."""
SHOWS = "() => document.documentElement.textContent.includes('pwn')"


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=True):
        yield


def pages_of(who: str, world: World) -> list[str]:
    """Return every address that is shown to somebody, as people have read in the matrix."""
    table = {one.path: one for one in addresses()}
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["verb"] == "GET"]
    own = [row for row in rows if row["whose"] in ("", SAM) and row[who] == "shown"]
    return [table[row["address"]].filled(SAM, world) for row in own if row["address"] in table]


def answered(patient: Patient, words: str) -> dict[str, list[str]]:
    """Let check-ins be answered in words; return their pages for those who may see them."""
    sent, waiting = answered_in_words(patient, words, at=timezone.now())
    mine = [f"/me/check-in/{waiting.pk}/{place}/" for place in ("1", "review")]
    return {"sam": mine, "of record": [f"/desk/check-ins/{sent.pk}/"], "nobody": ["/nowhere/"]}


def faults(page: Page) -> list[str]:
    """Return what ran or could run on the page as it stands, on screen and in print."""
    own = " ".join(Practice.objects.values_list("name", flat=True)[0].split())
    found = list(page.evaluate(LOOKS, own))
    page.emulate_media(media="print")
    found += page.evaluate(LOOKS, own)
    page.emulate_media(media="screen")
    return found


def visit(one: Visitor, paths: list[str]) -> tuple[dict[str, list[str]], int]:
    """Open pages; return what was found wrong, and how many showed a payload as words."""
    wrong: dict[str, list[str]] = {}
    shown = 0
    for path in paths:
        page = one.go(path)
        shown += bool(page.evaluate(SHOWS))
        if found := faults(page):
            wrong[path] = found
    return wrong, shown


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("words", BUNDLES, ids=lambda words: f"{words.count('pwn')} at once")
def test_nothing_that_anybody_wrote_runs_for_anybody(
    visitor: Callable[..., Visitor], words: str
) -> None:
    world = a_world()
    patient = Patient.objects.get(pk=str(world.ids[SAM]["care.Patient"]))
    more = answered(patient, words)
    filled = write_everywhere(words)

    met = {
        who: visit(visitor(world.people[who]), pages_of(who, world) + more.get(who, []))
        for who in VISITORS
    }

    assert {who: wrong for who, (wrong, _) in met.items() if wrong} == {}
    assert {who for who, (_, shown) in met.items() if shown} == set(VISITORS)
    assert len(filled) >= 12


def test_the_looking_finds_what_a_page_would_run(chromium: Browser) -> None:
    page = chromium.new_page()
    would_run = [one for one in PAYLOADS if "<img" in one.lower() and one[0] not in "&+%"]
    missed = []
    for words in would_run:
        page.set_content(f"<title>x</title><p>{words}</p>")
        if not page.evaluate(LOOKS, ""):
            missed.append(words)
    page.close()

    assert missed == []
    assert len(would_run) > 5


def test_there_are_more_than_sixty_ways_and_no_two_are_alike() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 60
    assert sum(bundle.count("pwn") for bundle in BUNDLES) >= len(PAYLOADS)
