"""What the sharing pages and the texts people agree to say.

As plain as every page of the patient: short words, short sentences, no pressure. What is
agreed to can be understood by whoever agrees. A text that was agreed to never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import propose_partner, withdraw
from securebase.clinic.consent.words import Text, offered
from securebase.people.access.words import Category
from securebase.science.errors import BadInput
from tests import factories as make
from tests.clinic.sharing import a_partner, shares
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences

if TYPE_CHECKING:
    from django.test import Client

SHOWN_AS_THEY_SEE_IT = re.compile(r"<div data-preview>.*?</section>", re.S)
"""The preview quotes the partner's page, which is written for professionals."""
DIGESTS = {
    "general 2026-11.1": "42015aebe6d70816fd041423612e74f9257b5106181823ae266354512dd38819",
    "support 2026-11.1": "091a12d511b62156b85bd2d3e8837cd8b3d019995d46f067962e25314886c83c",
    "sud 2026-11.1": "7a117f2b1c9202cc1d0d548848e068800e8437a0dcd49e3a9f28e89257e466d4",
}
"""A change to a text that somebody agreed to is a new version, with a line here."""
PAGES = ["overview", "begin", "substance", "look", "one", "propose", "history", "empty"]


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


def opened(name: str, client: Client) -> str:
    """Return one page as it is sent to the browser."""
    make.a_practice()
    sam = make.a_patient(of=make.a_clinician())
    client.force_login(make.the_account(sam))
    if name == "empty":
        return client.get(reverse("me_sharing")).content.decode()
    lee = a_partner(sam)
    consent = shares(sam, lee, Category.SCHEDULE, Category.PLAN)
    if name == "look":
        choice = {
            "person": lee.pk,
            "kinds": ["sched", "measure"],
            "purpose": "treatment",
            "until": "2027-01-31",
        }
        return client.post(reverse("me_sharing_begin"), choice).content.decode()
    _fill(sam)
    address = {
        "overview": reverse("me_sharing"),
        "begin": reverse("me_sharing_begin"),
        "substance": reverse("me_sharing_begin_sud"),
        "one": reverse("me_sharing_one", args=[consent.pk]),
        "propose": reverse("me_sharing_propose"),
        "history": reverse("me_sharing_history"),
    }[name]
    return client.get(address).content.decode()


def _fill(sam: Patient) -> None:
    """Let there be somebody who waits, somebody who sees nothing, and a line of each kind."""
    kit = a_partner(sam, name="Kit Vale")
    by = make.the_account(sam)
    withdraw(consent=shares(sam, kit, Category.SUBSTANCE), by=by, at=make.NOW)
    propose_partner(
        patient=sam, name="Ada Moss", email="a@example.org", profession="nurse", by=by,
        at=make.NOW + timedelta(seconds=1),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_easily_and_presses_nobody(client: Client, name: str) -> None:
    html = opened(name, client)
    said = words(SHOWN_AS_THEY_SEE_IT.sub("", html))

    assert grade(said) <= 6
    assert [" ".join(s) for s in sentences(said) if len(s) > 20] == []
    assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []
    assert html.count("<h1") == 1
    assert "<title>What I share</title>" in re.sub(r">\s+|\s+<", lambda m: m[0].strip(), html)


@pytest.mark.parametrize("text", offered().texts, ids=lambda text: text.title)
def test_what_is_agreed_to_can_be_understood(text: Text) -> None:
    assert grade(text.wording) <= 6
    assert [one for one in sentences(text.wording) if len(one) > 20] == []


def test_a_text_that_was_agreed_to_never_changes() -> None:
    kept = {f"{text.kind} {text.version}": text.digest for text in offered().texts}

    assert kept == DIGESTS


def test_a_text_that_is_missing_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="put it back"):
        offered().text("general", "1999-01.1")


def test_what_can_be_shared_leaves_out_what_never_is() -> None:
    never = {Category.PROCESS, Category.AUDIT, Category.COURSE, Category.IDENTITY}

    assert never.isdisjoint(offered().kinds)
    assert Category.SUBSTANCE not in offered().general
